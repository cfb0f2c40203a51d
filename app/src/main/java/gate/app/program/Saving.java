// SPDX-License-Identifier: Apache-2.0
package gate.app.program;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/// A stopped program that can be saved.
public interface Saving {
    /// Why it could not go on if it were saved now; a sentence each.
    default List<String> problems() {
        return List.of();
    }

    /// Writes it as it stands.
    void write(WritableByteChannel out) throws IOException;
}
