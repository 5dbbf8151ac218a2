package org.fapipack.httpsignatures.kit;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a server did with each request. */
record Report(String url, String time, List<Line> lines) {

    /**
     * One request.
     *
     * @param request by the name of its defect
     * @param expected what a server has to do with it
     * @param found what this one did
     */
    record Line(String request, String expected, String found, boolean passed) {}

    boolean passed() {
        return lines.stream().allMatch(Line::passed);
    }

    String table() {
        StringBuilder table = new StringBuilder();
        for (Line line : lines) {
            table.append("%-4s  %-38s  %-30s  %s%n"
                    .formatted(line.passed() ? "ok" : "FAIL", line.request(), line.expected(), line.found()));
        }
        long failed = lines.stream().filter(line -> !line.passed()).count();
        return table.append("%n%d requests, %d failed%n".formatted(lines.size(), failed))
                .toString();
    }

    String json() {
        List<Map<String, Object>> requests = new ArrayList<>();
        for (Line line : lines) {
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("request", line.request());
            request.put("expected", line.expected());
            request.put("found", line.found());
            request.put("passed", line.passed());
            requests.add(request);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("url", url);
        report.put("time", time);
        report.put("profile", "FAPI 2.0 Http Signatures, draft 01");
        report.put("passed", passed());
        report.put("requests", requests);
        return JSONObjectUtils.toJSONString(report);
    }
}
