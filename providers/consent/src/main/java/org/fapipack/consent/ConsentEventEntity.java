package org.fapipack.consent;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code FAPI_CONSENT_EVENT}: one change of a consent. Never changed. */
@Entity(name = "FapiConsentEvent")
@Table(name = "FAPI_CONSENT_EVENT")
class ConsentEventEntity {

    @Id
    @Column(name = "ID", length = 36)
    String id;

    @Column(name = "CONSENT_ID", length = 128)
    String consentId;

    /** Of the consent after the change. */
    @Column(name = "VERSION")
    int version;

    @Column(name = "HAPPENED_AT")
    long happenedAt;

    @Column(name = "ACTOR", length = 16)
    String actor;

    /** Internal id of the client or user; null when it was time. */
    @Column(name = "ACTOR_ID")
    String actorId;

    /** Null when the consent was lodged. */
    @Column(name = "FROM_STATE", length = 24)
    String fromState;

    @Column(name = "TO_STATE", length = 24)
    String toState;

    @Column(name = "REASON", length = 100)
    String reason;

    /** What staff wrote about it; for staff only. */
    @Column(name = "NOTE", length = 500)
    String comment;

    /** What the client reads of it, where the consent came to last longer; JSON in the ecosystem's words. */
    @Column(name = "EXTENSION", columnDefinition = "TEXT")
    String extension;

    /** When it would have ended otherwise; null where it would not have, and for all other changes. */
    @Column(name = "PREVIOUS_END")
    Long previousEnd;

    /** For Hibernate. */
    protected ConsentEventEntity() {}
}
