package org.fapipack.demo;

/** The seven steps from a consent to its end, in their order. */
enum ConsentStep implements Step {
    LODGE(
            1,
            "The client lodges a consent",
            "It says what it wants to see, before any customer is there. Nothing is allowed yet."),
    REQUEST(
            2,
            "The client asks for the customer's decision",
            "A signed request object names the consent; it is checked before the customer is asked."),
    DECIDE(
            3,
            "The customer signs in, chooses an account and agrees",
            "The page says who asks, for what, from which accounts and until when."),
    TOKEN(4, "The client redeems the code", "Tokens carry the consent, and live no longer than it."),
    API(5, "The client calls the account API", "The API learns by introspection which accounts the customer chose."),
    REVOKE(6, "The consent is revoked", "The client ends it here; the customer and the bank's staff can, too."),
    REFUSED(7, "Nothing works any more", "The very next call and the next refresh are refused.");

    private final int number;
    private final String title;
    private final String explanation;

    ConsentStep(int number, String title, String explanation) {
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
}
