package org.fapipack.protocol;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.fapipack.clientauth.ClientAuthenticationExecutorFactory;
import org.fapipack.clientmetadata.ClientMetadataExecutorFactory;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.introspection.SignedIntrospectionExecutorFactory;
import org.fapipack.jarm.JarmExecutorFactory;
import org.fapipack.par.PushedAuthorizationExecutorFactory;
import org.fapipack.requestobject.RequestObjectExecutorFactory;
import org.fapipack.senderconstraint.SenderConstraintExecutorFactory;
import org.keycloak.crypto.KeyUse;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.representations.MTLSEndpointAliases;
import org.keycloak.protocol.oidc.representations.OIDCConfigurationRepresentation;
import org.keycloak.services.clientpolicy.executor.RejectImplicitGrantExecutorFactory;
import org.keycloak.services.clientpolicy.executor.RejectResourceOwnerPasswordCredentialsGrantExecutorFactory;
import org.keycloak.wellknown.WellKnownProvider;

/**
 * The stock metadata, made true for the clients under the realm's policies: each executor that an enabled policy lists narrows the members it
 * rules over to what it allows, and to what the realm has keys for. Without such an executor a member stays as stock has it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414.html#section-2">RFC 8414 section 2</a>
 */
final class FapiMetadataProvider implements WellKnownProvider {

    private static final String RSA1_5 = "RSA1_5";

    private final KeycloakSession session;
    private final WellKnownProvider stock;

    FapiMetadataProvider(KeycloakSession session, WellKnownProvider stock) {
        this.session = session;
        this.stock = stock;
    }

    @Override
    public Object getConfig() {
        Object metadata = stock.getConfig();
        if (metadata instanceof OIDCConfigurationRepresentation configuration) {
            RealmPolicies policies =
                    RealmPolicies.of(session, session.getContext().getRealm());
            authorizationRequests(policies, configuration);
            authorizationResponses(policies, configuration);
            clientAuthentication(policies, configuration);
            senderConstraint(policies, configuration);
            tokens(policies, configuration);
            introspection(policies, configuration);
        }
        return metadata;
    }

    private static void authorizationRequests(RealmPolicies policies, OIDCConfigurationRepresentation metadata) {
        if (policies.mention(PushedAuthorizationExecutorFactory.ID)) {
            metadata.setRequirePushedAuthorizationRequests(
                    PushedAuthorizationExecutorFactory.isPushingRequired(policies));
            metadata.setCodeChallengeMethodsSupported(List.of("S256"));
            metadata.setRequestUriParameterSupported(false); // by reference to the client's own server: refused
            metadata.setRequireRequestUriRegistration(null);
        }
        Set<String> algorithms = RequestObjectExecutorFactory.algorithmsInUse(policies);
        if (!algorithms.isEmpty()) {
            metadata.getOtherClaims().put("require_signed_request_object", true);
            metadata.setRequestObjectSigningAlgValuesSupported(preferredFirst(algorithms));
            metadata.setRequestObjectEncryptionAlgValuesSupported(
                    without(metadata.getRequestObjectEncryptionAlgValuesSupported(), RSA1_5));
        }
        if (policies.mention(RejectImplicitGrantExecutorFactory.PROVIDER_ID)) {
            metadata.setResponseTypesSupported(List.of("code"));
            metadata.setGrantTypesSupported(without(metadata.getGrantTypesSupported(), "implicit"));
        }
        if (policies.mention(RejectResourceOwnerPasswordCredentialsGrantExecutorFactory.PROVIDER_ID)) {
            metadata.setGrantTypesSupported(without(metadata.getGrantTypesSupported(), "password"));
        }
    }

    private void authorizationResponses(RealmPolicies policies, OIDCConfigurationRepresentation metadata) {
        Set<String> algorithms = JarmExecutorFactory.algorithmsInUse(policies);
        if (!algorithms.isEmpty()) {
            Set<String> modes = JarmExecutorFactory.responseModesInUse(policies);
            metadata.setResponseModesSupported(metadata.getResponseModesSupported().stream()
                    .filter(modes::contains)
                    .toList());
            metadata.setResponseTypesSupported(JarmExecutorFactory.responseTypesInUse(policies));
            metadata.setAuthorizationSigningAlgValuesSupported(withKeys(algorithms));
            metadata.setAuthorizationEncryptionAlgValuesSupported(
                    without(metadata.getAuthorizationEncryptionAlgValuesSupported(), RSA1_5));
        }
    }

    private static void clientAuthentication(RealmPolicies policies, OIDCConfigurationRepresentation metadata) {
        Set<String> methods = ClientAuthenticationExecutorFactory.methodsInUse(policies);
        if (methods.isEmpty()) {
            return;
        }
        metadata.getOtherClaims()
                .put("backchannel_user_code_parameter_supported", false); // CIBA section 4; Keycloak has none
        List<String> allowed = methods.stream().sorted().toList();
        List<String> algorithms = preferredFirst(ClientAuthenticationExecutorFactory.algorithmsInUse(policies));
        List<Consumer<List<String>>> methodMembers = List.of(
                metadata::setTokenEndpointAuthMethodsSupported,
                metadata::setIntrospectionEndpointAuthMethodsSupported,
                metadata::setRevocationEndpointAuthMethodsSupported);
        methodMembers.forEach(member -> member.accept(allowed));
        List<Consumer<List<String>>> algorithmMembers = List.of(
                metadata::setTokenEndpointAuthSigningAlgValuesSupported,
                metadata::setIntrospectionEndpointAuthSigningAlgValuesSupported,
                metadata::setRevocationEndpointAuthSigningAlgValuesSupported);
        algorithmMembers.forEach(member -> member.accept(algorithms));
    }

