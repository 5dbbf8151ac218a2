package org.fapipack.testkit.browser;

/** The browser shows another page than the script needs to go on. */
public final class UnexpectedPage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Page page;

    UnexpectedPage(String expected, Page page) {
        super("expected " + expected + ", got " + page);
        this.page = page;
    }

    public Page page() {
        return page;
    }
}
