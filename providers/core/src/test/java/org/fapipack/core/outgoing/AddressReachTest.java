package org.fapipack.core.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Literals only: nothing is looked up. */
class AddressReachTest {

    @ParameterizedTest
    @CsvSource({
        "0.255.255.255, NONE",
        "1.0.0.0, PUBLIC",
        "9.255.255.255, PUBLIC",
        "10.0.0.0, PRIVATE",
        "10.255.255.255, PRIVATE",
        "11.0.0.0, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.64.0.0, PRIVATE",
        "100.127.255.255, PRIVATE",
        "100.128.0.0, PUBLIC",
        "126.255.255.255, PUBLIC",
        "127.0.0.1, PRIVATE",
        "128.0.0.0, PUBLIC",
        "169.253.255.255, PUBLIC",
        "169.254.169.254, NONE",
        "169.255.0.0, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.16.0.0, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, PUBLIC",
        "192.0.0.8, NONE",
        "192.0.1.0, PUBLIC",
        "192.0.2.1, NONE",
        "192.167.255.255, PUBLIC",
        "192.168.0.0, PRIVATE",
        "192.169.0.0, PUBLIC",
        "198.17.255.255, PUBLIC",
        "198.18.0.0, NONE",
        "198.19.255.255, NONE",
        "198.20.0.0, PUBLIC",
        "203.0.113.1, NONE",
        "223.255.255.255, PUBLIC",
        "224.0.0.0, NONE",
        "255.255.255.255, NONE",
        "'::', NONE",
        "::1, PRIVATE",
        "::2, NONE",
        "::127.0.0.1, NONE",
        "64:ff9b::10.0.0.1, PRIVATE",
        "64:ff9b::8.8.8.8, PUBLIC",
        "64:ff9b::169.254.169.254, NONE",
        "64:ff9b:1::1, NONE",
        "100::1, NONE",
        "1fff::1, NONE",
        "2001::1, NONE",
        "2001:1ff::1, NONE",
        "2001:200::1, PUBLIC",
        "2001:db8::1, NONE",
        "2001:4860:4860::8888, PUBLIC",
        "2002:0a00:0001::1, PRIVATE",
        "2002:0808:0808::1, PUBLIC",
        "3fff::1, NONE",
        "3ffe::1, PUBLIC",
        "4000::1, NONE",
        "fbff::1, NONE",
        "fc00::1, PRIVATE",
        "fdff::1, PRIVATE",
        "fe80::1, NONE",
        "fec0::1, NONE",
        "ff02::1, NONE"
    })
    void leadsSomewhere(String address, AddressReach reach) throws UnknownHostException {
        assertThat(AddressReach.of(InetAddress.getByName(address))).isEqualTo(reach);
    }

    @Test
    void oneAddressSpoilsTheOthers() throws UnknownHostException {
        InetAddress open = InetAddress.getByName("1.1.1.1");
        InetAddress own = InetAddress.getByName("10.1.1.1");
        InetAddress cloud = InetAddress.getByName("169.254.169.254");
        InetAddress[] mixed = {open, own};
        assertThat(AddressReach.check(new InetAddress[] {open}, false)).containsExactly(open);
        assertThat(AddressReach.check(mixed, true)).containsExactly(open, own);
        assertThatThrownBy(() -> AddressReach.check(mixed, false)).isInstanceOf(AddressReach.RefusedAddress.class);
        assertThatThrownBy(() -> AddressReach.check(new InetAddress[] {open, cloud}, true))
                .isInstanceOf(AddressReach.RefusedAddress.class);
    }
}
