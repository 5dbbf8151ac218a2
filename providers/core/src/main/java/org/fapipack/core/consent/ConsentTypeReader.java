package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.core.jose.FapiAlgorithms;

/** Reads and checks the description of one type of consent. Every message says where it looked. */
final class ConsentTypeReader {

    static final int MAX_TYPES = 20;
    static final int MIN_BODY_BYTES = 256;
    static final int MAX_BODY_BYTES = 262_144;
    static final int MAX_PERMISSIONS = 500;
    static final int MAX_AWAITING_SECONDS = 2_592_000;
    static final int MIN_DURATION_SECONDS = 60;
    static final int MAX_DURATION_SECONDS = 315_360_000;
    static final int MAX_CHARACTERS = 2000;
    static final int MAX_SIGNATURE_AGE_SECONDS = 86_400;
    static final int MAX_CLOCK_SKEW_SECONDS = 300;
    static final int MAX_REMEMBERED_SECONDS = 2_592_000;
    static final int DEFAULT_SIGNATURE_SECONDS = 60;
    static final int MAX_REFUSAL_CODES = 100;

    /** What whoever describes a type vouches for: decisions on a device reach the context class that the type demands. */
    private static final String STRONG_DEVICE = "backchannel-reaches-acr";

    private static final String OTHERS_TIMEOUT = "partially-authorised-timeout-seconds";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._-]*[A-Za-z0-9](/[A-Za-z0-9._-]*[A-Za-z0-9])*");
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]*[A-Za-z0-9]");
    private static final Pattern CODE = Pattern.compile("[\\x21-\\x7E&&[^\"\\\\]]{1,100}");
    private static final Pattern ANY_TEXT = Pattern.compile(".+");
    private static final Pattern ID_PREFIX = Pattern.compile("([A-Za-z][A-Za-z0-9:._-]*)?");
    private static final Pattern MEMBER = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final Pattern MEMBER_PATH = Pattern.compile(MEMBER + "(\\." + MEMBER + "){0,3}");
    private static final Set<Integer> STATUSES = Set.of(400, 403, 404, 409, 410, 422);

    /** States that an end in time puts an end to. */
    private static final List<ConsentState> ENDING = List.of(
            ConsentState.AWAITING, ConsentState.PARTIALLY_AUTHORISED, ConsentState.AUTHORISED, ConsentState.SUSPENDED);

    private final String where;
    private final ObjectNode node;
    private final Set<String> read = new HashSet<>();

    private ConsentTypeReader(String where, JsonNode node) throws InvalidConsentType {
        if (!(node instanceof ObjectNode object)) {
            throw new InvalidConsentType(where + " must be a JSON object");
        }
        this.where = where;
        this.node = object;
    }

    static List<ConsentType> readAll(String json) throws InvalidConsentType {
        JsonNode array = StrictJson.read(json)
                .filter(JsonNode::isArray)
                .orElseThrow(() -> new InvalidConsentType(
                        "the consent types must be a JSON array of objects, with no member twice in one of them"));
        if (array.size() > MAX_TYPES) {
            throw new InvalidConsentType("there may be %d consent types at most".formatted(MAX_TYPES));
        }
        List<ConsentType> types = new ArrayList<>();
        for (JsonNode element : array) {
            types.add(new ConsentTypeReader("consent type " + element.path("name"), element).type());
        }
        for (int one = 0; one < types.size(); one++) {
            for (int other = 0; other < types.size(); other++) {
                if (one != other && areMixedUp(types.get(one), types.get(other))) {
                    throw new InvalidConsentType(
                            "consent type \"%s\" and consent type \"%s\" have the same name or path"
                                    .formatted(
                                            types.get(one).name(),
                                            types.get(other).name()));
                }
            }
        }
        return List.copyOf(types);
    }

    private static boolean areMixedUp(ConsentType one, ConsentType other) {
        return one.name().equals(other.name()) || (other.path() + '/').startsWith(one.path() + '/');
    }

    private ConsentType type() throws InvalidConsentType {
        Map<ConsentState, String> codes = states();
        Map<String, Set<String>> permissions = permissions();
        ConsentType type = new ConsentType(
                text("name", NAME, 40),
                text("path", PATH, 200),
                text("client-scope", CODE, 100),
                text("id-prefix", ID_PREFIX, 64),
                members(),
                codes,
                actors(),
                moves(codes.keySet()),
                permissions,
                choice("unknown-permissions", "refuse", "drop").equals("drop"),
                number("max-permissions", 1, MAX_PERMISSIONS),
                number("max-body-bytes", MIN_BODY_BYTES, MAX_BODY_BYTES),
                Duration.ofSeconds(number("awaiting-timeout-seconds", 1, MAX_AWAITING_SECONDS)),
                ConsentState.of(choice("timeout-state", "rejected", "expired")).orElseThrow(),
                Duration.ofSeconds(optionalNumber(OTHERS_TIMEOUT, 1, MAX_AWAITING_SECONDS, MAX_AWAITING_SECONDS)),
                has("use-within-seconds")
                        ? Optional.of(Duration.ofSeconds(number("use-within-seconds", 1, MAX_DURATION_SECONDS)))
                        : Optional.empty(),
                has("max-duration-seconds")
                        ? Optional.of(Duration.ofSeconds(
                                number("max-duration-seconds", MIN_DURATION_SECONDS, MAX_DURATION_SECONDS)))
                        : Optional.empty(),
                answers(EnumSet.complementOf(
                        EnumSet.of(ConsentDefect.SEVERAL_APPROVERS, ConsentDefect.OTHER_CUSTOMER))),
                has("error-format") && choice("error-format", "oauth", "list").equals("list"),
                has("authorization")
                        ? Optional.of(child("authorization").authorization(permissions.keySet()))
                        : Optional.empty(),
                has("extension") ? Optional.of(child("extension").extension(members())) : Optional.empty(),
                wording(permissions.keySet()));
        nothingElse();
        checkWords(type);
        checkSigned(type);
        checkLife(type);
        return type;
    }

    private ConsentWording wording(Set<String> permissions) throws InvalidConsentType {
        ConsentWording wording = new ConsentWording(
                child("members").memberRules(),
                permissionRules(permissions),
                template("envelope", ConsentWording.GAPS_OF_ENVELOPE),
                template("reason-entry", ConsentWording.GAPS_OF_REASON),
                template("error-body", ConsentWording.GAPS_OF_ERROR),
                has("idempotency") ? Optional.of(child("idempotency").idempotency()) : Optional.empty(),
                texts("unoffered-permissions", CODE, MAX_PERMISSIONS),
                texts("refusal-codes", CODE, MAX_REFUSAL_CODES),
                has("reason-details") ? child("reason-details").reasonDetails() : Map.of(),
                has("signed-bodies") ? Optional.of(child("signed-bodies").signedBodies()) : Optional.empty());
        if (wording.envelope().isPresent()
                && !Collections.disjoint(
                        wording.envelope().get().names(), child("members").namesOfBody())) {
            throw invalid("envelope", "must not have what a client may send");
        }
        return wording;
    }

    private Map<String, String> reasonDetails() throws InvalidConsentType {
        Map<String, String> details = new LinkedHashMap<>();
        for (String code : names()) {
            details.put(code, text(code, ANY_TEXT, MAX_CHARACTERS));
        }
        return Map.copyOf(details);
    }

    private void checkWords(ConsentType type) throws InvalidConsentType {
        Set<String> unoffered = type.wording().unofferedPermissions();
        if (!Collections.disjoint(unoffered, type.permissions().keySet())
                || (!unoffered.isEmpty() && type.members().permissions().isEmpty())) {
            throw invalid("unoffered-permissions", "must not be in 'permissions', and need 'permissions' in 'members'");
        }
        Set<String> reasons =
                type.moves().stream().flatMap(move -> move.reason().stream()).collect(Collectors.toSet());
        Set<String> explained = type.wording().reasonDetails().keySet();
        if (type.members().reasons().isPresent() != type.wording().reasonEntry().isPresent()) {
            throw invalid("reason-entry", "must be there where 'members' have 'reasons', and only there");
        }
        if (type.wording().explainsReasons(type.members()) != !explained.isEmpty()
                || (!explained.isEmpty() && !explained.equals(reasons))) {
            throw invalid(
                    "reason-details",
                    "must be there where 'members' have 'reason-detail' or a '{description}' is in 'reason-entry',"
                            + " with a text for each 'reason' of 'moves' and no other");
        }
    }

    private SignedBodies signedBodies() throws InvalidConsentType {
        boolean isDetached = choice("form", "jwt", "detached").equals("detached");
        int maxAge = optionalNumber("max-age-seconds", 1, MAX_SIGNATURE_AGE_SECONDS, DEFAULT_SIGNATURE_SECONDS);
        int clockSkew = optionalNumber("clock-skew-seconds", 0, MAX_CLOCK_SKEW_SECONDS, DEFAULT_SIGNATURE_SECONDS);
        // Whoever forgets a body while it is still fresh takes it twice.
        int alive = maxAge + clockSkew;
        int remembered = isDetached ? 0 : optionalNumber("replay-seconds", alive, MAX_REMEMBERED_SECONDS, alive);
        SignedBodies signed = new SignedBodies(
                signatureAlgorithms(),
                Duration.ofSeconds(maxAge),
                Duration.ofSeconds(clockSkew),
                Duration.ofSeconds(remembered),
                has("client-attribute") ? Optional.of(text("client-attribute", CODE, 100)) : Optional.empty(),
                !isDetached
                        && has("audience")
                        && choice("audience", "address", "issuer").equals("issuer"),
                has("server-name") ? Optional.of(text("server-name", CODE, 255)) : Optional.empty(),
                statuses(),
                isDetached ? Optional.of(detachedSignature()) : Optional.empty());
        nothingElse();
        return signed;
    }

    private List<String> signatureAlgorithms() throws InvalidConsentType {
        if (!has("algorithms")) {
            return List.of(FapiAlgorithms.DEFAULT_SIGNATURE);
        }
        List<String> algorithms = List.copyOf(orderedTexts("algorithms", CODE, FapiAlgorithms.SIGNATURE.size()));
        if (algorithms.isEmpty() || !FapiAlgorithms.SIGNATURE.containsAll(algorithms)) {
            throw invalid("algorithms", "must have some of " + String.join(", ", FapiAlgorithms.SIGNATURE));
        }
        return algorithms;
    }

    private Set<Integer> statuses() throws InvalidConsentType {
        Set<Integer> statuses = new HashSet<>();
        for (JsonNode status : list("signed-statuses", 0, 20)) {
            if (!status.isInt() || status.intValue() < 200 || status.intValue() > 499) {
                throw invalid("signed-statuses", "must be a list of HTTP statuses from 200 to 499");
            }
            statuses.add(status.intValue());
        }
        return Set.copyOf(statuses);
    }

    private DetachedSignature detachedSignature() throws InvalidConsentType {
        return new DetachedSignature(
                text("header", MEMBER, 64), text("claim-prefix", CODE, 100), text("trust-anchor", CODE, 255));
    }

    private void checkSigned(ConsentType type) throws InvalidConsentType {
        if (type.signedBodies().filter(signed -> signed.detached().isEmpty()).isEmpty()) {
            return;
        }
        Set<String> names = new HashSet<>(child("members").namesOfBody());
        type.wording().envelope().ifPresent(template -> names.addAll(template.names()));
        type.wording().error().ifPresent(template -> names.addAll(template.names()));
        if (!Collections.disjoint(names, SignedBodies.CLAIMS)) {
            throw invalid("signed-bodies", "need bodies without iss, aud, iat, jti, exp and nbf, which a JWT has");
        }
    }

    private IdempotencyRule idempotency() throws InvalidConsentType {
        IdempotencyRule rule = new IdempotencyRule(text("header", MEMBER, 64), isTrue("required"));
        nothingElse();
        return rule;
    }

    private List<String> namesOfBody() throws InvalidConsentType {
        List<String> names = new ArrayList<>(texts("beside-data", MEMBER, 100));
        names.add(text("data", MEMBER, 64));
        return names;
    }

    private List<MemberRule> memberRules() throws InvalidConsentType {
        if (!has("inside")) {
            return List.of();
        }
        ConsentTypeReader inside = child("inside");
        Set<String> clients = new HashSet<>(texts("required", MEMBER, 100));
        clients.addAll(texts("optional", MEMBER, 100));
        List<MemberRule> rules = new ArrayList<>();
        for (String path : inside.names()) {
            if (!MEMBER_PATH.matcher(path).matches()
                    || !clients.contains(MemberPath.of(path).first())) {
                throw inside.invalid(path, "is not inside of a member that a client may send");
            }
            rules.add(inside.child(path).memberRule(MemberPath.of(path)));
        }
        return List.copyOf(rules);
    }

    private MemberRule memberRule(MemberPath path) throws InvalidConsentType {
        MemberRule rule = new MemberRule(
                path,
                isTrue("required"),
                choice("form", MemberRule.Form.values(), MemberRule.Form::key),
                has("pattern") ? Optional.of(pattern()) : Optional.empty(),
                has("max-characters") ? number("max-characters", 1, MAX_CHARACTERS) : MAX_CHARACTERS);
        nothingElse();
        return rule;
    }

    private String pattern() throws InvalidConsentType {
        String pattern = text("pattern", ANY_TEXT, 200);
        try {
            Pattern.compile(pattern);
            return pattern;
        } catch (PatternSyntaxException notAPattern) {
            throw invalid("pattern", "must be a regular expression");
        }
    }

    private List<PermissionRule> permissionRules(Set<String> permissions) throws InvalidConsentType {
        List<PermissionRule> rules = new ArrayList<>();
        for (JsonNode element : list("permission-rules", 0, 100)) {
            rules.add(new ConsentTypeReader(where + ", a member of 'permission-rules'", element)
                    .permissionRule(permissions));
        }
        return List.copyOf(rules);
    }

    private PermissionRule permissionRule(Set<String> permissions) throws InvalidConsentType {
        List<PermissionRule.Need> needs = Stream.of(PermissionRule.Need.values())
                .filter(need -> has(need.key()))
                .toList();
        if (needs.size() != 1) {
            throw invalid("any-of", "or one of 'all-of', 'none-of' and 'member' must be there, and only one");
        }
        PermissionRule.Need need = needs.get(0);
        boolean isMember = need == PermissionRule.Need.MEMBER;
        PermissionRule rule = new PermissionRule(
                texts("asked", CODE, MAX_PERMISSIONS),
                optionalPath("with-member"),
                need,
                isMember ? Set.of() : texts(need.key(), CODE, MAX_PERMISSIONS),
                isMember ? Optional.of(path("member")) : Optional.empty(),
                has("status") ? Optional.of(answer()) : Optional.empty());
        nothingElse();
        if (!permissions.containsAll(rule.asked()) || !permissions.containsAll(rule.of())) {
            throw invalid(need.key(), "and 'asked' must have permissions of the type");
        }
        return rule;
    }

    private Optional<JsonTemplate> template(String member, Set<String> gaps) throws InvalidConsentType {
        if (!has(member)) {
            return Optional.empty();
        }
        JsonTemplate template = new JsonTemplate(child(member).node);
        if (template.names().isEmpty() || !template.hasOnly(gaps)) {
            throw invalid(
                    member,
                    "must have members, and no texts with '{' but {%s}"
                            .formatted(
                                    String.join("}, {", gaps.stream().sorted().toList())));
        }
        return Optional.of(template);
    }

    private void checkLife(ConsentType type) throws InvalidConsentType {
        for (ConsentState needed : List.of(ConsentState.AWAITING, ConsentState.AUTHORISED, ConsentState.EXPIRED)) {
            if (!type.codes().containsKey(needed)) {
                throw invalid("states", "must have a code for '" + needed.key() + "'");
            }
        }
        if (type.move(ConsentState.AWAITING, type.timeoutState(), ConsentActor.SERVER)
                .isEmpty()) {
            throw invalid("moves", "must let the server move from 'awaiting' to the timeout-state");
        }
        if (has(OTHERS_TIMEOUT) && !type.codes().containsKey(ConsentState.PARTIALLY_AUTHORISED)) {
            throw invalid(OTHERS_TIMEOUT, "needs a code for 'partially-authorised' in 'states'");
        }
        for (ConsentState state : type.codes().keySet()) {
            if ((ENDING.contains(state) || type.isReauthorisable(state))
                    && type.move(state, ConsentState.EXPIRED, ConsentActor.SERVER)
                            .isEmpty()) {
                throw invalid("moves", "must let the server move from '" + state.key() + "' to 'expired'");
            }
        }
    }

    private ConsentMembers members() throws InvalidConsentType {
        ConsentTypeReader names = child("members");
        ConsentMembers members = new ConsentMembers(
                names.text("data", MEMBER, 64),
                names.path("id"),
                names.path("status"),
                names.path("created"),
                names.path("updated"),
                names.optionalPath("end"),
                names.optionalPath("permissions"),
                names.optionalPath("reason"),
                names.optionalPath("reason-detail"),
                names.optionalPath("reasons"),
                names.optionalPath("actor"),
                names.texts("required", MEMBER, 100),
                names.texts("optional", MEMBER, 100),
                names.texts("beside-data", MEMBER, 100));
        names.read.add("inside");
        names.nothingElse();
        List<String> servers =
                members.ofTheServer().stream().map(MemberPath::first).toList();
        for (String name : servers) {
            if (members.isOfTheClient(name)) {
                throw names.invalid("required", "and 'optional' must not have '" + name + "', which the server writes");
            }
        }
        if (members.besideData().contains(members.data())) {
            throw names.invalid("beside-data", "must not have '" + members.data() + "'");
        }
        if (members.ofTheServer().stream().distinct().count() < servers.size()) {
            throw names.invalid("id", "and the other members that the server writes must differ");
        }
        if (members.permissions().isPresent()
                && !members.required().contains(members.permissions().get().first())) {
            throw names.invalid(
                    "required", "must have '" + members.permissions().get().first() + "'");
        }
        if (members.end().isPresent()
                && !members.isOfTheClient(members.end().get().first())) {
            throw names.invalid("optional", "must have '" + members.end().get().first() + "', or 'required' must");
        }
        return members;
    }

    private Map<ConsentState, String> states() throws InvalidConsentType {
        return keyed("states", ConsentState::of);
    }

    private Map<ConsentActor, String> actors() throws InvalidConsentType {
        return has("actors") ? keyed("actors", ConsentActor::of) : Map.of();
    }

    private <K extends Enum<K>> Map<K, String> keyed(String member, Function<String, Optional<K>> key)
            throws InvalidConsentType {
        ConsentTypeReader codes = child(member);
        Map<K, String> read = new LinkedHashMap<>();
        for (String name : codes.names()) {
            K constant = key.apply(name).orElseThrow(() -> codes.invalid(name, "is not known"));
            read.put(constant, codes.text(name, CODE, 100));
        }
        return Map.copyOf(read);
    }

    private List<ConsentMove> moves(Set<ConsentState> known) throws InvalidConsentType {
        List<ConsentMove> moves = new ArrayList<>();
        for (JsonNode element : list("moves", 1, 100)) {
            ConsentTypeReader move = new ConsentTypeReader(where + ", a member of 'moves'", element);
            ConsentState to = move.state(move.text("to", NAME, 40), known);
            Optional<String> reason =
                    move.has("reason") ? Optional.of(move.text("reason", CODE, 100)) : Optional.empty();
            boolean forgets = move.isTrue("forgets");
            for (String from : move.texts("from", NAME, 10)) {
                for (String by : move.texts("by", NAME, 10)) {
                    ConsentActor actor = ConsentActor.of(by)
                            .orElseThrow(() -> move.invalid("by", "has '" + by + "', which is not known"));
                    moves.add(new ConsentMove(move.state(from, known), to, actor, reason, forgets));
                }
            }
            move.nothingElse();
        }
        if (moves.stream()
                        .map(move -> List.of(move.from(), move.to(), move.by()))
                        .distinct()
                        .count()
                < moves.size()) {
            throw invalid("moves", "has one move twice");
        }
        for (ConsentMove move : moves) {
            if (moves.stream()
                    .anyMatch(other ->
                            other.to() == move.to() && other.by() == move.by() && other.forgets() != move.forgets())) {
                throw invalid("moves", "must forget alike what one kind of actor moves to one state");
            }
        }
        return List.copyOf(moves);
    }

    private ConsentState state(String key, Set<ConsentState> known) throws InvalidConsentType {
        return ConsentState.of(key)
                .filter(known::contains)
                .orElseThrow(() -> invalid("from", "and 'to' have '" + key + "', which has no code in 'states'"));
    }

    private Map<String, Set<String>> permissions() throws InvalidConsentType {
        ConsentTypeReader permissions = child("permissions");
        Map<String, Set<String>> read = new LinkedHashMap<>();
        for (String name : permissions.names()) {
            if (!CODE.matcher(name).matches()) {
                throw permissions.invalid(name, "is no name of a permission");
            }
            read.put(name, permissions.texts(name, CODE, 50));
        }
        if (read.isEmpty() || read.size() > MAX_PERMISSIONS) {
            throw invalid("permissions", "must have 1 to %d members".formatted(MAX_PERMISSIONS));
        }
        return Map.copyOf(read);
    }

    private Map<ConsentDefect, ConsentAnswer> answers(Set<ConsentDefect> possible) throws InvalidConsentType {
        Map<ConsentDefect, ConsentAnswer> answers = new EnumMap<>(ConsentDefect.class);
        if (has("errors")) {
            ConsentTypeReader errors = child("errors");
            for (String name : errors.names()) {
                ConsentDefect defect = possible.stream()
                        .filter(known -> known.key().equals(name))
                        .findFirst()
                        .orElseThrow(() -> errors.invalid(name, "is not known"));
                ConsentTypeReader answer = errors.child(name);
                answers.put(defect, answer.answer());
                answer.nothingElse();
            }
        }
        return Map.copyOf(answers);
    }

    private ConsentAnswer answer() throws InvalidConsentType {
        int status = number("status", 400, 499);
        if (!STATUSES.contains(status)) {
            throw invalid("status", "must be 400, 403, 404, 409, 410 or 422");
        }
        return new ConsentAnswer(status, text("code", CODE, 100));
    }

    private ConsentAuthorization authorization(Set<String> permissions) throws InvalidConsentType {
        ConsentAuthorization authorization = new ConsentAuthorization(
                child("reference").reference(),
                customerRules("customer"),
                has("requested-claims") ? child("requested-claims").requestedClaims() : Map.of(),
                has("backchannel-parameter")
                        ? Optional.of(text("backchannel-parameter", MEMBER, 100))
                        : Optional.empty(),
                has("acr") ? Optional.of(text("acr", CODE, 255)) : Optional.empty(),
                choice("scopes-beyond", "refuse", "drop").equals("drop"),
                choice("scopes-missing", "refuse", "accept").equals("refuse"),
                child("page").page(permissions),
                has("errors") ? child("errors").authorizationErrors() : Map.of());
        boolean strongDevice = isTrue(STRONG_DEVICE);
        nothingElse();
        boolean needed = authorization.backchannelParameter().isPresent()
                && authorization.acr().isPresent();
        if (needed && !strongDevice) {
            throw invalid(
                    "backchannel-parameter",
                    "must not be there with 'acr', which nobody can tell of a device, unless '" + STRONG_DEVICE
                            + "' says that it reaches it");
        }
        if (strongDevice && !needed) {
            throw invalid(STRONG_DEVICE, "goes with 'acr' and 'backchannel-parameter'");
        }
        return authorization;
    }

    private ExtensionRule extension(ConsentMembers members) throws InvalidConsentType {
        Set<String> required = texts("required", MEMBER, 100);
        Set<String> optional = texts("optional", MEMBER, 100);
        Set<String> all = new HashSet<>(required);
        all.addAll(optional);
        List<MemberPath> same = new ArrayList<>();
        for (String path : orderedTexts("same", MEMBER_PATH, 10)) {
            same.add(MemberPath.of(path));
        }
        ExtensionRule rule = new ExtensionRule(
                text("path", SEGMENT, 64),
                text("list-path", SEGMENT, 64),
                required,
                optional,
                Duration.ofSeconds(number("max-duration-seconds", MIN_DURATION_SECONDS, MAX_DURATION_SECONDS)),
                List.copyOf(same),
                customerRules("several-approvers"),
                has("headers") ? child("headers").headers() : Map.of(),
                texts("shown", MEMBER, 100),
                path("requested"),
                path("previous-end"),
                optionalPath("total"),
                optionalPath("pages"),
                answers(ExtensionRule.DEFECTS));
        nothingElse();
        if (rule.path().equals(rule.listPath())) {
            throw invalid("list-path", "must not be 'path'");
        }
        if (!all.stream().allMatch(members::isOfTheClient)) {
            throw invalid("required", "and 'optional' must have members that a client may lodge");
        }
        if (members.end().isEmpty() || !all.contains(members.end().get().first())) {
            throw invalid("optional", "must have the end of the consent, or 'required' must");
        }
        if (!all.containsAll(rule.shown())
                || !same.stream().map(MemberPath::first).allMatch(all::contains)) {
            throw invalid("same", "and 'shown' must have members that a client may send");
        }
        return rule;
    }

    private Map<String, MemberPath> headers() throws InvalidConsentType {
        Map<String, MemberPath> headers = new LinkedHashMap<>();
        for (String name : names()) {
            if (!MEMBER.matcher(name).matches()) {
                throw invalid(name, "is no name of a header");
            }
            headers.put(name, path(name));
        }
        return Collections.unmodifiableMap(headers);
    }

    private Map<String, String> requestedClaims() throws InvalidConsentType {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String claim : names()) {
            attributes.put(claim, text(claim, CODE, 100));
        }
        return Map.copyOf(attributes);
    }

    private ConsentReference reference() throws InvalidConsentType {
        ConsentReference.Place place = ConsentReference.Place.of(choice(
                        "in",
                        Stream.of(ConsentReference.Place.values())
                                .map(ConsentReference.Place::key)
                                .toArray(String[]::new)))
                .orElseThrow();
        ConsentReference reference = new ConsentReference(
                place,
                text("name", CODE, 200),
                place == ConsentReference.Place.AUTHORIZATION_DETAILS ? Optional.of(path("member")) : Optional.empty());
        nothingElse();
        return reference;
    }

    private List<CustomerRule> customerRules(String member) throws InvalidConsentType {
        List<CustomerRule> rules = new ArrayList<>();
        for (JsonNode element : list(member, 0, 10)) {
            ConsentTypeReader rule = new ConsentTypeReader(where + ", a member of '" + member + "'", element);
            rules.add(new CustomerRule(rule.path("member"), rule.text("user-attribute", CODE, 100)));
            rule.nothingElse();
        }
        return List.copyOf(rules);
    }

    private ConsentPage page(Set<String> permissions) throws InvalidConsentType {
        List<ConsentPage.Group> groups = new ArrayList<>();
        Set<String> grouped = new HashSet<>();
        for (JsonNode element : list("groups", 1, 100)) {
            ConsentTypeReader group = new ConsentTypeReader(where + ", a member of 'groups'", element);
            List<String> members = List.copyOf(group.orderedTexts("permissions", CODE, MAX_PERMISSIONS));
            if (!permissions.containsAll(members)
                    || members.stream().anyMatch(grouped::contains)
                    || members.isEmpty()) {
                throw group.invalid("permissions", "must have permissions of the type that are in no other group");
            }
            grouped.addAll(members);
            groups.add(new ConsentPage.Group(group.text("name", NAME, 40), members));
            group.nothingElse();
        }
        if (!grouped.equals(permissions)) {
            throw invalid("groups", "must have every permission of the type");
        }
        Map<ConsentPage.Field, MemberPath> fields =
                has("fields") ? child("fields").fields() : Map.of();
        ConsentPage page = new ConsentPage(
                List.copyOf(groups),
                ConsentPage.AccountChoice.valueOf(
                        choice("accounts", "none", "one", "several").toUpperCase(Locale.ROOT)),
                fields,
                !has("named-account")
                        || choice("named-account", "binding", "suggestion").equals("binding"));
        if (has("named-account")
                && (page.accounts() == ConsentPage.AccountChoice.NONE
                        || !fields.containsKey(ConsentPage.Field.DEBTOR_ACCOUNT))) {
            throw invalid("named-account", "needs 'debtor-account' in 'fields', and 'accounts' that are chosen");
        }
        nothingElse();
        return page;
    }

    private Map<ConsentPage.Field, MemberPath> fields() throws InvalidConsentType {
        Map<ConsentPage.Field, MemberPath> fields = new EnumMap<>(ConsentPage.Field.class);
        for (ConsentPage.Field field : ConsentPage.Field.values()) {
            optionalPath(field.key()).ifPresent(path -> fields.put(field, path));
        }
        nothingElse();
        return Collections.unmodifiableMap(fields);
    }

    private Map<AuthorizationDefect, String> authorizationErrors() throws InvalidConsentType {
        Map<AuthorizationDefect, String> errors = new EnumMap<>(AuthorizationDefect.class);
        for (AuthorizationDefect defect : AuthorizationDefect.values()) {
            if (has(defect.key())) {
                errors.put(
                        defect,
                        choice(
                                defect.key(),
                                "invalid_request",
                                "invalid_scope",
                                "access_denied",
                                "unauthorized_client"));
            }
        }
        nothingElse();
        return Collections.unmodifiableMap(errors);
    }

    private MemberPath path(String member) throws InvalidConsentType {
        return MemberPath.of(text(member, MEMBER_PATH, 200));
    }

    private Optional<MemberPath> optionalPath(String member) throws InvalidConsentType {
        return has(member) ? Optional.of(path(member)) : Optional.empty();
    }

    private boolean has(String member) {
        return node.has(member);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private ConsentTypeReader child(String member) throws InvalidConsentType {
        read.add(member);
        return new ConsentTypeReader(where + ", '" + member + "'", node.path(member));
    }

    private String text(String member, Pattern form, int maxCharacters) throws InvalidConsentType {
        read.add(member);
        JsonNode value = node.path(member);
        if (!value.isTextual()
                || value.textValue().length() > maxCharacters
                || !form.matcher(value.textValue()).matches()) {
            throw invalid(
                    member, "must be a text of the form %s with %d characters at most".formatted(form, maxCharacters));
        }
        return value.textValue();
    }

    private String choice(String member, String... options) throws InvalidConsentType {
        read.add(member);
        JsonNode value = node.path(member);
        if (!value.isTextual() || !List.of(options).contains(value.textValue())) {
            throw invalid(member, "must be one of " + String.join(", ", options));
        }
        return value.textValue();
    }

    private boolean isTrue(String member) throws InvalidConsentType {
        read.add(member);
        if (has(member) && !node.get(member).isBoolean()) {
            throw invalid(member, "must be true or false");
        }
        return node.path(member).booleanValue();
    }

    private <E extends Enum<E>> E choice(String member, E[] options, Function<E, String> key)
            throws InvalidConsentType {
        String chosen = choice(member, Stream.of(options).map(key).toArray(String[]::new));
        return Stream.of(options)
                .filter(option -> key.apply(option).equals(chosen))
                .findFirst()
                .orElseThrow();
    }

    private int number(String member, int min, int max) throws InvalidConsentType {
        read.add(member);
        JsonNode value = node.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw invalid(member, "must be a whole number from %d to %d".formatted(min, max));
        }
        return value.intValue();
    }

    private int optionalNumber(String member, int min, int max, int otherwise) throws InvalidConsentType {
        return has(member) ? number(member, min, max) : otherwise;
    }

    private JsonNode list(String member, int min, int max) throws InvalidConsentType {
        read.add(member);
        JsonNode value = node.path(member);
        if (value.isMissingNode() && min == 0) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!value.isArray() || value.size() < min || value.size() > max) {
            throw invalid(member, "must be a list with %d to %d members".formatted(min, max));
        }
        return value;
    }

    private Set<String> texts(String member, Pattern form, int max) throws InvalidConsentType {
        return Set.copyOf(orderedTexts(member, form, max));
    }

    private Set<String> orderedTexts(String member, Pattern form, int max) throws InvalidConsentType {
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode value : list(member, 0, max)) {
            if (!value.isTextual() || !form.matcher(value.textValue()).matches() || !texts.add(value.textValue())) {
                throw invalid(member, "must be a list of texts of the form %s, none of them twice".formatted(form));
            }
        }
        return texts;
    }

    private void nothingElse() throws InvalidConsentType {
        for (String name : names()) {
            if (!read.contains(name)) {
                throw invalid(name, "is not known");
            }
        }
    }

    private InvalidConsentType invalid(String member, String problem) {
        return new InvalidConsentType("%s: '%s' %s".formatted(where, member, problem));
    }
}