    private static void senderConstraint(RealmPolicies policies, OIDCConfigurationRepresentation metadata) {
        Set<String> methods = SenderConstraintExecutorFactory.methodsInUse(policies);
        if (methods.isEmpty()) {
            return;
        }
        boolean dpop = methods.contains(SenderConstraintExecutorFactory.DPOP);
        metadata.setDpopSigningAlgValuesSupported(
                dpop ? preferredFirst(SenderConstraintExecutorFactory.algorithmsInUse(policies)) : null);
        metadata.setTlsClientCertificateBoundAccessTokens(methods.contains(SenderConstraintExecutorFactory.MUTUAL_TLS));
        SenderConstraintExecutorFactory.mutualTlsHostInUse(policies)
                .ifPresent(host -> moveTo(host, metadata.getMtlsEndpointAliases()));
    }

    /** RFC 8705 section 5. */
    private static void moveTo(String host, MTLSEndpointAliases aliases) {
        aliases.setTokenEndpoint(onHost(host, aliases.getTokenEndpoint()));
        aliases.setRevocationEndpoint(onHost(host, aliases.getRevocationEndpoint()));
        aliases.setIntrospectionEndpoint(onHost(host, aliases.getIntrospectionEndpoint()));
        aliases.setDeviceAuthorizationEndpoint(onHost(host, aliases.getDeviceAuthorizationEndpoint()));
        aliases.setRegistrationEndpoint(onHost(host, aliases.getRegistrationEndpoint()));
        aliases.setUserInfoEndpoint(onHost(host, aliases.getUserInfoEndpoint()));
        aliases.setBackchannelAuthenticationEndpoint(onHost(host, aliases.getBackchannelAuthenticationEndpoint()));
        aliases.setPushedAuthorizationRequestEndpoint(onHost(host, aliases.getPushedAuthorizationRequestEndpoint()));
    }

    private static String onHost(String host, String endpoint) {
        if (endpoint == null) {
            return null;
        }
        URI uri = URI.create(endpoint);
        return uri.getScheme() + "://" + host + uri.getRawPath();
    }

    private void tokens(RealmPolicies policies, OIDCConfigurationRepresentation metadata) {
        Set<String> algorithms = ClientMetadataExecutorFactory.algorithmsInUse(policies);
        if (!algorithms.isEmpty()) {
            metadata.setIdTokenSigningAlgValuesSupported(withKeys(algorithms));
            metadata.setUserInfoSigningAlgValuesSupported(withKeys(algorithms));
            metadata.setBackchannelAuthenticationRequestSigningAlgValuesSupported(preferredFirst(algorithms));
            metadata.setIdTokenEncryptionAlgValuesSupported(
                    without(metadata.getIdTokenEncryptionAlgValuesSupported(), RSA1_5));
            metadata.setUserInfoEncryptionAlgValuesSupported(
                    without(metadata.getUserInfoEncryptionAlgValuesSupported(), RSA1_5));
        }
    }

    /** RFC 9701 section 7. */
    private void introspection(RealmPolicies policies, OIDCConfigurationRepresentation metadata) {
        List<String> usable = withKeys(SignedIntrospectionExecutorFactory.algorithmsInUse(policies));
        if (!usable.isEmpty()) {
            Map<String, Object> members = metadata.getOtherClaims();
            // An operator's own openid-configuration-override goes before.
            members.putIfAbsent("introspection_signing_alg_values_supported", usable);
            members.putIfAbsent("introspection_encryption_alg_values_supported", FapiAlgorithms.KEY_MANAGEMENT);
            members.putIfAbsent("introspection_encryption_enc_values_supported", FapiAlgorithms.CONTENT_ENCRYPTION);
        }
    }

    /** Those of the algorithms that the realm has an active key for. */
    private List<String> withKeys(Set<String> algorithms) {
        RealmModel realm = session.getContext().getRealm();
        Set<String> available = session.keys()
                .getKeysStream(realm)
                .filter(key ->
                        KeyUse.SIG.equals(key.getUse()) && key.getStatus().isActive())
                .map(key -> key.getAlgorithmOrDefault())
                .filter(algorithms::contains)
                .collect(Collectors.toSet());
        return preferredFirst(available);
    }

    private static List<String> preferredFirst(Set<String> algorithms) {
        return algorithms.stream()
                .sorted(Comparator.comparingInt(FapiAlgorithms.SIGNATURE::indexOf))
                .toList();
    }

    private static List<String> without(List<String> values, String value) {
        return Optional.ofNullable(values).stream()
                .flatMap(List::stream)
                .filter(known -> !known.equals(value))
                .toList();
    }

    @Override
    public void close() {
        stock.close();
    }
}
