// SPDX-License-Identifier: Apache-2.0

// Greets whoever connects, and ends.
package main

import (
	"fmt"
	"gate"
)

func main() {
	origin, err := gate.DiscoverOne("origin")
	if err != nil {
		panic(err)
	}
	stream, err := gate.Accept(origin)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(stream, "hello from Go")
	stream.Close()
}
