// SPDX-License-Identifier: Apache-2.0
package gate.engine.wasm;

/// When a segment is used: core specification 2.5.7 and 2.5.8.
public enum SegmentMode {
    ACTIVE,
    PASSIVE,
    DECLARATIVE
}
