package org.fapipack.consent;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A row of {@code FAPI_CONSENT_ACCOUNT}: an account that the customer chose. Never changed. */
@Entity(name = "FapiConsentAccount")
@Table(name = "FAPI_CONSENT_ACCOUNT")
@IdClass(ConsentAccountEntity.Key.class)
class ConsentAccountEntity {

    /** Both columns. */
    record Key(String consentId, String accountId) implements Serializable {}

    @Id
    @Column(name = "CONSENT_ID", length = 128)
    String consentId;

    @Id
    @Column(name = "ACCOUNT_ID", length = 128)
    String accountId;

    /** For Hibernate. */
    protected ConsentAccountEntity() {}

    ConsentAccountEntity(String consentId, String accountId) {
        this.consentId = consentId;
        this.accountId = accountId;
    }
}
