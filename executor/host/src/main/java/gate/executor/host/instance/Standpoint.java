// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.instance;

import gate.engine.runtime.Execution;

/// Whether a program that is to stop can stop where it stands, or is to go on to a place that the original knows.
interface Standpoint {
    boolean isOriginals(Execution execution);
}
