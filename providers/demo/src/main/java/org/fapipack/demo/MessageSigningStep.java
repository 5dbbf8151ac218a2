package org.fapipack.demo;

/** The eight steps of the FAPI 2.0 Message Signing flow, in their order. */
enum MessageSigningStep implements Step {
    PUSH(
            "The client pushes a signed request object",
            "JAR (RFC 9101) over PAR (RFC 9126): nobody on the way can read or change what is asked for."),
    LOG_IN(
            "The customer logs in",
            "The browser carries only the client's name and a one-time reference to the pushed request."),
    CONSENT("The customer consents", "Keycloak shows what the client wants; the customer says yes."),
    JARM(
            "The client verifies the signed authorization response",
            "JARM: issuer, audience, expiry and state are signed; a swapped or injected response shows."),
    TOKEN(
            "The client redeems the code",
            "It authenticates with private_key_jwt (RFC 7523) and proves by PKCE that it began this flow."),
    API(
            "The client calls the account API, both sign",
            "Possession is proven with each call; request and answer are signed (RFC 9421), bound together."),
    INTROSPECTION(
            "The API gets a signed introspection response",
            "RFC 9701: the API can keep the answer as evidence, and nobody can turn a no into a yes."),
    EVIDENCE(
            "Each keeps what the other signed",
            "Later, either can show what was asked and what was answered; the files alone prove it.");

    private final String title;
    private final String explanation;

    MessageSigningStep(String title, String explanation) {
        this.title = title;
        this.explanation = explanation;
    }

    @Override
    public Words words() {
        return new Words(title, explanation);
    }

    @Override
    public boolean isWithinAnother() {
        return this == INTROSPECTION;
    }
}
