// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gate.server.service.ServiceFailure;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Services at TCP ports, with TLS and without. TLS is for other machines: so the server's address is one that doesn't
/// look like this one, though it is.
final class NetworkServiceTest extends RemotePrograms {
    private static final String OTHER = "127.0.0.2";
    private static final String PASSWORD = "password";

    private void echoes(String target) throws InterruptedException {
        connect(IMPATIENT, target);
        Running program = start().discovers("test");
        program.port().sends(call(7));
        assertThat(number(program.port().receive())).isEqualTo(7);
    }

    private static NettyServerBuilder server(String host) {
        TestServices services = new TestServices();
        return NettyServerBuilder.forAddress(new InetSocketAddress(host, 0))
                .addService(services.root())
                .addService(services.instance());
    }

    private static void end(Server server) throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination();
    }

    @Test
    void portOfThisMachineIsReachedWithoutTls() throws Exception {
        Server server = server("127.0.0.1").build().start();
        try {
            echoes("dns:///127.0.0.1:" + server.getPort());
            closeAll();
        } finally {
            end(server);
        }
    }

    @Test
    void insecurePortOfAnotherMachineIsReachedWhereThatIsSaid() throws Exception {
        Server server = server(OTHER).build().start();
        try {
            echoes(OTHER + ":" + server.getPort() + ",insecure");
            closeAll();
            assertThatThrownBy(() -> connect(IMPATIENT, OTHER + ":" + server.getPort()))
                    .isInstanceOf(ServiceFailure.class)
                    .hasMessageContaining("services can't be reached: " + OTHER);
        } finally {
            end(server);
        }
    }

    @Test
    void anotherMachineIsReachedWithTlsWhereItsCertificateIsTrusted() throws Exception {
        KeyStore keys = certificate();
        Path certificate = pem("CERTIFICATE", keys.getCertificate("test").getEncoded());
        Key key = keys.getKey("test", PASSWORD.toCharArray());
        Server server = server(OTHER)
                .useTransportSecurity(
                        certificate.toFile(),
                        pem("PRIVATE KEY", key.getEncoded()).toFile())
                .build()
                .start();
        try {
            assertThatThrownBy(() -> connect(IMPATIENT, OTHER + ":" + server.getPort()))
                    .isInstanceOf(ServiceFailure.class);
            System.setProperty("javax.net.ssl.trustStore", store().toString());
            System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
            echoes(OTHER + ":" + server.getPort());
            closeAll();
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
            end(server);
        }
    }

    private Path store() {
        return folder.resolve("keys.p12");
    }

    /// A key with a certificate that nobody has signed but itself.
    private KeyStore certificate() throws IOException, InterruptedException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "test",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=ip:" + OTHER,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store().toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private Path pem(String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(bytes);
        return Files.writeString(
                folder.resolve(what.replace(' ', '-')),
                "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
