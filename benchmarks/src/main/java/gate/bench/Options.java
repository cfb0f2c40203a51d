// SPDX-License-Identifier: Apache-2.0
package gate.bench;

/// The command line of `./bench`.
///
/// @param name of a benchmark, or `list` or `all`
/// @param json whether results are printed for programs
/// @param quick whether to be done in under a minute, with less exact numbers
/// @param save whether results also go to `docs/bench`
public record Options(String name, boolean json, boolean quick, boolean save) {
    /// @throws IllegalArgumentException where an argument isn't known
    static Options parse(String... args) {
        String name = "";
        boolean json = false;
        boolean quick = false;
        boolean save = false;
        for (String argument : args) {
            switch (argument) {
                case "--json" -> json = true;
                case "--quick" -> quick = true;
                case "--save" -> save = true;
                default -> {
                    if (argument.startsWith("-") || !name.isEmpty()) {
                        throw new IllegalArgumentException("unknown argument '" + argument + "'");
                    }
                    name = argument;
                }
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("which benchmark? See ./bench list");
        }
        return new Options(name, json, quick, save);
    }
}
