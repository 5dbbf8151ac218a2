package org.fapipack.clientmetadata.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fapipack.clientmetadata.registration.KnownMetadata.Kept;
import org.keycloak.OAuth2Constants;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.representations.oidc.OIDCClientRepresentation;
import org.keycloak.util.JsonSerialization;

/** The client metadata of one request. A member that is unknown, null or empty counts as absent; the others are of their type. */
final class ClientMetadataDocument {

    static final int MAX_BYTES = 65_536;

    /** RFC 7592 section 2.2: a client must not send back what only the server says. */
    private static final List<String> SAID_BY_THE_SERVER = List.of(
            "registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at");

    private final ObjectNode members;

    private ClientMetadataDocument(ObjectNode members) {
        this.members = members;
    }

    /**
     * Reads a body.
     *
     * @throws RefusedRegistration unless it is a JSON object of at most {@value #MAX_BYTES} bytes whose known members are of their types
     */
    static ClientMetadataDocument read(InputStream body) throws RefusedRegistration {
        return of(parse(body));
    }

    static ClientMetadataDocument of(JsonNode sent) throws RefusedRegistration {
        if (!sent.isObject()) {
            throw RefusedRegistration.request("the request must be a JSON object");
        }
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : sent.properties()) {
            JsonNode value = member.getValue();
            if (!value.isNull() && !(value.isTextual() && value.asText().isEmpty()) && !isEmptyArray(value)) {
                members.set(member.getKey(), value);
            }
        }
        ClientMetadataDocument document = new ClientMetadataDocument(members);
        document.checkTypes();
        return document;
    }

    private static boolean isEmptyArray(JsonNode value) {
        return value.isArray() && value.isEmpty();
    }

    private static JsonNode parse(InputStream body) throws RefusedRegistration {
        try {
            byte[] bytes = body == null ? new byte[0] : body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw RefusedRegistration.tooLarge(MAX_BYTES);
            }
            return JsonSerialization.mapper
                    .reader()
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(bytes);
        } catch (IOException notJson) {
            throw RefusedRegistration.request("the request must be a JSON object without duplicate members");
        }
    }

    private void checkTypes() throws RefusedRegistration {
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            MemberType type = typeOf(member.getKey());
            if (type != null && !type.fits(member.getValue())) {
                String text = member.getKey() + " must be " + type.description();
                throw KnownMetadata.REDIRECT_URIS.equals(member.getKey())
                        ? RefusedRegistration.redirectUri(text)
                        : RefusedRegistration.metadata(text);
            }
        }
    }

    private static MemberType typeOf(String member) {
        Kept kept = KnownMetadata.KEPT_BY_THE_PACK.get(member);
        if (kept != null) {
            return kept.type();
        }
        return KnownMetadata.CLIENT_ID.equals(member) || KnownMetadata.CLIENT_SECRET.equals(member)
                ? MemberType.TEXT
                : KnownMetadata.CONVERTED_BY_KEYCLOAK.get(member);
    }

    boolean has(String member) {
        return members.has(member);
    }

    Optional<String> text(String member) {
        return Optional.ofNullable(members.get(member)).map(JsonNode::asText);
    }

    /** The strings of an array; empty where it is absent. */
    List<String> texts(String member) {
        return StreamSupport.stream(members.path(member).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** The {@code jwks} as they were sent. */
    Optional<String> jwks() {
        return Optional.ofNullable(members.get(KnownMetadata.JWKS)).map(JsonNode::toString);
    }

    /** The first member that only the server may say. */
    Optional<String> saidByTheServer() {
        return SAID_BY_THE_SERVER.stream().filter(members::has).findFirst();
    }

    boolean isSelfSigned() {
        return text(KnownMetadata.AUTH_METHOD)
                .filter(RegistrationRules.SELF_SIGNED::equals)
                .isPresent();
    }

    /** What Keycloak shall convert, under the names it knows. */
    OIDCClientRepresentation forKeycloak() throws RefusedRegistration {
        ObjectNode convertible = JsonNodeFactory.instance.objectNode();
        Stream.concat(KnownMetadata.CONVERTED_BY_KEYCLOAK.keySet().stream(), Stream.of(KnownMetadata.CLIENT_ID))
                .filter(members::has)
                .forEach(member -> convertible.set(member, members.get(member)));
        if (isSelfSigned()) {
            convertible.put(KnownMetadata.AUTH_METHOD, OIDCLoginProtocol.TLS_CLIENT_AUTH);
        }
        text(KnownMetadata.SCOPE).ifPresent(scope -> convertible.put(KnownMetadata.SCOPE, withoutOpenid(scope)));
        try {
            return JsonSerialization.mapper.treeToValue(convertible, OIDCClientRepresentation.class);
        } catch (JsonProcessingException unreadable) {
            // every other member is of the type Keycloak wants
            throw RefusedRegistration.metadata("jwks is not a JWK Set");
        }
    }

    /** The scopes of the metadata as Keycloak knows them: every client may ask for {@code openid}, and none is given it. */
    List<String> scopes() {
        return text(KnownMetadata.SCOPE).map(ClientMetadataDocument::withoutOpenid).stream()
                .flatMap(scope -> Stream.of(scope.split(" ", -1)))
                .filter(scope -> !scope.isEmpty())
                .toList();
    }

    private static String withoutOpenid(String scope) {
        return Stream.of(scope.split(" ", -1))
                .filter(name -> !name.equals(OAuth2Constants.SCOPE_OPENID))
                .collect(Collectors.joining(" "));
    }

    /** The client attributes of what the pack keeps. */
    Map<String, String> keptAttributes() {
        Map<String, String> attributes = new HashMap<>();
        KnownMetadata.KEPT_BY_THE_PACK.forEach((member, kept) -> {
            if (members.has(member)) {
                attributes.put(kept.attribute(), kept.type().toAttribute(members.get(member)));
            }
        });
        if (isSelfSigned()) {
            attributes.put(KnownMetadata.MUTUAL_TLS_METHOD_ATTRIBUTE, RegistrationRules.SELF_SIGNED);
        }
        return attributes;
    }
}
