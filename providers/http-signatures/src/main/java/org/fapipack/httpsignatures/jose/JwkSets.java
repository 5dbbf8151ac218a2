package org.fapipack.httpsignatures.jose;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Arrays;
import org.fapipack.httpsignatures.VerificationKeys;

/** Reads JWK sets from JSON. */
public final class JwkSets {

    private JwkSets() {}

    /**
     * The keys of a JWK set that can be used to verify.
     *
     * @param json the JSON document, not null
     * @throws ParseException when it is no JSON object with an array of objects in {@code keys}
     */
    public static VerificationKeys parse(String json) throws ParseException {
        var keys = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
        if (keys == null) {
            throw new ParseException("there is no keys", 0);
        }
        return VerificationKeys.ofJwks(Arrays.asList(keys));
    }
}
