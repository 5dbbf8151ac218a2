package org.fapipack.testkit.overlay;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.testkit.http.Json;

/**
 * The file {@code sample.json} beside a realm template with consents: what differs between ecosystems when somebody tries one out. Where the
 * consent is lodged and how a request names it is in the realm itself.
 */
public final class EcosystemSample {

    private static final String FILE = "sample.json";

    private final String name;
    private final Map<String, Object> data;

    private EcosystemSample(String name, Map<String, Object> data) {
        this.name = name;
        this.data = data;
    }

    /** The ecosystems that can be tried out, by the names of their folders, in the order of the alphabet. */
    public static List<String> namesIn(Path templates) {
        try (Stream<Path> folders = Files.list(templates)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(FILE)))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + templates, e);
        }
    }

    /** The sample of an ecosystem; one of {@link #namesIn}. */
    public static EcosystemSample in(Path templates, String name) {
        Path file = templates.resolve(name).resolve(FILE);
        try {
            return new EcosystemSample(name, Json.object(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    public String name() {
        return name;
    }

    /** Of everything that the client and the API sign. */
    JWSAlgorithm algorithm() {
        return JWSAlgorithm.parse(text(data, "algorithm"));
    }

    String clientName() {
        return text(client(), "name");
    }

    /** Attributes of the client besides those that all have. */
    Map<String, Object> clientAttributes() {
        return Json.object(client().get("attributes"));
    }

    /** Whom the consent is for. */
    public String customer() {
        return text(Json.object(data.get("customer")), "username");
    }

    /** Attributes of the customer, accounts among them. */
    Map<String, Object> customerAttributes() {
        return Json.object(Json.object(data.get("customer")).get("attributes"));
    }

    /** The ids of the customer's accounts. */
    public List<String> accounts() {
        return ((List<?>) customerAttributes().get("fapi.accounts"))
                .stream()
                        .map(account -> text(Json.object((String) account), "id"))
                        .toList();
    }

    /** The name of the type in the realm's data. */
    String consentType() {
        return text(consent(), "type");
    }

    /** What the client lodges. */
    String consentBody() {
        return Json.write(Json.object(consent().get("body")));
    }

    /** What the client asks for besides {@code openid}. */
    List<String> scopes() {
        return ((List<?>) consent().get("scopes"))
                .stream().map(String.class::cast).toList();
    }

    private Map<String, Object> client() {
        return Json.object(data.get("client"));
    }

    private Map<String, Object> consent() {
        return Json.object(data.get("consent"));
    }

    private static String text(Map<String, Object> object, String member) {
        return Json.text(object, member)
                .orElseThrow(() -> new IllegalArgumentException("the sample lacks the text '" + member + "'"));
    }

    @Override
    public String toString() {
        return name;
    }
}
