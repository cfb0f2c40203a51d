// SPDX-License-Identifier: Apache-2.0
package gate.app;

/// What the command's exit status says, beside the guest's own statuses.
///
/// The numbers are those of `sysexits.h` and of shells where they have one that fits. `docs/cli.md` lists
/// them.
public enum ExitCode {
    OK(0, "everything went well; or the guest's own status"),
    INVALID(1, "`gate validate`: at least one file is not a valid module"),
    USAGE(64, "the command line is wrong"),
    BAD_INPUT(65, "the file is not a module or saved program that can be run, or asks for more than the limits allow"),
    NO_INPUT(66, "a file or folder can't be read"),
    UNAVAILABLE(69, "something that is needed isn't installed"),
    INTERNAL(70, "our own failure: please report it"),
    CANNOT_WRITE(73, "the program could not be saved"),
    LOST_OUTPUT(74, "what the command had to print could not be written to standard output"),
    SAVED(75, "the program was stopped and saved: `gate resume FILE` continues it"),
    SERVICE_FAILED(76, "a service failed that the program used, and the program is lost; it isn't saved either"),
    TIME_LIMIT(124, "--timeout ran out, and there was no --snapshot, or nothing to save yet"),
    FUEL_LIMIT(125, "--fuel was used up, and there was no --snapshot"),
    HUNG_UP(129, "SIGHUP, the terminal was closed, and there was no --snapshot, or nothing to save yet"),
    INTERRUPTED(130, "Ctrl-C, and the program was not saved"),
    TRAP(134, "the guest trapped, came to a breakpoint, or asked for what isn't supported"),
    TERMINATED(143, "SIGTERM, and there was no --snapshot, or nothing to save yet");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /// One sentence for the documentation and `gate help exit-codes`.
    public String meaning() {
        return meaning;
    }

    /// The command's status for a guest that ended with `status`: the operating system keeps eight bits, and
    /// a failure must not look like success because its eight lowest bits are zero.
    public static int ofGuest(int status) {
        int kept = status & 0xff;
        return kept == 0 && status != 0 ? 1 : kept;
    }
}
