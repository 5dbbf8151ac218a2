package org.fapipack.httpsignatures;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.List;

/** A curve of one of the algorithms, with what the JDK does not check. */
final class EllipticCurves {

    static final EllipticCurves P_256 = new EllipticCurves("P-256", "secp256r1", 32);
    static final EllipticCurves P_384 = new EllipticCurves("P-384", "secp384r1", 48);
    static final List<EllipticCurves> ALL = List.of(P_256, P_384);

    private final String crv;
    private final ECParameterSpec parameters;
    private final int coordinateOctets;

    private EllipticCurves(String crv, String jdkName, int coordinateOctets) {
        this.crv = crv;
        this.parameters = parameters(jdkName);
        this.coordinateOctets = coordinateOctets;
    }

    /** The name in a JWK. */
    String crv() {
        return crv;
    }

    ECParameterSpec parameters() {
        return parameters;
    }

    int coordinateOctets() {
        return coordinateOctets;
    }

    /** Another curve may have the same size, so equation, generator and order are compared. */
    boolean isCurveOf(ECPublicKey key) {
        ECParameterSpec other = key.getParams();
        return other.getCurve().getField().equals(parameters.getCurve().getField())
                && other.getCurve().getA().equals(parameters.getCurve().getA())
                && other.getCurve().getB().equals(parameters.getCurve().getB())
                && other.getGenerator().equals(parameters.getGenerator())
                && other.getOrder().equals(parameters.getOrder());
    }

    /** Whether the point satisfies the curve's equation; the JDK makes a key of one that does not. */
    boolean contains(ECPoint point) {
        EllipticCurve curve = parameters.getCurve();
        BigInteger prime = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.compareTo(prime) >= 0 || y.compareTo(prime) >= 0) {
            return false;
        }
        BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
        return y.pow(2).mod(prime).equals(right.mod(prime));
    }

    private static ECParameterSpec parameters(String jdkName) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(jdkName));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
