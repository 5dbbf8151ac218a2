package org.fapipack.bench.signatures;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;

/**
 * One HTTP/1.1 connection to this machine that stays open. Sends octets and reads an answer with {@code Content-Length}, nothing else: what a whole
 * client costs would hide what the server does.
 */
final class Connection implements Closeable {

    /** Status line and fields as they came, and the content. */
    record Answer(String head, byte[] content) {

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[16_384];

    Connection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    Answer exchange(byte[] request) throws IOException {
        out.write(request);
        int filled = 0;
        int headEnd;
        do {
            filled += read(filled);
            headEnd = headEnd(filled);
        } while (headEnd < 0);
        String head = new String(buffer, 0, headEnd, ISO_8859_1);
        int end = headEnd + contentLength(head);
        while (filled < end) {
            filled += read(filled);
        }
        return new Answer(head, Arrays.copyOfRange(buffer, headEnd, end));
    }

    private int read(int filled) throws IOException {
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) {
            throw new EOFException("the server closed the connection, or its answer is too long");
        }
        return read;
    }

    private int headEnd(int filled) {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(String head) {
        String name = "\r\ncontent-length: ";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name) + name.length();
        return Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
