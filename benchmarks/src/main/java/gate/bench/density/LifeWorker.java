// SPDX-License-Identifier: Apache-2.0
package gate.bench.density;

import gate.bench.Statistics;
import gate.contract.packet.Domain;
import gate.contract.packet.Packet;
import gate.executor.host.instance.InstanceException;
import gate.executor.host.instance.Program;
import gate.server.service.Service;
import gate.server.service.ServiceContext;
import gate.server.service.ServiceInstance;
import gate.server.service.origin.OriginConnection;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A process that measures starts, packets and streams.
///
/// Prints a line of tab-separated numbers for each: launching in ns (p50, p99), launching and running to the end (p50,
/// p99), the same behind as many spinning programs as there are processors (p50, p99), round trip to a service (p50,
/// p99), packets a second, streamed bytes a second.
public final class LifeWorker {
    private LifeWorker() {}

    /// Takes the times between calls.
    private static final class Timed implements Service {
        private final double[] nanos;
        private final CountDownLatch done = new CountDownLatch(1);
        private int count;
        private long last;

        Timed(int calls) {
            nanos = new double[calls];
        }

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public ServiceInstance create(ServiceContext context, byte[] state) {
            return packet -> {
                long now = System.nanoTime();
                if (count > 0 && count <= nanos.length) {
                    nanos[count - 1] = now - last;
                }
                last = now;
                if (count == nanos.length) {
                    done.countDown();
                }
                count++;
                return packet.domain() == Domain.CALL ? Packet.call(0, new byte[8]) : null;
            };
        }
    }

    /// Arguments: how many starts, calls, messages, bytes.
    public static void main(String[] args) throws InstanceException, InterruptedException {
        int starts = Integer.parseInt(args[0]);
        int calls = Integer.parseInt(args[1]);
        int messages = Integer.parseInt(args[2]);
        long bytes = Long.parseLong(args[3]);
        House house = new House(List.of());
        Program waiting = House.program("waiting.wat");
        Program spinning = House.program("spinning.wat");
        launching(house, waiting, starts);
        launching(house, waiting, starts);
        print(launching(house, waiting, starts));
        whole(house, spinning, starts);
        print(whole(house, spinning, starts));
        List<House.Running> busy = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(house.launch(spinning, "spin"));
        }
        print(whole(house, spinning, Math.min(starts, 300)));
        busy.forEach(running -> running.instance().close());
        print(calls("call", calls));
        double[] between = calls("message", messages);
        double sum = 0;
        for (double nanos : between) {
            sum += nanos;
        }
        System.out.printf("%d%n", (long) (between.length / (sum / 1e9)));
        System.out.printf("%d%n", streamed(house, bytes));
        Runtime.getRuntime().halt(0);
    }

    private static void print(double[] nanos) {
        System.out.printf("%d\t%d%n", (long) Statistics.median(nanos), (long) Statistics.quantile(nanos, 0.99));
    }

    private static double[] launching(House house, Program program, int count) throws InstanceException {
        double[] nanos = new double[count];
        List<House.Running> kept = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            kept.add(house.launch(program, ""));
            nanos[i] = System.nanoTime() - begun;
        }
        kept.forEach(running -> running.instance().close());
        return nanos;
    }

    private static double[] whole(House house, Program program, int count)
            throws InstanceException, InterruptedException {
        double[] nanos = new double[count];
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            House.Running running = house.launch(program, "nothing");
            running.instance().await();
            nanos[i] = System.nanoTime() - begun;
            running.instance().close();
        }
        return nanos;
    }

    private static double[] calls(String function, int count) throws InstanceException, InterruptedException {
        Timed service = new Timed(count);
        House house = new House(List.of(service));
        House.Running running = house.launch(House.program("calling.wat"), function);
        service.done.await();
        running.instance().close();
        return service.nanos;
    }

    private static long streamed(House house, long bytes) throws InstanceException, InterruptedException {
        House.Running running = house.launch(House.program("reflect.wat"), "");
        OriginConnection connection = running.services().connect().orElseThrow();
        long begun = System.nanoTime();
        connection.transfer(new Zeros(bytes), OutputStream.nullOutputStream());
        long nanos = System.nanoTime() - begun;
        running.instance().close();
        return (long) (bytes / (nanos / 1e9));
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            left -= count;
            return count;
        }
    }
}
