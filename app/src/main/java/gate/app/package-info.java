/// The command line's launcher and the commands that run guests on the user's own machine.
@NullMarked
package gate.app;

import org.jspecify.annotations.NullMarked;
