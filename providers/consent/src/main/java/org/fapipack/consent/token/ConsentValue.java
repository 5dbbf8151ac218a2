package org.fapipack.consent.token;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.consent.StoredConsent;
import org.keycloak.models.ClientSessionContext;

/** What a claim can say of a consent. */
enum ConsentValue {
    ID {
        @Override
        Optional<Object> of(StoredConsent consent, ClientSessionContext context) {
            return Optional.of(consent.id());
        }
    },
    /** A NumericDate (RFC 7519 section 2). */
    END {
        @Override
        Optional<Object> of(StoredConsent consent, ClientSessionContext context) {
            return consent.view().end().map(Instant::getEpochSecond);
        }
    },
    PERMISSIONS {
        @Override
        Optional<Object> of(StoredConsent consent, ClientSessionContext context) {
            return Optional.of(consent.permissions());
        }
    },
    /** Those that the customer chose. */
    ACCOUNTS {
        @Override
        Optional<Object> of(StoredConsent consent, ClientSessionContext context) {
            return Optional.of(consent.accounts().stream().sorted().toList());
        }
    },
    /** A NumericDate; there is none where the refresh token does not expire, or the client gets none. */
    REFRESH_TOKEN_END {
        @Override
        Optional<Object> of(StoredConsent consent, ClientSessionContext context) {
            return RefreshTokenLife.end(consent, context).map(Instant::getEpochSecond);
        }
    };

    /** The value, empty where there is none to tell. */
    abstract Optional<Object> of(StoredConsent consent, ClientSessionContext context);

    /** The name in the settings, for example {@code refresh-token-end}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> keys() {
        return Stream.of(values()).map(ConsentValue::key).toList();
    }

    static Optional<ConsentValue> of(String key) {
        return Stream.of(values()).filter(value -> value.key().equals(key)).findFirst();
    }
}
