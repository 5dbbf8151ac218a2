package org.fapipack.consent;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentView;

/** A row of {@code FAPI_CONSENT}. After it is written, only {@link ConsentStore} changes it, with statements that compare the version. */
@Entity(name = "FapiConsent")
@Table(name = "FAPI_CONSENT")
class ConsentEntity {

    @Id
    @Column(name = "ID", length = 128)
    String id;

    @Column(name = "REALM_ID", length = 36)
    String realmId;

    @Column(name = "CLIENT_ID", length = 36)
    String clientId;

    @Column(name = "CUSTOMER_ID")
    String customerId;

    @Column(name = "TYPE", length = 40)
    String type;

    @Column(name = "STATE", length = 24)
    String state;

    @Column(name = "REASON", length = 100)
    String reason;

    @Column(name = "UPDATED_BY", length = 16)
    String updatedBy;

    @Column(name = "CREATED_AT")
    long createdAt;

    @Column(name = "UPDATED_AT")
    long updatedAt;

    @Column(name = "ENDS_AT")
    Long endsAt;

    @Column(name = "BODY", columnDefinition = "TEXT")
    String body;

    @Column(name = "VERSION")
    int version;

    /** How often it came into force; what was on hold only, or agreed to again, did not. */
    @Column(name = "GRANT_NUMBER")
    int grantNumber;

    /** When a customer agreed last; null where nobody did since there is the column. */
    @Column(name = "AGREED_AT")
    Long agreedAt;

    /** What its source calls this version; null where the consent is kept here. */
    @Column(name = "SOURCE_VERSION", length = 64)
    String sourceVersion;

    /** For Hibernate. */
    protected ConsentEntity() {}

    ConsentState state() {
        return ConsentState.of(state).orElseThrow();
    }

    Instant created() {
        return Instant.ofEpochSecond(createdAt);
    }

    Optional<Instant> end() {
        return Optional.ofNullable(endsAt).map(Instant::ofEpochSecond);
    }

    /** When a customer agreed last. */
    Instant agreed() {
        return Instant.ofEpochSecond(agreedAt == null ? updatedAt : agreedAt);
    }

    /** A new life begins, in which tokens of an earlier one are worth nothing. */
    static boolean isGrant(ConsentState from, ConsentState to) {
        return to == ConsentState.AUTHORISED && from != ConsentState.AUTHORISED && from != ConsentState.SUSPENDED;
    }

    ConsentView view() {
        return new ConsentView(
                id,
                state(),
                Optional.ofNullable(reason),
                ConsentActor.of(updatedBy).orElseThrow(),
                created(),
                Instant.ofEpochSecond(updatedAt),
                end(),
                body);
    }
}
