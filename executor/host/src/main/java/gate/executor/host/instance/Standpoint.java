// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.callsite.CallSites;
import gate.engine.callsite.OriginalStack;
import gate.engine.runtime.Execution;
import gate.engine.runtime.FrameImage;
import gate.engine.runtime.Images;
import java.util.List;
import java.util.Optional;

/// Says of one run, when it is to stop, whether it stops where it stands, or goes on to a place that the original
/// knows. Looking for such a place has an end, by how often it is done and by how much code is looked through.
final class Standpoint {
    private final Program program;
    private final List<Long> breakpoints;
    private int looks;
    private long bytes;

    Standpoint(Program program, List<Long> breakpoints) {
        this.program = program;
        this.breakpoints = breakpoints;
    }

    boolean stopsHere(Execution execution) {
        if (execution.isCounting()) {
            return true; // the original doesn't know fuel
        }
        Optional<CallSites> sites = program.sites(breakpoints);
        Optional<FrameImage> innermost = Images.innermost(execution);
        if (sites.isEmpty() || innermost.isEmpty()) {
            return true;
        }
        int function = innermost.get().function();
        bytes += program.module().bodyEnd(function) - program.module().bodyStart(function);
        return new OriginalStack(sites.get()).hasSite(innermost.get())
                || ++looks == InstanceLimits.RUN_ON_MAX
                || bytes > InstanceLimits.RUN_ON_CODE_BYTES_MAX;
    }
}
