package org.fapipack.demo;

/** The seven steps of the FAPI 2.0 Message Signing flow, in their order. */
enum MessageSigningStep implements Step {
    PUSH(
            1,
            "The client pushes a signed request object",
            "JAR (RFC 9101) over PAR (RFC 9126): nobody on the way can read or change what is asked for."),
    LOG_IN(
            2,
            "The customer logs in",
            "The browser carries only the client's name and a one-time reference to the pushed request."),
    CONSENT(3, "The customer consents", "Keycloak shows what the client wants; the customer says yes."),
    JARM(
            4,
            "The client verifies the signed authorization response",
            "JARM: issuer, audience, expiry and state are signed; a swapped or injected response shows."),
    TOKEN(
            5,
            "The client redeems the code",
            "It authenticates with private_key_jwt (RFC 7523) and proves by PKCE that it began this flow."),
    API(
            6,
            "The client calls the account API",
            "The token alone is worth nothing: each call proves possession of the key or certificate."),
    INTROSPECTION(
            7,
            "The API gets a signed introspection response",
            "RFC 9701: the API can keep the answer as evidence, and nobody can turn a no into a yes.");

    private final int number;
    private final String title;
    private final String explanation;

    MessageSigningStep(int number, String title, String explanation) {
        this.number = number;
        this.title = title;
        this.explanation = explanation;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String explanation() {
        return explanation;
    }

    @Override
    public boolean isWithinAnother() {
        return this == INTROSPECTION;
    }
}
