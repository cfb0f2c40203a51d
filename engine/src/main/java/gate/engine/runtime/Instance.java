// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// A module instance.
public final class Instance {
    Instance() {}
}
