// SPDX-License-Identifier: Apache-2.0

/// Programs and saved programs made to do harm, against instances with all their services: each ends as the reference
/// says, and nobody else notices. Read `SnapshotFuzzTest`, `SnapshotMutation` and `MalformedPacketsTest` first.
@NullMarked
package gate.tests.hostile;

import org.jspecify.annotations.NullMarked;
