package org.fapipack.httpsignatures.server;

import java.util.List;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.FieldLine;

/** What becomes of a request. */
public sealed interface Decision {

    /**
     * It is handed on.
     *
     * @param evidence of its signatures; empty when it was not signed and did not have to be
     */
    record Passed(List<Evidence> evidence) implements Decision {
        public Passed {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * It is answered here, without a signature.
     *
     * @param status of the answer
     * @param fields of the answer
     * @param body of the answer, JSON
     * @param reason a stable code for logs and metrics
     */
    record Refused(int status, List<FieldLine> fields, String body, String reason) implements Decision {
        public Refused {
            fields = List.copyOf(fields);
        }
    }
}
