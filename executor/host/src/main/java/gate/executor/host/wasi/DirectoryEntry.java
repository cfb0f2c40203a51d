// SPDX-License-Identifier: Apache-2.0
package gate.executor.host.wasi;

/// An entry of a directory that is being read.
public record DirectoryEntry(Bytes name, long inode, FileType type) {}
