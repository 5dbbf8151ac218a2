package org.fapipack.core.certificate;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The forms of a subject alternative name that a client can register.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2">RFC 8705 section 2.1.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280.html#section-7.2">RFC 5280 sections 7.2 to 7.5</a>
 */
public enum AlternativeName {
    /** A DNS name, in ASCII, compared without regard to case. A wildcard stands for itself. */
    DNS(2) {
        @Override
        boolean matches(byte[] present, String registered) {
            return lowerCase(ascii(present)).equals(lowerCase(registered));
        }
    },
    /** A URI. Scheme, host and hexadecimal digits have no case, and dot segments do not count; anything else is compared as it is. */
    URI(6) {
        @Override
        boolean matches(byte[] present, String registered) {
            String text = ascii(present);
            return text.equals(registered)
                    || (uri(text).isPresent() && uri(text).equals(uri(registered)));
        }
    },
    /** An IPv4 address in dotted decimal, or an IPv6 address in any form of RFC 4291, compared as octets (RFC 5952 section 8). */
    IP(7) {
        @Override
        boolean matches(byte[] present, String registered) {
            return address(registered)
                    .filter(octets -> Arrays.equals(octets, present))
                    .isPresent();
        }
    },
    /** A mailbox: the host has no case, the local part does. */
    EMAIL(1) {
        @Override
        boolean matches(byte[] present, String registered) {
            return mailbox(ascii(present)).equals(mailbox(registered));
        }
    };

    private static final String EXTENSION = "2.5.29.17";
    private static final int CONTEXT_SPECIFIC = 0x80;
    private static final Pattern IPV4 = Pattern.compile(
            "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int IPV6_OCTETS = 16;

    private final int tag;

    AlternativeName(int generalName) {
        tag = CONTEXT_SPECIFIC | generalName;
    }

    /** Whether one of the certificate's subject alternative names is of this form and is the registered one. */
    public boolean isIn(X509Certificate certificate, String registered) {
        byte[] extension = certificate.getExtensionValue(EXTENSION);
        if (extension == null || registered.isEmpty() || !isAscii(registered)) {
            return false;
        }
        List<DerElement> names;
        try {
            // The JDK's own reader gives up on the whole extension where one name is odd.
            names = DerElement.read(DerElement.read(extension).octets()).elements();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
        return names.stream()
                .filter(name -> name.tag() == tag)
                .map(DerElement::octets)
                .anyMatch(present -> matches(present, registered));
    }

    abstract boolean matches(byte[] present, String registered);

    /** IA5String; an octet outside of ASCII becomes a character that no registered value has. */
    private static String ascii(byte[] octets) {
        return new String(octets, StandardCharsets.US_ASCII);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 0x80);
    }

    private static String lowerCase(String ascii) {
        return ascii.toLowerCase(Locale.ROOT);
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(java.net.URI.create(text).normalize());
        } catch (IllegalArgumentException notAUri) {
            return Optional.empty();
        }
    }

    private static String mailbox(String text) {
        int at = text.lastIndexOf('@');
        return text.substring(0, at + 1) + lowerCase(text.substring(at + 1));
    }

    private static Optional<byte[]> address(String text) {
        boolean ipv6 = IPV6.matcher(text).matches();
        if (!ipv6 && !IPV4.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // An address, not a name, so nothing is resolved.
            byte[] octets = InetAddress.getByName(text).getAddress();
            return Optional.of(ipv6 && octets.length < IPV6_OCTETS ? mapped(octets) : octets);
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    /** InetAddress makes an IPv4 address of an IPv4-mapped one, a certificate does not. */
    private static byte[] mapped(byte[] ipv4) {
        byte[] octets = new byte[IPV6_OCTETS];
        octets[10] = -1;
        octets[11] = -1;
        System.arraycopy(ipv4, 0, octets, 12, ipv4.length);
        return octets;
    }
}
