package org.fapipack.executor;

import java.util.List;
import java.util.Optional;
import org.fapipack.core.jose.FapiAlgorithms;

/**
 * The two settings of an executor that says how the server signs something for a client.
 *
 * @param allowed the algorithms a client may register
 * @param preferred the one for a client that registered none
 */
public record SignatureAlgorithmSettings(Setting<List<String>> allowed, Setting<String> preferred) {

    /**
     * The settings {@code allowed-algorithms} and {@code default-algorithm}.
     *
     * @param signed what is signed, with its article: {@code An introspection response}
     * @param clientMetadata the client metadata that names the algorithm
     */
    public static SignatureAlgorithmSettings of(String signed, String clientMetadata) {
        return new SignatureAlgorithmSettings(
                Setting.choices(
                        "allowed-algorithms",
                        "Signature algorithms",
                        signed
                                + " may be signed with these. RS256, the default of the standard, is not among them: FAPI forbids it.",
                        FapiAlgorithms.SIGNATURE),
                Setting.choice(
                        "default-algorithm",
                        "Default signature algorithm",
                        "Used for a client that registered no " + clientMetadata + ". Must be one of the allowed ones.",
                        FapiAlgorithms.SIGNATURE,
                        FapiAlgorithms.DEFAULT_SIGNATURE));
    }

    /** For {@link ExecutorConfiguration#contradiction()}: says when the default is not allowed. */
    public Optional<String> contradiction(ExecutorConfiguration configuration) {
        return configuration.get(allowed).contains(configuration.get(preferred))
                ? Optional.empty()
                : Optional.of(preferred.key() + " must be one of " + allowed.key());
    }
}
