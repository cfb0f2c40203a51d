// SPDX-License-Identifier: Apache-2.0

//go:build wasip1

// Package gate is Gate for programs in Go: services, calls and streams, without a number of the protocol in the program.
//
// Goroutines block as they do everywhere: the channel to Gate is a descriptor that Go's own poller waits for, so that while
// one waits for a reply, or for a slow receiver, the others run, and timers too. One goroutine of this package always
// receives; so sending can't stand still for ever because nobody receives. What it receives is put where it belongs at once,
// and is never more than what was asked for: a reply for each call, and the bytes that a stream has granted.
//
// A program can be stopped anywhere, saved, and continued elsewhere. Its connections are lost then: their streams end
// ([Stream.Read] returns [io.EOF], [Stream.Write] fails with [ErrClosed]), and what waits for a connection goes on waiting.
// [Resumed] tells.
//
// What a Go program can't do under Gate: arguments, files and sockets don't exist. Package net doesn't work, and a program
// that links its sockets doesn't start, as there is no sock_accept. Closing os.Stdin, os.Stdout or os.Stderr stops the
// program. Package crypto/rand has 32 bytes at each start and after each resumption, then it stops the program too:
// [Random] is what to use instead.
package gate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
)

// Limits of the protocol.
const (
	ContentMax  = 65528 // bytes of a call's or a reply's content
	ServicesMax = 256   // services that a program discovers in its life, unavailable ones included
	NameMax     = 127   // bytes of a service's name
	CallsMax    = 256   // calls of one service that wait for replies; further ones wait for these
)

const (
	packetMax       = 65536
	headerBytes     = 8
	streamBytes     = 16 // of a header with stream id and note
	dataMax         = packetMax - streamBytes
	discovery       = -1
	startedOrGoesOn = 1
)

type domain uint8

const (
	domainCall domain = iota
	domainInfo
	domainFlow
	domainData
)

var (
	// ErrUnavailable: the service can't be used, or went away before it has replied: see [Service.Available].
	ErrUnavailable = errors.New("gate: service is not available")
	// ErrClosed: the receiver wants no more, or the stream was closed here.
	ErrClosed = errors.New("gate: stream is closed")
)

// The program's one channel to Gate. The file must not be forgotten: its descriptor would be closed, which isn't allowed.
var channel struct {
	file    *os.File
	begin   sync.Once
	sending sync.Mutex

	sync.Mutex
	services []*Service
	waiting  chan int // for the reply to a discovery: how many services are known
	streams  map[streamKey]*Stream
}

type streamKey struct {
	service int
	id      int32
}

func begin() {
	channel.begin.Do(func() {
		channel.file = os.NewFile(uintptr(descriptor()), "gate")
		channel.streams = make(map[streamKey]*Stream)
		go receive()
	})
}

// Resumed says whether the program was resumed since this was asked last: its connections were lost, and services may have
// changed.
func Resumed() bool {
	begin()
	resumption.Lock()
	defer resumption.Unlock()
	before := resumption.starts
	if takeFlags()&startedOrGoesOn != 0 {
		resumption.starts++
	}
	return before > 0 && resumption.starts > before
}

var resumption struct {
	sync.Mutex
	starts int
}

func init() {
	Resumed() // takes note of the start
}

// ---- sending ----

func newPacket(service int, kind domain, size int) []byte {
	packet := make([]byte, (size+7)&^7)
	binary.LittleEndian.PutUint32(packet, uint32(size))
	binary.LittleEndian.PutUint16(packet[4:], uint16(service))
	packet[6] = byte(kind)
	return packet
}

func newContent(service int, kind domain, content []byte) ([]byte, error) {
	if len(content) > ContentMax {
		return nil, fmt.Errorf("gate: content of %d bytes; the most is %d", len(content), ContentMax)
	}
	packet := newPacket(service, kind, headerBytes+len(content))
	copy(packet[headerBytes:], content)
	return packet, nil
}

// Whole packets, one after the other. Other goroutines run while the channel is full.
func send(packet []byte) {
	channel.sending.Lock()
	defer channel.sending.Unlock()
	if _, err := channel.file.Write(packet); err != nil {
		panic("gate: sending failed: " + err.Error())
	}
}

// ---- receiving ----

func receive() {
	packet := make([]byte, packetMax)
	for {
		readFull(packet[:headerBytes])
		size := int(binary.LittleEndian.Uint32(packet))
		if size < headerBytes || size > packetMax {
			panic(fmt.Sprintf("gate: received a packet of %d bytes", size))
		}
		readFull(packet[headerBytes : (size+7)&^7])
		received(packet[:size])
	}
}

func readFull(bytes []byte) {
	for len(bytes) > 0 {
		n, err := channel.file.Read(bytes)
		if err != nil {
			panic("gate: receiving failed: " + err.Error())
		}
		bytes = bytes[n:]
	}
}

// Nothing in here waits for the program or sends, except for functions of the program that say so.
func received(packet []byte) {
	code := int(int16(binary.LittleEndian.Uint16(packet[4:])))
	kind := domain(packet[6] & 15)
	if code == discovery {
		receivedStates(kind, packet[headerBytes:])
		return
	}
	channel.Lock()
	if code < 0 || code >= len(channel.services) {
		channel.Unlock()
		return // kinds of packets that are yet to be invented
	}
	service := channel.services[code]
	channel.Unlock()
	switch kind {
	case domainCall:
		service.receivedReply(packet[7], packet[headerBytes:])
	case domainInfo:
		service.receivedInfo(packet[headerBytes:])
	case domainFlow:
		receivedFlow(code, packet[headerBytes:])
	case domainData:
		receivedData(code, packet)
	}
}

func findStream(service int, id int32) *Stream {
	channel.Lock()
	defer channel.Unlock()
	return channel.streams[streamKey{service, id}]
}

func receivedFlow(service int, entries []byte) {
	for ; len(entries) >= 8; entries = entries[8:] {
		id := int32(binary.LittleEndian.Uint32(entries))
		value := int32(binary.LittleEndian.Uint32(entries[4:]))
		if stream := findStream(service, id); stream != nil {
			stream.receivedFlow(value)
		}
	}
}

func receivedData(service int, packet []byte) {
	if len(packet) < streamBytes {
		return
	}
	id := int32(binary.LittleEndian.Uint32(packet[8:]))
	note := int32(binary.LittleEndian.Uint32(packet[12:]))
	if stream := findStream(service, id); stream != nil {
		stream.receivedData(packet[streamBytes:], note)
	}
}
