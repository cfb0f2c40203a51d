// SPDX-License-Identifier: Apache-2.0
package gate.tests.grpc;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A gRPC server with [TestServices], behind a Unix socket. As a program it is one that is started, and
/// serves its descriptor 3 as the original's services do.
public final class ServiceProcess implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;
    private final Path socket;

    ServiceProcess(Path socket, TestServices services) throws IOException {
        this.socket = socket;
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(services.root())
                .addService(services.instance())
                .build()
                .start();
    }

    /// With the ordinary services.
    public ServiceProcess(Path socket) throws IOException {
        this(socket, new TestServices());
    }

    /// As a process that is killed.
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
            Files.deleteIfExists(socket);
        } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The command line that starts one.
    static String command(Path marks) {
        return command(marks, marks.resolve("never").resolve("used"));
    }

    /// The command line that starts one.
    ///
    /// @param marks a folder, in which each process leaves a file of the name of its number
    /// @param used a file that is made when a program has used it
    public static String command(Path marks, Path used) {
        return List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ServiceProcess.class.getName(),
                        marks.toString(),
                        used.toString())
                .stream()
                .map(word -> "'" + word + "'")
                .reduce((line, word) -> line + " " + word)
                .orElseThrow();
    }

    /// @param args as [#command(Path, Path)] gives them
    public static void main(String[] args) throws Throwable {
        Files.createFile(
                Path.of(args[0]).resolve(Long.toString(ProcessHandle.current().pid())));
        // Java takes an inherited socket from descriptor 0 only.
        int result = (int) Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().find("dup2").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                .invoke(3, 0);
        Channel inherited = System.inheritedChannel();
        if (result != 0 || !(inherited instanceof SocketChannel gate)) {
            throw new IllegalStateException("descriptor 3 is no socket");
        }
        Path folder = Files.createTempDirectory("service-process-");
        Path path = folder.resolve("s");
        TestServices services = new TestServices();
        Thread.ofPlatform().daemon().start(() -> markUse(services, Path.of(args[1])));
        try (ServiceProcess _ = new ServiceProcess(path, services);
                SocketChannel own = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            own.connect(UnixDomainSocketAddress.of(path));
            Thread there = Thread.ofPlatform().daemon().start(() -> copy(gate, own));
            Thread.ofPlatform().daemon().start(() -> copy(own, gate));
            there.join();
        }
        Files.deleteIfExists(folder);
        System.exit(0);
    }

    private static void markUse(TestServices services, Path used) {
        try {
            while (!services.calls.take().startsWith("Create ")) {
                // Others come first.
            }
            if (Files.isDirectory(used.resolveSibling(""))) {
                Files.createFile(used);
            }
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException("no mark can be left", e);
        }
    }

    private static void copy(ByteChannel from, ByteChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // Whoever is on the other side is gone; so is this one, soon.
        }
    }
}
