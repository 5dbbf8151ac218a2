package org.fapipack.httpsignatures.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import org.fapipack.httpsignatures.server.LimitedBuffer;

/** Keeps the content back; status and header fields go through, where they can still be changed. */
final class BufferedResponse extends HttpServletResponseWrapper {

    private final LimitedBuffer buffer;
    private ServletOutputStream stream;
    private PrintWriter writer;

    BufferedResponse(HttpServletResponse response, int maxOctets) {
        super(response);
        buffer = new LimitedBuffer(maxOctets);
    }

    boolean isTooLong() {
        return buffer.isTooLong();
    }

    byte[] content() {
        flush();
        return buffer.octets();
    }

    /** What was made so far is not sent. */
    void fail() {
        writer = null;
        reset();
        setStatus(SC_INTERNAL_SERVER_ERROR);
    }

    private void flush() {
        if (writer != null) {
            writer.flush();
        }
    }

    @Override
    public ServletOutputStream getOutputStream() {
        if (writer != null) {
            throw new IllegalStateException("getWriter was called");
        }
        if (stream == null) {
            stream = new Stream(buffer);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (stream != null) {
            throw new IllegalStateException("getOutputStream was called");
        }
        if (writer == null) {
            String encoding = getCharacterEncoding();
            setCharacterEncoding(encoding);
            writer = new PrintWriter(new OutputStreamWriter(buffer, encoding));
        }
        return writer;
    }

    /** Nothing is sent before the signature. */
    @Override
    public void flushBuffer() {
        flush();
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public void resetBuffer() {
        flush();
        buffer.reset();
    }

    @Override
    public void reset() {
        super.reset();
        resetBuffer();
        stream = null;
        writer = null;
    }

    @Override
    public void setContentLength(int length) {
        // Known at the end.
    }

    @Override
    public void setContentLengthLong(long length) {
        // Known at the end.
    }

    @Override
    public void sendError(int status) {
        resetBuffer();
        setStatus(status);
    }

    @Override
    public void sendError(int status, String message) {
        sendError(status);
    }

    @Override
    public void sendRedirect(String location) {
        resetBuffer();
        setStatus(SC_FOUND);
        setHeader("Location", location);
    }

    private static final class Stream extends ServletOutputStream {
        private final LimitedBuffer buffer;

        private Stream(LimitedBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("only for asynchronous processing");
        }

        @Override
        public void write(int octet) throws IOException {
            buffer.write(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int count) throws IOException {
            buffer.write(octets, offset, count);
        }
    }
}
