package org.fapipack.core.outgoing;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Where an IP address leads. An address that carries another one (IPv4 in IPv6, NAT64, 6to4) leads where that one does.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IANA special-purpose addresses</a>
 */
public enum AddressReach {
    /** To anybody on the internet. */
    PUBLIC,
    /** To this machine, or to the operator's own network. */
    PRIVATE,
    /** To nobody whom a server should call: link-local (where clouds keep credentials), multicast, reserved. */
    NONE;

    private record Block(List<Integer> start, int bits, AddressReach reach) {

        static Block of(AddressReach reach, int bits, Integer... start) {
            return new Block(List.of(start), bits, reach);
        }

        /** Bytes that are left out of the start are zero. */
        boolean holds(byte[] address, int length) {
            if (address.length != length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                int wanted = bit / 8 < start.size() ? start.get(bit / 8) : 0;
                if ((address[bit / 8] & mask) != (wanted & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> IPV4 = List.of(
            Block.of(NONE, 8, 0),
            Block.of(PRIVATE, 8, 10),
            Block.of(PRIVATE, 10, 100, 64),
            Block.of(PRIVATE, 8, 127),
            Block.of(NONE, 16, 169, 254),
            Block.of(PRIVATE, 12, 172, 16),
            Block.of(NONE, 24, 192, 0, 0),
            Block.of(NONE, 24, 192, 0, 2),
            Block.of(NONE, 24, 192, 88, 99),
            Block.of(PRIVATE, 16, 192, 168),
            Block.of(NONE, 15, 198, 18),
            Block.of(NONE, 24, 198, 51, 100),
            Block.of(NONE, 24, 203, 0, 113),
            Block.of(NONE, 3, 224));

    /** Only 2000::/3 is given out; the rest is refused unless it is listed here. */
    private static final List<Block> IPV6 = List.of(
            Block.of(PRIVATE, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
            Block.of(PRIVATE, 7, 0xfc),
            Block.of(NONE, 23, 0x20, 0x01, 0x00, 0x00),
            Block.of(NONE, 32, 0x20, 0x01, 0x0d, 0xb8),
            Block.of(NONE, 20, 0x3f, 0xff, 0x00),
            Block.of(PUBLIC, 3, 0x20));

    private static final Block NAT64 = Block.of(PUBLIC, 96, 0x00, 0x64, 0xff, 0x9b);
    private static final Block SIX_TO_FOUR = Block.of(PUBLIC, 16, 0x20, 0x02);
    private static final Block MAPPED = Block.of(PUBLIC, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;

    /** Where the address leads. */
    public static AddressReach of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? ofIpv6(bytes) : ofIpv4(bytes);
    }

    private static AddressReach ofIpv4(byte[] bytes) {
        return IPV4.stream()
                .filter(block -> block.holds(bytes, IPV4_LENGTH))
                .map(Block::reach)
                .findFirst()
                .orElse(PUBLIC);
    }

    private static AddressReach ofIpv6(byte[] bytes) {
        if (NAT64.holds(bytes, IPV6_LENGTH) || MAPPED.holds(bytes, IPV6_LENGTH)) {
            return ofIpv4(Arrays.copyOfRange(bytes, 12, 16));
        }
        if (SIX_TO_FOUR.holds(bytes, IPV6_LENGTH)) {
            return ofIpv4(Arrays.copyOfRange(bytes, 2, 6));
        }
        return IPV6.stream()
                .filter(block -> block.holds(bytes, IPV6_LENGTH))
                .map(Block::reach)
                .findFirst()
                .orElse(NONE);
    }

    /**
     * Checks all addresses of a name: one that must not be called spoils the others, so that nobody can slip one in.
     *
     * @param privateToo whether the operator allows addresses of its own network
     * @return the addresses as they are
     * @throws UnknownHostException if one of them must not be called
     */
    public static InetAddress[] check(InetAddress[] addresses, boolean privateToo) throws UnknownHostException {
        for (InetAddress address : addresses) {
            AddressReach reach = of(address);
            if (reach == NONE || (reach == PRIVATE && !privateToo)) {
                throw new RefusedAddress();
            }
        }
        return addresses;
    }

    /** One of the addresses must not be called. */
    public static final class RefusedAddress extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        RefusedAddress() {
            super("the name leads to an address that must not be called");
        }
    }
}
