// SPDX-License-Identifier: Apache-2.0
package gate.tests.abi;

import static org.assertj.core.api.Assertions.assertThat;

import gate.engine.runtime.Execution.Status;
import gate.engine.runtime.GuestExit;
import gate.engine.runtime.Trap;
import gate.engine.wasm.Export;
import gate.engine.wasm.ExternalKind;
import gate.engine.wasm.FunctionType;
import gate.engine.wasm.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every import function with any arguments and any memory: the program ends in a way that a program may,
/// and the host is asked for nothing that isn't its.
final class AbiFuzzTest {
    private static final List<String> FILES = List.of(
            "arguments.wat",
            "clocks.wat",
            "descriptors.wat",
            "paths.wat",
            "sockets.wat",
            "process.wat",
            "transfers.wat",
            "poll.wat",
            "io.wat");

    /// Calls of functions that take lists; the others have a tenth.
    private static final int CALLS = 3000;

    private final Random random = new Random(20_260_224);
    private final Map<String, Integer> endings = new TreeMap<>();
    private AbiGuest guest = AbiGuest.of("io.wat");

    private long size() {
        return guest.memory.byteSize();
    }

    private long argument() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> random.nextInt(5);
            case 2 -> size() - random.nextInt(64);
            case 3 -> random.nextInt();
            case 4 -> random.nextLong();
            case 5 -> -1 - random.nextInt(10);
            case 6 -> 1L << random.nextInt(32);
            case 7 -> random.nextInt(2000);
            default -> 8L * random.nextInt((int) (size() / 8));
        };
    }

    /// Bytes that are often a list, a subscription or nothing.
    private void fillMemory() {
        long address = 8L * random.nextInt((int) size() / 8);
        for (int i = 0; i < 40 && address <= size() - 8; i++, address += 8) {
            long value = switch (random.nextInt(5)) {
                case 0 -> 0;
                case 1 -> random.nextInt(4);
                case 2 -> random.nextInt((int) size()) | (long) random.nextInt(100) << 32;
                case 3 -> argument() & 0xFFFF_FFFFL | argument() << 32;
                default -> random.nextLong();
            };
            guest.memory.storeLong(address, value);
        }
    }

    private void prepareHost() {
        guest.log.clear();
        guest.packets.waits.clear();
        guest.packets.room = random.nextInt(100);
        guest.packets.pieceMax = 1 + random.nextInt(100);
        if (random.nextBoolean()) {
            guest.packets.receive(new byte[random.nextInt(50)]);
        }
        guest.packets.whileWaiting = () -> {
            // A time far away on a clock that may be set is looked at every second.
            if (guest.packets.waits.size() > 20 || random.nextBoolean()) {
                guest.execution().suspend();
            } else {
                guest.packets.receive(new byte[1]);
                guest.packets.wake();
            }
        };
        guest.onLog = () -> {
            assertThat((long) guest.log.getLast().length()).isLessThanOrEqualTo(65_536);
            if (guest.log.size() > 20) {
                guest.execution().suspend();
            }
        };
    }

    /// @return whether the guest can make another call
    private boolean call(String function, FunctionType type) {
        long[] arguments = new long[type.parameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            long argument = argument();
            arguments[i] = type.parameter(i) == ValueType.I32 ? (int) argument : argument;
        }
        String ending;
        boolean goesOn = false;
        try {
            Status status = guest.start(function, arguments);
            for (int i = 0;
                    i < 3
                            && status == Status.SUSPENDED
                            && guest.abi.deficiency().isEmpty();
                    i++) {
                guest.packets.receive(new byte[1]);
                status = guest.resume();
            }
            goesOn = status == Status.FINISHED;
            ending = guest.abi.deficiency().isPresent() ? "deficiency" : status.toString();
            assertThat(status).isIn(Status.FINISHED, Status.SUSPENDED);
        } catch (Trap trap) {
            assertThat(trap.code()).isEqualTo(Trap.Code.MEMORY_OUT_OF_BOUNDS);
            ending = "trap";
        } catch (GuestExit exit) {
            assertThat(function).isEqualTo("proc_exit");
            ending = "exit";
        }
        endings.merge(ending, 1, Integer::sum);
        return goesOn;
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void anyArgumentsEndInAWayThatAProgramMayEnd() {
        for (String file : FILES) {
            boolean lists = List.of("transfers.wat", "poll.wat", "io.wat").contains(file);
            guest.close();
            guest = AbiGuest.of(file);
            List<Export> functions = guest.instance().module().exports().values().stream()
                    .filter(export -> export.kind() == ExternalKind.FUNCTION)
                    .toList();
            for (int i = 0; i < (lists ? CALLS : CALLS / 10) * functions.size(); i++) {
                fillMemory();
                prepareHost();
                Export function = functions.get(i % functions.size());
                if (!call(function.name(), guest.instance().module().functionType(function.index()))) {
                    guest.close();
                    guest = AbiGuest.of(file);
                }
            }
        }
        guest.close();
        assertThat(endings.keySet()).contains("FINISHED", "trap", "deficiency", "exit");
    }
}
