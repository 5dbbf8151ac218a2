package org.fapipack.httpsignatures;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An absolute target URI taken apart without changing an octet of its path or query.
 *
 * @param scheme in lower case
 * @param authority host in lower case, without the default port
 * @param rawPath may be empty
 * @param rawQuery null when there is no question mark
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.2">RFC 9421 section 2.2</a>
 */
record TargetUri(String scheme, String authority, String rawPath, String rawQuery) {

    static TargetUri parse(String uri, ComponentIdentifier component) throws HttpSignatureException {
        int schemeEnd = uri.indexOf("://");
        if (schemeEnd <= 0 || uri.indexOf('#') >= 0 || hasBlankOrControl(uri)) {
            throw component.error("needs an absolute target URI without fragment");
        }
        String scheme = uri.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        int authorityEnd = schemeEnd + 3;
        while (authorityEnd < uri.length() && uri.charAt(authorityEnd) != '/' && uri.charAt(authorityEnd) != '?') {
            authorityEnd++;
        }
        String authority = uri.substring(schemeEnd + 3, authorityEnd);
        if (!(scheme.equals("http") || scheme.equals("https"))
                || authority.isEmpty()
                || authority.indexOf('@') >= 0
                || authority.indexOf('\\') >= 0) {
            throw component.error("needs an http or https URI with a host and without user information");
        }
        int question = uri.indexOf('?', authorityEnd);
        return new TargetUri(
                scheme,
                withoutDefaultPort(scheme, authority.toLowerCase(Locale.ROOT)),
                uri.substring(authorityEnd, question < 0 ? uri.length() : question),
                question < 0 ? null : uri.substring(question + 1));
    }

    String path() {
        return rawPath.isEmpty() ? "/" : rawPath;
    }

    String query() {
        return rawQuery == null ? "?" : "?" + rawQuery;
    }

    String originForm() {
        return rawQuery == null ? path() : path() + "?" + rawQuery;
    }

    /** The one parameter of that name, decoded as form data and percent-encoded again. */
    String queryParameter(ComponentIdentifier component) throws HttpSignatureException {
        String found = null;
        for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = encode(decode(equals < 0 ? pair : pair.substring(0, equals)));
            if (!pair.isEmpty() && name.equals(component.queryParameter())) {
                if (found != null) {
                    throw component.error("names a query parameter that is there twice");
                }
                found = equals < 0 ? "" : encode(decode(pair.substring(equals + 1)));
            }
        }
        if (found == null) {
            throw component.error("names a query parameter that is not there");
        }
        return found;
    }

    private static boolean hasBlankOrControl(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) <= ' ' || uri.charAt(i) >= 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static String withoutDefaultPort(String scheme, String authority) {
        String port = scheme.equals("https") ? ":443" : ":80";
        if (authority.endsWith(port)) {
            return authority.substring(0, authority.length() - port.length());
        }
        return authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
    }

    /** The form parser of the URL standard: plus is a space, a percent sign without two digits stays. */
    private static String decode(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (character == '%' && high >= 0 && low >= 0) {
                octets.write(high * 16 + low);
                i += 2;
            } else {
                octets.write(character == '+' ? ' ' : character);
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xff);
            boolean plain = (character >= 'a' && character <= 'z')
                    || (character >= 'A' && character <= 'Z')
                    || (character >= '0' && character <= '9')
                    || "*-._".indexOf(character) >= 0;
            if (plain) {
                encoded.append(character);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(octet >> 4 & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
            }
        }
        return encoded.toString();
    }
}
