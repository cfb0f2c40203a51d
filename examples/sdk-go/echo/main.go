// SPDX-License-Identifier: Apache-2.0

// Gives everybody back what they send, each connection by a goroutine of its own, for ever.
package main

import (
	"gate"
	"io"
)

func main() {
	origin, err := gate.DiscoverOne("origin")
	if err != nil {
		panic(err)
	}
	for {
		stream, err := gate.Accept(origin)
		if err != nil {
			panic(err)
		}
		go func() {
			defer stream.Close()
			io.Copy(stream, stream)
		}()
	}
}
