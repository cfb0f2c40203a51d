// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a process with services is, or how it is started. Written:
///
/// * `unix:/path`, a Unix socket;
/// * `host:port`, a TCP port; with TLS, except at this machine or with `,insecure` behind it;
///   `dns:///host:port`, as gRPC writes it, is the same;
/// * anything else is a command line: words between spaces, which quotes hold together. `@path` as its
///   first word is the executable; the words after it are then all of its arguments, its own name as the
///   first.
///
/// `,optional` behind a socket or port means that Gate starts without it as well.
public sealed interface ServiceTarget {
    /// What it is called in messages.
    String label();

    /// Whether Gate starts without it.
    boolean optional();

    record Unix(Path path, boolean optional) implements ServiceTarget {
        @Override
        public String label() {
            return "unix:" + path;
        }
    }

    record Tcp(String host, int port, boolean insecure, boolean optional) implements ServiceTarget {
        @Override
        public String label() {
            return host + ":" + port;
        }
    }

    /// A process that is started.
    ///
    /// @param executable a path, or a name that is looked for in PATH
    /// @param arguments all of them: the first one is the name that the process is given
    record Command(String executable, List<String> arguments) implements ServiceTarget {
        public Command {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String label() {
            return executable;
        }

        @Override
        public boolean optional() {
            return false;
        }
    }

    /// @throws IllegalArgumentException saying what is wrong
    static ServiceTarget parse(String text) {
        if (text.startsWith("unix:")) {
            return Parser.unix(text);
        }
        Matcher tcp = Parser.TCP.matcher(text);
        if (tcp.matches()) {
            return Parser.tcp(text, tcp);
        }
        if (Parser.ADDRESS.matcher(text).matches()) {
            throw Parser.wrong(
                    text,
                    "write unix:/path, host:port or a command line; a command with a colon in its name needs its"
                            + " folder, as in ./name");
        }
        return Parser.command(text);
    }

    /// The syntax.
    final class Parser {
        private static final Pattern TCP =
                Pattern.compile("(?:dns:(?:///)?)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([0-9]{1,5})((?:,[a-z]*)*)");
        /// One word with a colon and no folder before it: what gRPC and others write for addresses, and hardly
        /// a command.
        private static final Pattern ADDRESS = Pattern.compile("[^\\s/:@'\"]+:\\S*");

        private static final int LAST_PORT = 65_535;
        private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

        private Parser() {}

        private static ServiceTarget unix(String text) {
            String path = text.substring("unix:".length());
            boolean optional = path.endsWith(",optional");
            if (optional) {
                path = path.substring(0, path.length() - ",optional".length());
            }
            if (path.isEmpty()) {
                throw wrong(text, "the path of the socket is missing");
            }
            try {
                return new Unix(Path.of(path), optional);
            } catch (InvalidPathException e) {
                throw wrong(text, "that can't be a path");
            }
        }

        private static ServiceTarget tcp(String text, Matcher matcher) {
            int port = Integer.parseInt(matcher.group(2));
            if (port == 0 || port > LAST_PORT) {
                throw wrong(text, "ports are 1 to 65535");
            }
            String host = matcher.group(1);
            List<String> options = Arrays.stream(matcher.group(3).split(","))
                    .filter(option -> !option.isEmpty())
                    .toList();
            for (String option : options) {
                if (!option.equals("insecure") && !option.equals("optional")) {
                    throw wrong(text, "'" + option + "' is neither 'insecure' nor 'optional'");
                }
            }
            boolean insecure = options.contains("insecure") || LOOPBACK.contains(host);
            return new Tcp(host, port, insecure, options.contains("optional"));
        }

        private static ServiceTarget command(String text) {
            List<String> words = words(text);
            if (words.isEmpty() || words.getFirst().equals("@")) {
                throw wrong(text, "write unix:/path, host:port or a command line");
            }
            String first = words.getFirst();
            if (!first.startsWith("@")) {
                return new Command(first, words);
            }
            String executable = first.substring(1);
            return new Command(executable, words.size() == 1 ? List.of(executable) : words.subList(1, words.size()));
        }

        private static List<String> words(String text) {
            List<String> words = new ArrayList<>();
            StringBuilder word = null;
            char quote = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == 0) {
                    throw wrong("…", "a command line has no zero characters");
                }
                boolean space = quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
                if (space) {
                    if (word != null) {
                        words.add(word.toString());
                        word = null;
                    }
                    continue;
                }
                word = word == null ? new StringBuilder() : word;
                if (quote == 0 && (c == '\'' || c == '"')) {
                    quote = c;
                } else if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            }
            if (quote != 0) {
                throw wrong(text, "a quote isn't closed");
            }
            if (word != null) {
                words.add(word.toString());
            }
            return words;
        }

        private static IllegalArgumentException wrong(String text, String what) {
            return new IllegalArgumentException("'" + text + "' is not a service: " + what);
        }
    }
}
