// SPDX-License-Identifier: Apache-2.0
package gate.app.debug;

/// What the debugger's `help` says.
final class Help {
    static final String TEXT = """
            Where to stop:
              break EXPR...       stop there: a function's name, FILE:LINE, or an offset such as 0x2a
              delete EXPR...      not any more; `delete all` for all
              breakpoints         list them
            Going on (Ctrl-C stops the program):
              continue, c         until a breakpoint or the end
              step, s             to the next line, into functions; one instruction where no lines are known
              next, n             to the next line of this function; calls are made as a whole
              finish              until this function has returned
              stepi, si           one instruction
            Looking:
              backtrace, bt       the call stack, innermost first
              locals [FRAME]      parameters, locals and operands of a frame; 0 is the innermost
              globals             all globals
              memory ADDR [LEN]   bytes of the memory, 64 if LEN isn't given
              list [N]            the instructions around the next one
              status              where it stands, and why
            Ending:
              save FILE           save the program as it stands, with its breakpoints; ends a Gate program's connections
              quit, q             end the program and the debugger
            A first try: `break main`, `continue`, `bt`, `locals`, `step`.
            """;

    private Help() {}
}
