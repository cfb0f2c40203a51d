// SPDX-License-Identifier: Apache-2.0

// Gives everybody back what they send, each connection by a goroutine of its own, until the last of them has ended.
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
	accepted := make(chan *gate.Stream)
	ended := make(chan *gate.Stream)
	go func() {
		for {
			stream, err := gate.Accept(origin)
			if err != nil {
				panic(err)
			}
			accepted <- stream
		}
	}()
	for open := 0; ; {
		select {
		case stream := <-accepted:
			open++
			go func() {
				io.Copy(stream, stream)
				stream.Close()
				ended <- stream
			}()
		case <-ended:
			open--
			// Connections that were lost because the program was stopped don't end it: others will come.
			if open == 0 && !gate.Resumed() {
				return
			}
		}
	}
}
