// SPDX-License-Identifier: Apache-2.0

// Says which services there are, and uses some of them.
package main

import (
	"crypto/rand"
	"fmt"
	"gate"
)

func main() {
	services, err := gate.Discover("origin", "catalog", "identity", "random", "internal/test", "example.com/unknown")
	if err != nil {
		panic(err)
	}
	origin, catalog, identity, random, test := services[0], services[1], services[2], services[3], services[4]
	stream, err := gate.Accept(origin)
	if err != nil {
		panic(err)
	}
	defer stream.Close()
	for _, service := range services {
		state := "not available"
		if service.Available() {
			state = "available"
		}
		fmt.Fprintf(stream, "%s: %s\n", service.Name(), state)
	}
	// Two calls at once: what replies say decides which of the calls they answer.
	principal, err := identity.Go([]byte{0})
	if err != nil {
		panic(err)
	}
	instance, err := identity.Go([]byte{1})
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(stream, "run by: %s\ninstance: %s\n", <-principal, <-instance)
	if random.Available() {
		rand.Reader = gate.Random(random)
		bytes := make([]byte, 4)
		rand.Read(bytes)
		fmt.Fprintf(stream, "random: %x\n", bytes)
	}
	if reply, err := test.Call([]byte("test")); err == nil {
		fmt.Fprintf(stream, "echoed: %s\n", reply)
	}
	if reply, err := catalog.Call([]byte("json")); err == nil {
		stream.Write(reply)
	}
}
