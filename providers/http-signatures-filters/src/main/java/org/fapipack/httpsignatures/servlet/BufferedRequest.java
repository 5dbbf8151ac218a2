package org.fapipack.httpsignatures.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The request again, with the octets that were verified. */
final class BufferedRequest extends HttpServletRequestWrapper {

    private final byte[] octets;
    private final ServletInputStream stream;
    private Map<String, String[]> parameters;

    BufferedRequest(HttpServletRequest request, byte[] octets) {
        super(request);
        this.octets = octets;
        this.stream = new Stream(new ByteArrayInputStream(octets));
    }

    @Override
    public ServletInputStream getInputStream() {
        return stream;
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(stream, charset()));
    }

    @Override
    public String getParameter(String name) {
        String[] values = getParameterValues(name);
        return values == null ? null : values[0];
    }

    @Override
    public String[] getParameterValues(String name) {
        return getParameterMap().get(name);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    /** The container has nothing left to read the parameters of a form from. */
    @Override
    public Map<String, String[]> getParameterMap() {
        if (parameters == null) {
            Map<String, List<String>> all = new LinkedHashMap<>();
            super.getParameterMap().forEach((name, values) -> all.put(name, new ArrayList<>(List.of(values))));
            String type = getContentType();
            if (type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded")) {
                form(all);
            }
            Map<String, String[]> arrays = new LinkedHashMap<>();
            all.forEach((name, values) -> arrays.put(name, values.toArray(String[]::new)));
            parameters = Collections.unmodifiableMap(arrays);
        }
        return parameters;
    }

    private void form(Map<String, List<String>> parameters) {
        for (String pair : new String(octets, StandardCharsets.ISO_8859_1).split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                parameters
                        .computeIfAbsent(name, unseen -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
    }

    private String decoded(String text) {
        try {
            return URLDecoder.decode(text, charset());
        } catch (IllegalArgumentException percentSignWithoutDigits) {
            return text;
        }
    }

    private Charset charset() {
        String name = getCharacterEncoding();
        return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    @Override
    public Collection<Part> getParts() throws ServletException {
        throw new ServletException("multipart content is not parsed behind the signature filter; read the stream");
    }

    @Override
    public Part getPart(String name) throws ServletException {
        throw new ServletException("multipart content is not parsed behind the signature filter; read the stream");
    }

    @Override
    public boolean isAsyncSupported() {
        return false;
    }

    @Override
    public AsyncContext startAsync() {
        throw new IllegalStateException("an answer that is signed cannot be made asynchronously");
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return startAsync();
    }

    private static final class Stream extends ServletInputStream {
        private final ByteArrayInputStream octets;

        private Stream(ByteArrayInputStream octets) {
            this.octets = octets;
        }

        @Override
        public boolean isFinished() {
            return octets.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("only for asynchronous processing");
        }

        @Override
        public int available() {
            return octets.available();
        }

        @Override
        public int read() {
            return octets.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            return octets.read(buffer, offset, count);
        }
    }
}
