// SPDX-License-Identifier: Apache-2.0
package gate.executor.host;

/// Placeholder.
public final class Placeholder {
    private Placeholder() {}
}
