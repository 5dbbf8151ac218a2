package org.fapipack.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class DistinguishedNameTest {

    private static final ASN1ObjectIdentifier ORGANIZATION_IDENTIFIER = new ASN1ObjectIdentifier("2.5.4.97");
    private static final ASN1ObjectIdentifier JURISDICTION_COUNTRY =
            new ASN1ObjectIdentifier("1.3.6.1.4.1.311.60.2.1.3");

    /** From the root down, as a certificate has it. */
    private static final X500Principal ECOSYSTEM = principal(new X500NameBuilder()
            .addRDN(BCStyle.C, new DERPrintableString("BR"))
            .addRDN(BCStyle.ST, new DERUTF8String("São Paulo"))
            .addRDN(BCStyle.O, new DERUTF8String("Banco, Exemplo S.A."))
            .addRDN(JURISDICTION_COUNTRY, new DERPrintableString("BR"))
            .addRDN(BCStyle.BUSINESS_CATEGORY, new DERUTF8String("Private Organization"))
            .addRDN(BCStyle.SERIALNUMBER, new DERPrintableString("43142666000197"))
            .addRDN(ORGANIZATION_IDENTIFIER, new DERUTF8String("OFBBR-a1b2c3"))
            .addRDN(BCStyle.CN, new DERUTF8String("app.example.com")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                // names
                "CN=app.example.com,organizationIdentifier=OFBBR-a1b2c3,serialNumber=43142666000197,businessCategory=Private Organization,"
                        + "jurisdictionCountryName=BR,O=Banco\\, Exemplo S.A.,ST=São Paulo,C=BR",
                // dotted, bare and with a prefix
                "CN=app.example.com,2.5.4.97=OFBBR-a1b2c3,OID.2.5.4.5=43142666000197,oid.2.5.4.15=Private Organization,"
                        + "1.3.6.1.4.1.311.60.2.1.3=BR,O=Banco\\, Exemplo S.A.,ST=São Paulo,C=BR",
                // hexadecimal values: UTF8String and PrintableString
                "2.5.4.3=app.example.com,2.5.4.97=#0c0c4f464242522d613162326333,2.5.4.5=#130e3433313432363636303030313937,"
                        + "2.5.4.15=#131450726976617465204f7267616e697a6174696f6e,1.3.6.1.4.1.311.60.2.1.3=#13024252,"
                        + "O=Banco\\2C Exemplo S.A.,ST=S\\C3\\A3o Paulo,C=BR",
                // case, spaces, quotes
                "cn=APP.example.COM , ORGANIZATIONIDENTIFIER=ofbbr-A1B2C3, SerialNumber=43142666000197 ,businesscategory=PRIVATE   organization,"
                        + "JURISDICTIONCOUNTRYNAME=br,o=\"banco, exemplo s.a.\",st=SÃO PAULO,c=br",
                "commonName=app.example.com,organizationIdentifier=OFBBR-a1b2c3,serialNumber=43142666000197,businessCategory=Private Organization,"
                        + "jurisdictionC=BR,organizationName=Banco\\, Exemplo S.A.,stateOrProvinceName=São Paulo,countryName=BR"
            })
    void theSameNameInOtherWordsMatches(String registered) {
        assertThat(DistinguishedName.parse(registered))
                .isPresent()
                .isEqualTo(DistinguishedName.of(ECOSYSTEM))
                .hasSameHashCodeAs(DistinguishedName.of(ECOSYSTEM));
    }

    @Test
    void theStringThatTheJdkWritesMatches() {
        for (String format : new String[] {X500Principal.RFC2253, X500Principal.RFC1779, X500Principal.CANONICAL}) {
            assertThat(DistinguishedName.parse(ECOSYSTEM.getName(format)))
                    .as(format)
                    .isPresent()
                    .isEqualTo(DistinguishedName.of(ECOSYSTEM));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    another order           | CN=a,O=b               | O=b,CN=a
                    a part                  | CN=a,O=b               | CN=a
                    a part of the other end | CN=a,O=b               | O=b
                    one more                | CN=a                   | CN=a,C=BR
                    another value           | CN=a,O=b               | CN=a,O=c
                    another type            | CN=a,O=b               | CN=a,OU=b
                    one RDN of two          | CN=a,O=b               | CN=a+O=b
                    half an RDN             | CN=a+O=b               | CN=a
                    spaces are not nothing  | CN=a b                 | CN=ab
                    a wildcard is no rule   | CN=app,O=b             | CN=*,O=b
                    a pattern is no rule    | CN=app                 | CN=.*
                    the comma is a value's  | CN=a,O=b               | CN=a\\,O=b
                    an accent counts        | CN=José                | CN=Jose
                    another OID             | 2.5.4.97=x             | 2.5.4.98=x
                    one of equal RDNs       | OU=x,OU=x,CN=a         | OU=x,CN=a
                    equal types in order    | OU=x,OU=y              | OU=y,OU=x
                    """)
    void aDifferentNameDoesNot(String why, String certificate, String registered) {
        DistinguishedName present = DistinguishedName.parse(certificate).orElseThrow();
        DistinguishedName other = DistinguishedName.parse(registered).orElseThrow();
        assertThat(present).as(why).isNotEqualTo(other);
        assertThat(other).as(why).isNotEqualTo(present);
        assertThat(present).isEqualTo(DistinguishedName.parse(certificate).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    CN=a+OU=b,O=c   | OU=b+CN=a,O=c
                    CN=a+OU=b       | ou=B+cn=A
                    CN=\\ a\\ \\ b\\20 | CN=a b
                    CN=a\\2Bb       | CN=a\\+b
                    CN=a\\=b        | CN=a=b
                    CN=\\#1         | CN=\\231
                    CN="a,b"        | CN=a\\,b
                    CN="a\\"b"      | CN=a\\22b
                    DC=Example,DC=COM | dc=example,domainComponent=com
                    E=A@b.example   | emailAddress=a@B.example
                    UID=x           | userId=x
                    SURNAME=x       | sn=X
                    CN=straße       | CN=STRASSE
                    CN=ＡＰＰ         | CN=app
                    CN=é            | CN=e\\CC\\81
                    CN=a;O=b        | CN=a,O=b
                    """)
    void twoFormsOfOneNameMatch(String one, String other) {
        assertThat(DistinguishedName.parse(one)).isPresent().isEqualTo(DistinguishedName.parse(other));
    }

    @Test
    void theStringTypeDoesNotCount() {
        DistinguishedName registered = DistinguishedName.parse("CN=app").orElseThrow();
        for (ASN1Encodable value : new ASN1Encodable[] {
            new DERUTF8String("app"),
            new DERPrintableString("app"),
            new DERIA5String("App"),
            new DERT61String("app"),
            new DERBMPString("aPP"),
            new DERUniversalString(new byte[] {0, 0, 0, 'a', 0, 0, 0, 'p', 0, 0, 0, 'p'})
        }) {
            assertThat(DistinguishedName.of(principal(new X500NameBuilder().addRDN(BCStyle.CN, value))))
                    .as(value.getClass().getSimpleName())
                    .contains(registered);
        }
    }

    @Test
    void whatIsNoStringIsComparedByItsOctets() {
        DistinguishedName present = name(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(new byte[] {1, 2}));
        assertThat(present)
                .isEqualTo(DistinguishedName.parse("2.5.4.45=#0303000102").orElseThrow())
                .isNotEqualTo(DistinguishedName.parse("2.5.4.45=#0303000103").orElseThrow())
                .isNotEqualTo(DistinguishedName.parse("2.5.4.45=#0403000102").orElseThrow())
                .isNotEqualTo(DistinguishedName.parse("2.5.4.45=x").orElseThrow());
    }

    @Test
    void aSetOfEqualAttributesIsNoName() {
        X500NameBuilder twice = new X500NameBuilder().addMultiValuedRDN(new AttributeTypeAndValue[] {
            new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("a")),
            new AttributeTypeAndValue(BCStyle.CN, new DERPrintableString("A"))
        });
        assertThat(DistinguishedName.of(principal(twice))).isEmpty();
        assertThat(DistinguishedName.of(principal(new X500NameBuilder()))).isEmpty();
    }

    @ParameterizedTest
    @EmptySource
    @ValueSource(
            strings = {
                " ",
                ",",
                "CN",
                "=",
                "=a",
                "CN=a,",
                ",CN=a",
                "CN=a,,O=b",
                "CN=a+",
                "+",
                "unknownName=a",
                "2.5.4.=a",
                "2..5=a",
                "9.9.9=a",
                "OID.=a",
                "CN=#",
                "CN=#0",
                "CN=#zz",
                "CN=#0c",
                "CN=#0c05",
                "CN=#0cff",
                "CN=#0c02ff",
                "CN=#0c01ff",
                "CN=#3000",
                "CN=\"a",
                "CN=a\\",
                "CN=a\\2",
                "CN=<a>",
                "CN=\uFFFD",
                "CN=\uE000",
                "CN=\uD800",
                "CN=a+CN=A",
                "\u0000",
                "CN=a\nO=b,"
            })
    void whatIsNoNameMatchesNothing(String text) {
        assertThat(DistinguishedName.parse(text))
                .isNotEqualTo(DistinguishedName.parse("CN=a"))
                .isNotEqualTo(DistinguishedName.parse("CN=a,O=b"));
    }

    @Test
    void noTextCausesAnException() {
        Random random = new Random(8705);
        String alphabet = "CNO=,+;\\\"#<> 0123456789abcdefé.\uFFFD\u0000*";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "CN=" : "");
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            DistinguishedName.parse(text.toString())
                    .ifPresent(name -> assertThat(name)
                            .as(text.toString())
                            .isEqualTo(DistinguishedName.parse(text.toString()).orElseThrow()));
        }
    }

    private static DistinguishedName name(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return DistinguishedName.of(principal(new X500NameBuilder().addRDN(type, value)))
                .orElseThrow();
    }

    private static X500Principal principal(X500NameBuilder name) {
        try {
            return new X500Principal(name.build().getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
