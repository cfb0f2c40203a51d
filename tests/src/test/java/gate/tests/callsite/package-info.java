/// The original's call sites and portable stacks.
@NullMarked
package gate.tests.callsite;

import org.jspecify.annotations.NullMarked;
