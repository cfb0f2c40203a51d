// SPDX-License-Identifier: Apache-2.0
/// What `gate inspect` shows: of a module its parts, of a saved program its call stack too; as text or as JSON.
///
/// Read first: [Report], [ModuleReport], [StackReport]. All of it is for one thread at a time. What modules and saved
/// files contain is hostile: it is shown escaped and, in text, shortened.
@NullMarked
package gate.app.inspect;

import org.jspecify.annotations.NullMarked;
