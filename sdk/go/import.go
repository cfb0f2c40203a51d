// SPDX-License-Identifier: Apache-2.0

//go:build wasip1

package gate

import "unsafe"

//go:wasmimport gate fd_65536
func importedDescriptor() uint32

//go:wasmimport gate io_65536
func importedIo(receive unsafe.Pointer, receiveParts uint32, received unsafe.Pointer, send unsafe.Pointer, sendParts uint32,
	sent unsafe.Pointer, nanos int64, flags unsafe.Pointer)

// The descriptor of the channel. It doesn't block, and Go's poller finds that out by itself.
func descriptor() uint32 {
	return importedDescriptor()
}

// Packets go over the descriptor, which Go's scheduler can wait for. This asks only for the flags, and moves nothing.
func takeFlags() uint64 {
	var flags uint64
	importedIo(nil, 0, nil, nil, 0, nil, 0, unsafe.Pointer(&flags))
	return flags
}
