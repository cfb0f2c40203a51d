// SPDX-License-Identifier: Apache-2.0
package gate.tests.spec;

import gate.tests.spec.Finding.Verdict;
import java.util.List;
import java.util.Optional;

/// A difference between what the suite says and what we say that we accept, with the reason. There are few, and each
/// must occur: the test fails where one doesn't any more.
///
/// @param suite how the suite's words begin
/// @param ours how our words begin
record Difference(Finding suite, Finding ours, String why) {
    private static final String ENDS = "unexpected end of section or function";

    static final List<Difference> ACCEPTED = List.of(
            words("integer representation too long", ENDS, "the section's declared size ends within the integer"),
            words("integer too large", ENDS, "the section's declared size ends within the integer"),
            words(
                    "integer representation too long",
                    "malformed type form",
                    "a type's form is one byte, not an integer"),
            words("END opcode expected", ENDS, "a body is read to its declared size, not into the next one"),
            words("section size mismatch", ENDS, "a section is read to its declared size, not into the next one"),
            words("length out of bounds", ENDS, "the bytes end before the declared number of entries"),
            words(
                    "unexpected content after last section",
                    "function and code section have inconsistent lengths",
                    "both are so, and this is found first"),
            new Difference(
                    new Finding(Verdict.TRAPPED, "uninitialized element "),
                    new Finding(Verdict.TRAPPED, "uninitialized element"),
                    "the suite adds the element's index"),
            new Difference(
                    new Finding(Verdict.MALFORMED, "too many locals"),
                    new Finding(Verdict.BEYOND_A_LIMIT, "limit exceeded: locals"),
                    "more than 2^32 locals: our limit is met long before"),
            new Difference(
                    new Finding(Verdict.MALFORMED, "i32 constant out of range"),
                    new Finding(Verdict.INVALID, "memory size"),
                    "older files of a proposal: since WebAssembly 3.0 such a size is invalid, as memory.wast has it"),
            new Difference(
                    new Finding(Verdict.INVALID, "multiple tables"),
                    new Finding(Verdict.VALID, ""),
                    "older files of a proposal: reference-types allows them"),
            new Difference(
                    new Finding(Verdict.INVALID, "multiple memories"),
                    new Finding(Verdict.VALID, ""),
                    "older files of a proposal: multi-memory allows them"));

    private static Difference words(String suite, String ours, String why) {
        return new Difference(new Finding(Verdict.MALFORMED, suite), new Finding(Verdict.MALFORMED, ours), why);
    }

    static Optional<Difference> accepted(Finding suite, Finding ours) {
        return ACCEPTED.stream()
                .filter(difference -> suite.isAs(difference.suite) && ours.isAs(difference.ours))
                .findFirst();
    }
}
