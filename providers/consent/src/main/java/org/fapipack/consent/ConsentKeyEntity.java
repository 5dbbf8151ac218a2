package org.fapipack.consent;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code FAPI_CONSENT_KEY}: what a client lodged under an idempotency key. Never changed. */
@Entity(name = "FapiConsentKey")
@Table(name = "FAPI_CONSENT_KEY")
class ConsentKeyEntity {

    /** A hash of client, type and key, so that there is one row for them, whoever comes first. */
    @Id
    @Column(name = "ID", length = 43)
    String id;

    @Column(name = "CONSENT_ID", length = 128)
    String consentId;

    @Column(name = "BODY_HASH", length = 43)
    String bodyHash;

    @Column(name = "CREATED_AT")
    long createdAt;

    /** For Hibernate. */
    protected ConsentKeyEntity() {}

    ConsentKeyEntity(String id, String consentId, String bodyHash, long createdAt) {
        this.id = id;
        this.consentId = consentId;
        this.bodyHash = bodyHash;
        this.createdAt = createdAt;
    }
}
