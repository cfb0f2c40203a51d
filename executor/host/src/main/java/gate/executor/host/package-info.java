/// The host side of running guests.
@NullMarked
package gate.executor.host;

import org.jspecify.annotations.NullMarked;
