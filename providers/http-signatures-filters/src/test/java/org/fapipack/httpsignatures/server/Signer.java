package org.fapipack.httpsignatures.server;

import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.MessageSigner;
import org.fapipack.httpsignatures.kit.PlainKey;

/** Signs with a key of the kit. */
record Signer(PlainKey key) implements MessageSigner {

    @Override
    public String keyId() {
        return key.keyId();
    }

    @Override
    public JoseAlgorithm algorithm() {
        return JoseAlgorithm.ofJoseName(key.algorithm()).orElseThrow();
    }

    @Override
    public byte[] sign(byte[] signatureBase) {
        return key.sign(signatureBase);
    }
}
