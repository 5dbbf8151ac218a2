package org.fapipack.testkit.browser;

import java.net.URI;
import org.fapipack.testkit.http.Form;

/** The browser was sent to the client's redirect URI, with these parameters. */
public record ClientRedirect(URI uri, Mode mode, Form parameters) {

    /** How the parameters travel. */
    public enum Mode {
        QUERY,
        FRAGMENT,
        FORM_POST
    }

    static ClientRedirect from(URI location) {
        return location.getRawFragment() != null && !location.getRawFragment().isEmpty()
                ? new ClientRedirect(location, Mode.FRAGMENT, Form.parse(location.getRawFragment()))
                : new ClientRedirect(location, Mode.QUERY, Form.parse(location.getRawQuery()));
    }
}
