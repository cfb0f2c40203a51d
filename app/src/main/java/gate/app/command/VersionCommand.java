// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import gate.app.ExitCode;
import gate.app.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `gate version`.
final class VersionCommand implements Command {
    @Override
    public CommandSpec spec() {
        return CommandSpec.create();
    }

    @Override
    public int run(ParseResult options, Streams streams) {
        streams.out().println("gate " + version());
        streams.out()
                .println("java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ")");
        return ExitCode.OK.number();
    }

    /// The version that the build wrote beside the classes.
    static String version() {
        try (InputStream in =
                Objects.requireNonNull(VersionCommand.class.getResourceAsStream("/gate/app/version.properties"))) {
            Properties properties = new Properties();
            properties.load(in);
            return Objects.requireNonNull(properties.getProperty("version"));
        } catch (IOException e) {
            throw new IllegalStateException("version.properties can't be read", e);
        }
    }
}
