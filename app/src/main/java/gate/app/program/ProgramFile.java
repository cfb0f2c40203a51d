// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import gate.app.CommandFailure;
import gate.app.ExitCode;
import gate.engine.snapshot.Snapshot;
import gate.engine.text.TextFormat;
import gate.engine.text.TextLimits;
import gate.engine.wasm.Feature;
import gate.engine.wasm.Limits;
import gate.engine.wasm.MalformedModuleException;
import gate.engine.wasm.Module;
import gate.engine.wasm.ModuleException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that is a module in the binary or the text format, or a saved program.
public final class ProgramFile {
    private ProgramFile() {}

    /// Reads a module, translating the text format.
    ///
    /// @throws CommandFailure where the file can't be read
    /// @throws ModuleException where it is no module, or too large to be one
    public static byte[] readBinary(Path file) {
        byte[] bytes = read(file);
        if (isBinary(bytes)) {
            return bytes;
        }
        if (!looksLikeText(file, bytes)) {
            throw new MalformedModuleException(
                    "neither a binary module, which would begin with \\0asm, nor text that could be one",
                    "",
                    ModuleException.NOWHERE);
        }
        return TextFormat.toBinary(bytes, TextLimits.defaults());
    }

    /// Reads and validates a module that is to be shown or run from its start.
    ///
    /// @throws CommandFailure where it can't be read or isn't valid
    public static Module readModule(Path file) {
        try {
            return parse(readBinary(file));
        } catch (ModuleException e) {
            throw notAModule(file, e);
        }
    }

    /// Decodes and validates as every command does.
    ///
    /// @throws ModuleException where that fails
    public static Module parse(byte[] bytes) {
        return Module.parse(bytes, Feature.allSupported(), Limits.DEFAULT);
    }

    /// What a command that needs a valid module says of one that isn't.
    public static CommandFailure notAModule(Path file, ModuleException e) {
        return new CommandFailure(ExitCode.BAD_INPUT, file + ": " + e.getMessage());
    }

    /// The bytes of a file that may be larger than the Java heap: mapped, where it is a file on a disk.
    ///
    /// @param arena how long they are needed
    /// @throws CommandFailure where the file can't be read
    public static MemorySegment map(Path file, Arena arena) {
        try {
            if (!Files.isRegularFile(file)) {
                return MemorySegment.ofArray(read(file));
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// What is said of a mapped file that somebody has made shorter while it was read. The JVM throws an
    /// [InternalError] then.
    public static CommandFailure changed(Path file) {
        return new CommandFailure(
                ExitCode.BAD_INPUT, file + " has been changed by somebody else while it was read: it is shorter now");
    }

    private static byte[] read(Path file) {
        int most = Limits.DEFAULT.moduleBytes();
        if (Files.isDirectory(file)) {
            throw new CommandFailure(ExitCode.NO_INPUT, file + " is a folder, and no program");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most);
            if (in.read() >= 0) {
                if (isSaved(file)) {
                    throw new CommandFailure(
                            ExitCode.BAD_INPUT, file + " is a saved program; `gate resume " + file + "` continues it");
                }
                throw new CommandFailure(
                        ExitCode.BAD_INPUT, file + " has more than the " + most + " bytes that a module may have");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// Whether a file, of any size, is a saved program.
    private static boolean isSaved(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            return Files.isRegularFile(file) && Snapshot.isSnapshot(map(file, arena));
        }
    }

    private static CommandFailure unreadable(Path file, IOException e) {
        String why = switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
        return new CommandFailure(ExitCode.NO_INPUT, file + " can't be read: " + why);
    }

    static boolean isBinary(byte[] bytes) {
        return bytes.length >= 4 && bytes[0] == 0 && bytes[1] == 'a' && bytes[2] == 's' && bytes[3] == 'm';
    }

    private static boolean looksLikeText(Path file, byte[] bytes) {
        if (file.toString().endsWith(".wat")) {
            return true;
        }
        for (byte b : bytes) {
            switch (b) {
                case ' ', '\t', '\r', '\n' -> {}
                case '(', ';' -> {
                    return true;
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }
}
