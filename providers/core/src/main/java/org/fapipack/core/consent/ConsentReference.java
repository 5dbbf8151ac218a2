package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where an authorization request names its consent.
 *
 * @param name of the claim, of the type of authorization details, or how the scope begins
 * @param member where the id is in the authorization details; empty elsewhere
 */
public record ConsentReference(Place place, String name, Optional<MemberPath> member) {

    /** The ways there are. */
    public enum Place {
        /** A scope that begins with the name: {@code consent:urn:bank:1}. */
        SCOPE,
        /** A claim with a value, of the id token or the userinfo endpoint. */
        CLAIM,
        /** A member of the {@code claims} parameter beside those two. */
        TOP_LEVEL_CLAIM,
        /** Authorization details of the type. */
        AUTHORIZATION_DETAILS;

        /** The name in data, for example {@code top-level-claim}. */
        String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Place> of(String key) {
            return Stream.of(values()).filter(place -> place.key().equals(key)).findFirst();
        }
    }

    /** What an id may look like, whoever made it: characters of a URN (RFC 8141), and no more of them than the database keeps. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9()+,.:=@;$_!*'%/?#-]{1,128}");

    /** Whether this can be the id of a consent. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether consents are named in scopes. */
    public boolean isScope() {
        return place == Place.SCOPE;
    }

    /** Whether consents are named in authorization details. */
    public boolean isDetails() {
        return place == Place.AUTHORIZATION_DETAILS;
    }

    /** Authorization details that name a consent and say nothing else, without their type. */
    public Map<String, Object> detail(String id) {
        List<String> names = member.orElseThrow().names();
        Object value = id;
        for (int last = names.size() - 1; last > 0; last--) {
            value = Map.of(names.get(last), value);
        }
        return Map.of(names.get(0), value);
    }

    /** Whether the scope names a consent. */
    public boolean isIn(String scope) {
        return place == Place.SCOPE && scope.startsWith(name);
    }

    /**
     * The id of the consent that a request is for, empty if it names none in this way.
     *
     * @throws AuthorizationRefusal if what is there does not name a consent, or names two
     */
    public Optional<String> id(AuthorizationParameters request) throws AuthorizationRefusal {
        List<String> ids = ids(request).stream().distinct().toList();
        if (ids.size() > 1) {
            throw new AuthorizationRefusal(AuthorizationDefect.SEVERAL, "the request is for more than one consent");
        }
        if (!ids.stream().allMatch(ConsentReference::isId)) {
            throw malformed();
        }
        return ids.stream().findFirst();
    }

    private List<String> ids(AuthorizationParameters request) throws AuthorizationRefusal {
        return switch (place) {
            case SCOPE ->
                request.scopes().stream()
                        .filter(this::isIn)
                        .map(scope -> scope.substring(name.length()))
                        .toList();
            case CLAIM -> inClaims(request);
            case TOP_LEVEL_CLAIM -> besideClaims(request);
            case AUTHORIZATION_DETAILS -> inDetails(request);
        };
    }

    private List<String> inClaims(AuthorizationParameters request) throws AuthorizationRefusal {
        List<String> ids = new ArrayList<>();
        if (request.claims().isPresent()) {
            ObjectNode claims = claims(request.claims().get());
            for (String target : List.of("id_token", "userinfo")) {
                if (claims.path(target).has(name)) {
                    ids.add(text(claims.path(target).path(name).path("value")));
                }
            }
        }
        return ids;
    }

    private List<String> besideClaims(AuthorizationParameters request) throws AuthorizationRefusal {
        if (request.claims().isEmpty()) {
            return List.of();
        }
        ObjectNode claims = claims(request.claims().get());
        return claims.hasNonNull(name) ? List.of(text(claims.get(name))) : List.of();
    }

    private List<String> inDetails(AuthorizationParameters request) throws AuthorizationRefusal {
        if (request.authorizationDetails().isEmpty()) {
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        JsonNode details = StrictJson.read(request.authorizationDetails().get())
                .filter(JsonNode::isArray)
                .orElseThrow(ConsentReference::malformed);
        for (JsonNode detail : details) {
            if (detail instanceof ObjectNode object
                    && name.equals(object.path("type").textValue())) {
                ids.add(text(member.orElseThrow().in(object)));
            }
        }
        return ids;
    }

    private static ObjectNode claims(String json) throws AuthorizationRefusal {
        return StrictJson.read(json)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseThrow(ConsentReference::malformed);
    }

    private static String text(JsonNode node) throws AuthorizationRefusal {
        if (!node.isTextual()) {
            throw malformed();
        }
        return node.textValue();
    }

    private static AuthorizationRefusal malformed() {
        return new AuthorizationRefusal(
                AuthorizationDefect.MALFORMED, "what names the consent of the request does not have the right form");
    }
}
