// SPDX-License-Identifier: Apache-2.0
package gate.tests.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Somebody who has connected to a program.
final class Client implements AutoCloseable {
    private static final int MILLIS_MAX = 120_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MILLIS_MAX);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The end of what it sends; it still receives.
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /// As many bytes as the text has.
    String receive(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.UTF_8);
    }

    byte[] receive(byte[] bytes) throws IOException {
        return in.readNBytes(bytes.length);
    }

    /// Up to the end of what the program sends.
    byte[] receiveAll() throws IOException {
        return in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
