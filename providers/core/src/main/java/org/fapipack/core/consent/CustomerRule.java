package org.fapipack.core.consent;

/**
 * Who may decide on a consent: where its {@code member} says something, an attribute of the customer has to say the same.
 *
 * @param member inside of the data of the consent
 * @param userAttribute name of an attribute of the user
 */
public record CustomerRule(MemberPath member, String userAttribute) {}
