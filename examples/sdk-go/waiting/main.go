// SPDX-License-Identifier: Apache-2.0

// What a program gets that waits for a service over a resumption: it calls one that doesn't reply, until no more calls can
// wait, and reads from one of its streams. Ends with 0 if either all were answered, or the service is gone and all failed.
package main

import (
	"encoding/binary"
	"gate"
	"io"
	"os"
)

func main() {
	service, err := gate.DiscoverOne("example.com/patience")
	must(err == nil, 1)
	_, stream, err := service.CallStream([]byte("stream"), func(reply []byte) (int32, bool) {
		return int32(binary.LittleEndian.Uint32(reply)), true
	})
	must(err == nil, 2)
	read := make(chan error)
	go func() {
		_, err := stream.Read(make([]byte, 1))
		read <- err
	}()
	var calls []<-chan []byte
	for len(calls) < gate.CallsMax {
		reply, err := service.Go([]byte("wait"))
		must(err == nil, 3)
		calls = append(calls, reply)
	}
	reply, err := service.Call([]byte("wait")) // waits for one of the others
	gone := err == gate.ErrUnavailable
	must(gone != service.Available() && (gone || string(reply) == "wait"), 4)
	for _, call := range calls {
		reply, ok := <-call
		must(ok != gone && (gone || string(reply) == "wait"), 5)
	}
	must(<-read == io.EOF, 6)
	_, err = stream.Write([]byte("x"))
	must(err == gate.ErrClosed && stream.Close() == nil, 7)
}

func must(right bool, status int) {
	if !right {
		os.Exit(status)
	}
}
