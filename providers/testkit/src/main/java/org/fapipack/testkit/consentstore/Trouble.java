package org.fapipack.testkit.consentstore;

/** What a store can do instead of answering. */
public enum Trouble {
    /** Nothing: it answers. */
    NONE,
    /** Says nothing for {@value ConsentStoreServer#SLOW_SECONDS} seconds. */
    SILENT,
    /** One byte after the other, each in time, all together never. */
    DRIPPING,
    /** Closes the connection before the answer. */
    CUT,
    /** Does what it is told, then closes the connection. */
    CUT_WHEN_DONE,
    /** Announces more than it sends. */
    CUT_IN_BODY,
    ERROR_500,
    ERROR_503,
    TOO_MANY_REQUESTS,
    UNAUTHORIZED,
    /** Leads to the right answer, at another address of its own. */
    REDIRECT,
    /** 200 and HTML. */
    HTML,
    /** 200, JSON by its type, but cut in the middle. */
    BROKEN_JSON,
    /** The right consent, with a member twice. */
    MEMBER_TWICE,
    /** The right consent, with a member more. */
    MEMBER_MORE,
    /** The right consent with white space to one byte more than {@value ConsentStoreServer#LARGE}. */
    TOO_LARGE,
    /** The same with {@value ConsentStoreServer#LARGE} bytes. */
    JUST_LARGE_ENOUGH,
    /** Without end, and without a length. */
    ENDLESS,
    /** A header that goes on for ever. */
    HUGE_HEADER,
    /** Another consent. */
    OTHER_ID,
    /** The consent, said to be another client's. */
    OTHER_CLIENT,
    /** A state that is no state. */
    UNKNOWN_STATE,
    /** A type that is no type. */
    UNKNOWN_TYPE,
    /** A permission that the type does not have. */
    UNKNOWN_PERMISSION,
    /** Agrees, but to other accounts. */
    OTHER_ACCOUNTS,
    /** Answers a change with 200 and the consent as it was. */
    NOTHING_DONE,
    /** Compressed, though nobody asked for that. */
    COMPRESSED
}
