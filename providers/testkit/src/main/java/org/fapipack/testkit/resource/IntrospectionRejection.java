package org.fapipack.testkit.resource;

/** An introspection response that a resource server must not believe. */
public final class IntrospectionRejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was wrong, in the order of checking. */
    public enum Reason {
        /** Not 200. */
        STATUS("status"),
        /** JSON although a JWT was asked for. */
        DOWNGRADE("downgrade"),
        CONTENT_TYPE("content_type"),
        /** Signed only, although encryption is registered. */
        NOT_ENCRYPTED("not_encrypted"),
        /** Another key management algorithm than registered. */
        ENCRYPTION_ALGORITHM("encryption_alg"),
        /** Another content encryption than registered. */
        ENCRYPTION_METHOD("enc"),
        DECRYPTION("decrypt"),
        /** No signed JWT where one has to be. */
        NOT_SIGNED("not_signed"),
        /** A nested JWT has to say that it is one. */
        CTY("cty"),
        TYP("typ"),
        ALG("alg"),
        /** A critical extension; none is understood. */
        CRIT("crit"),
        /** The issuer publishes no such key, or publishes it for another algorithm. */
        KEY("key"),
        SIGNATURE("signature"),
        /** No JSON object, or a duplicate member. */
        JSON("json"),
        ISS("iss"),
        AUD("aud"),
        IAT("iat"),
        /** Missing, no object, or without a Boolean {@code active}. */
        TOKEN_INTROSPECTION("token_introspection");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** Stable short name, as the shared test vectors spell it. */
        public String code() {
            return code;
        }
    }

    private final Reason reason;

    IntrospectionRejection(Reason reason, String message) {
        super(reason.code() + ": " + message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
