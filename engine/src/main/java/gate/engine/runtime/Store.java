// SPDX-License-Identifier: Apache-2.0
package gate.engine.runtime;

/// Everything that linked instances share.
public final class Store {
    Store() {}
}
