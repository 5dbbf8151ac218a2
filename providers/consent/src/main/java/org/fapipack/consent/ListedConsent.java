package org.fapipack.consent;

import java.util.Optional;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentView;

/**
 * A consent in a list, without what is costly to know.
 *
 * @param type empty where no policy describes it for the client any more
 * @param clientId internal id of the client that lodged it
 * @param customerId of the user who decided on it; empty before
 */
public record ListedConsent(
        Optional<ConsentType> type, String typeName, ConsentView view, String clientId, Optional<String> customerId) {}
