// SPDX-License-Identifier: Apache-2.0
package gate.app.inspect;

/// A part of what is shown of a file.
interface Report {
    void text(TextOutput out);

    /// Adds members to the object that is open.
    void json(Json json);
}
