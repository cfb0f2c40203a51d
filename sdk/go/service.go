// SPDX-License-Identifier: Apache-2.0

//go:build wasip1

package gate

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// A Service that the program has discovered, available or not. For any number of goroutines.
type Service struct {
	name string
	code int

	sync.Mutex
	freed     sync.Cond // a call is no longer waiting
	available bool
	gone      bool    // for good
	calls     []*call // waiting for replies, the oldest first
	told      func(content []byte)
}

type call struct {
	reply   chan []byte // closed without one when the service is gone
	replied func(content []byte)
}

var discovering sync.Mutex

// Discover asks for services by name. It gives one for each name, in this order. Ask for each service once in the program's
// life: a second time ends it.
func Discover(names ...string) ([]*Service, error) {
	begin()
	discovering.Lock()
	defer discovering.Unlock()
	channel.Lock()
	known := len(channel.services)
	channel.Unlock()
	if len(names) > ServicesMax-known {
		return nil, fmt.Errorf("gate: more than %d services", ServicesMax)
	}
	size := headerBytes + 2
	for _, name := range names {
		if len(name) == 0 || len(name) > NameMax {
			return nil, fmt.Errorf("gate: %q can't be a service's name: it has 1 to %d bytes", name, NameMax)
		}
		size += 1 + len(name)
	}
	packet := newPacket(discovery, domainCall, size)
	binary.LittleEndian.PutUint16(packet[headerBytes:], uint16(len(names)))
	at := packet[headerBytes+2 : headerBytes+2]
	made := make([]*Service, len(names))
	for i, name := range names {
		at = append(append(at, byte(len(name))), name...)
		made[i] = &Service{name: name, code: known + i}
		made[i].freed.L = &made[i].Mutex
	}
	reply := make(chan int, 1)
	channel.Lock()
	channel.services = append(channel.services, made...)
	channel.waiting = reply
	channel.Unlock()
	send(packet)
	<-reply
	return made, nil
}

// DiscoverOne is Discover for one service.
func DiscoverOne(name string) (*Service, error) {
	made, err := Discover(name)
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

func receivedStates(kind domain, content []byte) {
	if len(content) < 2 {
		return
	}
	count := int(binary.LittleEndian.Uint16(content))
	channel.Lock()
	services := channel.services
	waiting := channel.waiting
	if kind == domainCall {
		channel.waiting = nil
	}
	channel.Unlock()
	for i, state := range content[2:] {
		if i < min(count, len(services)) {
			services[i].receivedState(state&1 != 0)
		}
	}
	if kind == domainCall && waiting != nil {
		waiting <- count
	}
}

func (s *Service) receivedState(available bool) {
	s.Lock()
	s.available = available && !s.gone
	if s.available {
		s.Unlock()
		return
	}
	lost := s.calls
	s.calls = nil
	s.gone = s.gone || len(lost) > 0
	s.freed.Broadcast()
	s.Unlock()
	for _, c := range lost {
		close(c.reply)
	}
	for _, stream := range streamsOf(s.code) {
		stream.receivedLoss()
	}
}

// Name is the one that it was asked for by.
func (s *Service) Name() string {
	return s.name
}

// Available says whether the service can be used. It may change when the program is resumed.
//
// Where a service is gone then, calls that wait for it fail with [ErrUnavailable], and its streams end. If there were such
// calls, it stays unavailable for good: when it is back, nobody knows which of them it still answers.
func (s *Service) Available() bool {
	s.Lock()
	defer s.Unlock()
	return s.available
}

// Call calls the service and waits for the reply. A service answers what it doesn't know with nothing, an empty reply.
func (s *Service) Call(content []byte) ([]byte, error) {
	c, err := s.start(content, nil)
	if err != nil {
		return nil, err
	}
	return c.await()
}

func (c *call) await() ([]byte, error) {
	reply, ok := <-c.reply
	if !ok {
		return nil, ErrUnavailable
	}
	return reply, nil
}

// Go calls the service without waiting. The channel gives the reply, once; it is closed instead where the service is gone.
func (s *Service) Go(content []byte) (<-chan []byte, error) {
	c, err := s.start(content, nil)
	if err != nil {
		return nil, err
	}
	return c.reply, nil
}

// CallStream calls a service whose reply names a stream: id finds it there. The stream is nil where id says that there
// is none.
func (s *Service) CallStream(content []byte, id func(reply []byte) (id int32, ok bool)) ([]byte, *Stream, error) {
	var stream *Stream
	c, err := s.start(content, func(reply []byte) {
		// Before anything else is received, which may be for the stream.
		if number, ok := id(reply); ok {
			stream = openStream(s, number)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	reply, err := c.await()
	if err != nil {
		return nil, nil, err
	}
	if stream != nil {
		stream.grant(window)
	}
	return reply, stream, nil
}

// The order of the waiting calls is the order in which they are sent.
func (s *Service) start(content []byte, replied func([]byte)) (*call, error) {
	packet, err := newContent(s.code, domainCall, content)
	if err != nil {
		return nil, err
	}
	c := &call{make(chan []byte, 1), replied}
	channel.sending.Lock()
	defer channel.sending.Unlock()
	s.Lock()
	for s.available && len(s.calls) >= CallsMax {
		channel.sending.Unlock()
		s.freed.Wait()
		s.Unlock()
		channel.sending.Lock()
		s.Lock()
	}
	if !s.available {
		s.Unlock()
		return nil, ErrUnavailable
	}
	s.calls = append(s.calls, c)
	s.Unlock()
	if _, err := channel.file.Write(packet); err != nil {
		panic("gate: sending failed: " + err.Error())
	}
	return c, nil
}

func (s *Service) receivedReply(index byte, content []byte) {
	s.Lock()
	i := int(index)
	if i >= len(s.calls) {
		s.Unlock()
		return
	}
	c := s.calls[i]
	s.calls = append(s.calls[:i], s.calls[i+1:]...)
	s.freed.Signal()
	s.Unlock()
	reply := append([]byte{}, content...)
	if c.replied != nil {
		c.replied(reply)
	}
	c.reply <- reply
}

// Tell tells the service something, which isn't answered.
func (s *Service) Tell(content []byte) error {
	packet, err := newContent(s.code, domainInfo, content)
	if err != nil {
		return err
	}
	if !s.Available() {
		return ErrUnavailable
	}
	send(packet)
	return nil
}

// OnTold has the service tell the program something unasked. Nothing else is received while the function runs: it must not
// wait, and use nothing of this package.
func (s *Service) OnTold(told func(content []byte)) {
	s.Lock()
	defer s.Unlock()
	s.told = told
}

func (s *Service) receivedInfo(content []byte) {
	s.Lock()
	told := s.told
	s.Unlock()
	if told != nil {
		told(append([]byte{}, content...))
	}
}

// Random reads random bytes from the service random, as fast as the operator allows, which may be some bytes a second.
// `rand.Reader = gate.Random(service)` has package crypto/rand use it.
func Random(random *Service) io.Reader {
	return &randomReader{service: random}
}

type randomReader struct {
	sync.Mutex // one call at a time
	service    *Service
}

func (r *randomReader) Read(bytes []byte) (int, error) {
	if len(bytes) == 0 {
		return 0, nil
	}
	r.Lock()
	defer r.Unlock()
	for {
		reply, err := r.service.Call([]byte{byte(min(len(bytes), 255))})
		if err != nil {
			return 0, err
		}
		if n := copy(bytes, reply); n > 0 {
			return n, nil
		}
	}
}
