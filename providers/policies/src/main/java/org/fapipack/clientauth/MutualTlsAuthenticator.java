package org.fapipack.clientauth;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;
import org.keycloak.models.ClientModel;
import org.keycloak.services.x509.X509ClientCertificateLookup;

/**
 * Replaces the stock authenticator {@code client-x509}: {@code tls_client_auth} and {@code self_signed_tls_client_auth} by the rules of
 * {@link ClientAuthenticationExecutor}. The client attribute {@value #METHOD} says which of the two a client registered.
 */
public final class MutualTlsAuthenticator extends X509ClientAuthenticator {

    private static final Logger LOG = Logger.getLogger(MutualTlsAuthenticator.class);

    private static final String METHOD = "fapi.tls.client.auth.method";

    @Override
    public void authenticateClient(ClientAuthenticationFlowContext context) {
        String clientId = StrictClientAuthentication.form(context).getFirst(OAuth2Constants.CLIENT_ID);
        Optional<StrictClientAuthentication> named = StrictClientAuthentication.ofNamedClient(context, clientId)
                .filter(attempt -> attempt.isDecidedBy(PROVIDER_ID));
        if (named.isPresent()) {
            context.attempted();
            authenticate(context, named.get());
        } else {
            super.authenticateClient(context);
            // Stock also finds a client in the query, in Basic credentials or in an assertion.
            StrictClientAuthentication.ofKnownClient(context)
                    .filter(overlooked -> overlooked.isDecidedBy(PROVIDER_ID))
                    .ifPresent(overlooked -> overlooked.refuse(
                            "client_id_missing", "client_id must come with the form of a request by mutual TLS"));
        }
    }

    private static void authenticate(ClientAuthenticationFlowContext context, StrictClientAuthentication attempt) {
        ClientModel client = attempt.client();
        if (!client.isEnabled()) {
            attempt.refuse("client_disabled", "the client is disabled");
            return;
        }
        Optional<ClientAuthenticationMethod> method = method(client);
        if (method.isEmpty()) {
            attempt.refuse(
                    "method_unknown", "the client must have registered tls_client_auth or self_signed_tls_client_auth");
            return;
        }
        X509Certificate[] chain = certificates(context);
        if (chain.length == 0 && attempt.rules().allow(method.get())) {
            attempt.refuse("certificate_missing", "the client must authenticate with its certificate");
            return;
        }
        if (attempt.refusesMethod(method.get())) {
            return;
        }
        Optional<ClientCertificateDefect> defect = new ClientCertificateVerifier(
                        context.getSession(), context.getRealm(), client)
                .firstDefect(chain, method.get());
        if (defect.isPresent()) {
            attempt.refuse(defect.get().reason(), defect.get().description());
            return;
        }
        context.getEvent().client(client.getClientId());
        context.setClient(client);
        context.success();
    }

    /** The method by mutual TLS that the client registered; empty for a word that means neither. */
    private static Optional<ClientAuthenticationMethod> method(ClientModel client) {
        String registered = client.getAttribute(METHOD);
        if (registered == null
                || registered.isBlank()
                || registered.equals(ClientAuthenticationMethod.TLS_CLIENT_AUTH.registeredName())) {
            return Optional.of(ClientAuthenticationMethod.TLS_CLIENT_AUTH);
        }
        return registered.equals(ClientAuthenticationMethod.SELF_SIGNED_TLS_CLIENT_AUTH.registeredName())
                ? Optional.of(ClientAuthenticationMethod.SELF_SIGNED_TLS_CLIENT_AUTH)
                : Optional.empty();
    }

    /** The certificates of the connection, or those that a proxy says it saw; none where there are none that can be read. */
    private static X509Certificate[] certificates(ClientAuthenticationFlowContext context) {
        X509ClientCertificateLookup lookup = context.getSession().getProvider(X509ClientCertificateLookup.class);
        X509Certificate[] chain = null;
        try {
            chain = lookup == null ? null : lookup.getCertificateChain(context.getHttpRequest());
        } catch (GeneralSecurityException | RuntimeException unreadable) {
            LOG.warnf(unreadable, "A client certificate cannot be read");
        }
        return chain == null ? new X509Certificate[0] : chain;
    }

    /** Above the stock authenticator of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
