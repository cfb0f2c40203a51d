// SPDX-License-Identifier: Apache-2.0
package gate.tests.hostile;

import gate.contract.packet.Discovery;
import gate.contract.packet.Packet;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;

/// A program that sends given bytes, whatever they are, and then does something.
final class SpeakingProgram {
    /// Receives and forgets, for ever.
    static final String RECEIVE_ALL = """
            (loop $more
              (call $io (i32.const 0) (i32.const 1) (i32.const 16) (i32.const 0) (i32.const 0) (i32.const 0)
                (i64.const -1) (i32.const 0))
              (br $more))
            (unreachable)
            """;

    /// Runs for ever.
    static final String SPIN = """
            (loop $more
              (i32.store (i32.const 24) (i32.add (i32.load (i32.const 24)) (i32.const 1)))
              (br $more))
            (unreachable)
            """;

    /// 0: a buffer to receive into, 8: one to send from, 16: bytes received, 20: bytes sent; 1,024: what is received.
    /// What is sent is at the second page.
    private static final String TEXT = """
            (module
              (import "gate" "io_65536" (func $io (param i32 i32 i32 i32 i32 i32 i64 i32)))
              (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory PAGES)
              (data (i32.const 0) "\\00\\04\\00\\00" "\\00\\04\\00\\00")
              (data (i32.const 65536) "SENT")
              (func $send (param $at i32) (param $length i32)
                (block $done
                  (loop $more
                    (br_if $done (i32.eqz (local.get $length)))
                    (i32.store (i32.const 8) (local.get $at))
                    (i32.store (i32.const 12) (local.get $length))
                    (call $io (i32.const 0) (i32.const 0) (i32.const 0)
                      (i32.const 8) (i32.const 1) (i32.const 20) (i64.const -1) (i32.const 0))
                    (local.set $at (i32.add (local.get $at) (i32.load (i32.const 20))))
                    (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 20))))
                    (br $more))))
              (func $rest (call $send (i32.const AT) (i32.const MORE)))
              (func $await (param $bytes i32)
                (loop $more
                  (call $io (i32.const 0) (i32.const 1) (i32.const 16) (i32.const 0) (i32.const 0) (i32.const 0)
                    (i64.const -1) (i32.const 0))
                  (local.set $bytes (i32.sub (local.get $bytes) (i32.load (i32.const 16))))
                  (br_if $more (i32.gt_s (local.get $bytes) (i32.const 0)))))
              (func $deep (param i32) (result i64)
                (i64.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i64.const 1)))
              (func (export "again") (result i32) (i32.const 0))
              (func (export "_start") (result i32)
                (call $send (i32.const 65536) (i32.const LENGTH))
                THEN))
            """;

    private SpeakingProgram() {}

    /// @param then instructions, with an `i32` or an end that isn't reached
    static String text(byte[] sent, String then) {
        return text(sent, then, new byte[0]);
    }

    /// @param rest what `$rest` sends; `$await` receives so many bytes
    static String text(byte[] sent, String then, byte[] rest) {
        int bytes = sent.length + rest.length;
        return TEXT.replace("PAGES", Integer.toString(1 + (bytes + 65_535) / 65_536))
                .replace("SENT", hex(sent) + hex(rest))
                .replace("LENGTH", Integer.toString(sent.length))
                .replace("AT", Integer.toString(65_536 + sent.length))
                .replace("MORE", Integer.toString(rest.length))
                .replace("THEN", then);
    }

    private static String hex(byte[] bytes) {
        return bytes.length == 0 ? "" : "\\" + HexFormat.ofDelimiter("\\").formatHex(bytes);
    }

    /// Bytes as a program that keeps to the rules sends them: with padding.
    static byte[] sent(List<Packet> packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            out.write(packet.array(), 0, packet.size());
            out.write(new byte[7], 0, Packet.padding(packet.size()));
        }
        return out.toByteArray();
    }

    static Packet discover(String... names) {
        return Discovery.request(List.of(names));
    }
}
