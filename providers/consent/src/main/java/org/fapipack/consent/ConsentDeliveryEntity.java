package org.fapipack.consent;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@code FAPI_CONSENT_DELIVERY}: a consent that ended here, and whose source has not been told. */
@Entity(name = "FapiConsentDelivery")
@Table(name = "FAPI_CONSENT_DELIVERY")
class ConsentDeliveryEntity {

    @Id
    @Column(name = "CONSENT_ID", length = 128)
    String consentId;

    @Column(name = "REALM_ID", length = 36)
    String realmId;

    /** By what name the source knows this server. */
    @Column(name = "CALLER", length = 2000)
    String caller;

    @Column(name = "ACTOR", length = 16)
    String actor;

    @Column(name = "ACTOR_ID")
    String actorId;

    @Column(name = "CREATED_AT")
    long createdAt;

    /** When it is tried next; null when it is not tried any more. */
    @Column(name = "NEXT_AT")
    Long nextAt;

    @Column(name = "ATTEMPTS")
    int attempts;

    /** Why the last attempt failed. */
    @Column(name = "REASON", length = 100)
    String reason;

    /** For Hibernate. */
    protected ConsentDeliveryEntity() {}

    ConsentDeliveryEntity(ConsentEntity consent, String caller, String actorId, String reason, long nextAt) {
        this.consentId = consent.id;
        this.realmId = consent.realmId;
        this.caller = caller;
        this.actor = consent.updatedBy;
        this.actorId = actorId;
        this.createdAt = consent.updatedAt;
        this.nextAt = nextAt;
        this.reason = reason;
    }
}
