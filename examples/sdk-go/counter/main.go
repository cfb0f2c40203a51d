// SPDX-License-Identifier: Apache-2.0

// Tells whoever connects the next number, and another one for every line that they send. It counts on when it was stopped,
// saved and resumed: its connections are lost then, and it accepts new ones.
package main

import (
	"bufio"
	"fmt"
	"gate"
)

func main() {
	origin, err := gate.DiscoverOne("origin")
	if err != nil {
		panic(err)
	}
	number := 0
	for {
		stream, err := gate.Accept(origin)
		if err != nil {
			panic(err)
		}
		if gate.Resumed() {
			fmt.Fprintln(stream, "welcome back")
		}
		for lines := bufio.NewScanner(stream); ; {
			number++
			fmt.Fprintln(stream, number)
			if !lines.Scan() {
				break
			}
		}
		stream.Close()
	}
}
