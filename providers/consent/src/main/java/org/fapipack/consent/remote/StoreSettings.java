package org.fapipack.consent.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.fapipack.consent.ConsentSource.TokenCheck;
import org.fapipack.executor.Rules;

/**
 * Where the consents of a client are kept or judged, and how that place is called. Two policies that say different things about one client
 * leave it without a store: nothing is allowed then.
 *
 * @param keptHere whether consents are kept here, and the store judges new ones
 * @param url of the store, without a slash at its end; empty where there is none
 * @param audience of calls
 * @param customerAttribute of users, by which the store knows them
 * @param noticeIssuer who signs notices; empty where none are taken
 * @param noticeKeys a JWK set
 */
record StoreSettings(
        boolean keptHere,
        Optional<URI> url,
        String audience,
        boolean clientCertificate,
        boolean privateAddresses,
        Duration connectTimeout,
        Duration timeout,
        int maxAnswerBytes,
        int failuresToPause,
        Duration pause,
        String customerAttribute,
        TokenCheck tokenCheck,
        String noticeIssuer,
        JsonNode noticeKeys)
        implements Rules<StoreSettings> {

    @Override
    public StoreSettings and(StoreSettings other) {
        return equals(other)
                ? this
                : new StoreSettings(
                        keptHere && other.keptHere,
                        Optional.empty(),
                        audience,
                        clientCertificate,
                        privateAddresses,
                        connectTimeout,
                        timeout,
                        maxAnswerBytes,
                        failuresToPause,
                        pause,
                        customerAttribute,
                        tokenCheck,
                        "",
                        noticeKeys);
    }
}
