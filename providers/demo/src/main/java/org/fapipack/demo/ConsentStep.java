package org.fapipack.demo;

/** The seven steps from a consent to its end, in their order. */
enum ConsentStep implements Step {
    LODGE(
            "The client lodges a consent",
            "It says what it wants to see, before any customer is there. Nothing is allowed yet."),
    REQUEST(
            "The client asks for the customer's decision",
            "A signed request object names the consent; it is checked before the customer is asked."),
    DECIDE(
            "The customer signs in, chooses an account and agrees",
            "The page says who asks, for what, from which accounts and until when."),
    TOKEN("The client redeems the code", "Tokens carry the consent, and live no longer than it."),
    API("The client calls the account API", "The API learns by introspection which accounts the customer chose."),
    REVOKE("The consent is revoked", "The client ends it here; the customer and the bank's staff can, too."),
    REFUSED("Nothing works any more", "The very next call and the next refresh are refused.");

    private final String title;
    private final String explanation;

    ConsentStep(String title, String explanation) {
        this.title = title;
        this.explanation = explanation;
    }

    @Override
    public Words words() {
        return new Words(title, explanation);
    }
}
