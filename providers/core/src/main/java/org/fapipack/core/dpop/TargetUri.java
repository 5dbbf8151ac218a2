package org.fapipack.core.dpop;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Target URIs, equal where RFC 3986 says that they are the same.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3">RFC 9449 section 4.3, item 9</a>
 */
public final class TargetUri {

    private static final Pattern PERCENT_ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");

    private TargetUri() {}

    /**
     * The URI without query and fragment after syntax-based and scheme-based normalisation (RFC 3986 sections 6.2.2 and 6.2.3): case of scheme,
     * host and percent-encoding, needless percent-encoding, dot segments, empty path, default port.
     *
     * @return empty for anything but an absolute http or https URI with a host, and for one with user information
     */
    public static Optional<String> normalized(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!(scheme.equals("https") || scheme.equals("http"))
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null) {
                return Optional.empty();
            }
            return Optional.of(
                    scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port(scheme, uri.getPort()) + path(uri));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private static String port(String scheme, int port) {
        boolean isDefault =
                port == -1 || (scheme.equals("https") && port == 443) || (scheme.equals("http") && port == 80);
        return isDefault ? "" : ":" + port;
    }

    private static String path(URI uri) {
        String raw = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String decoded = PERCENT_ENCODED
                .matcher(raw)
                .replaceAll(octet -> unreservedOrUpperCase(Integer.parseInt(octet.group(1), 16)));
        return withoutDotSegments(decoded);
    }

    private static String unreservedOrUpperCase(int octet) {
        char character = (char) octet;
        boolean unreserved = octet < 0x80 && (Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0);
        return unreserved ? String.valueOf(character) : "%%%02X".formatted(octet);
    }

    /** RFC 3986 section 5.2.4, for a path that begins with a slash. */
    private static String withoutDotSegments(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) {
                kept.pollLast();
            }
            if (!segments[i].equals("..") && !segments[i].equals(".")) {
                kept.addLast(segments[i]);
            } else if (last) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
