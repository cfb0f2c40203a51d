/// The original's portable call stacks: where a program compiled by it can be seen standing, and
/// its stacks as frames of ours and back.
/// `docs/decisions/0016-which-call-sites-does-the-original-have.md` says what is known.
///
/// Read first: [CallSites], [OriginalStack].
///
/// Everything is a pure function of a module and its breakpoints. Stacks that are read come from
/// anybody: they are checked against the module, and take time and memory in proportion to their
/// size and the module's.
@NullMarked
package gate.engine.callsite;

import org.jspecify.annotations.NullMarked;
