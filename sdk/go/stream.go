// SPDX-License-Identifier: Apache-2.0

//go:build wasip1

package gate

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"
)

// What is granted of each stream: bytes received that the program hasn't read.
const window = 32768

// A Stream of bytes in both directions. One goroutine may read while another writes, and any may close.
//
// Both directions end in two steps: who sends says that there is no more, who receives that it wants no more. A stream is
// over when all four were said, and only then may its number mean another.
type Stream struct {
	service *Service
	id      int32

	sync.Mutex
	changed    sync.Cond
	buffer     []byte
	sendable   int // bytes that the other side has granted
	consumed   int // bytes read that haven't been granted again
	saidEnd    bool
	saidEnough bool
	ended      bool // by the other side
	enough     bool // by the other side
	note       int32
	writing    sync.Mutex
}

var (
	_           io.ReadWriteCloser = (*Stream)(nil)
	errNoOrigin                    = errors.New("gate: connection refused")
)

// Accept waits for a connection and gives its stream. Any number of goroutines may wait.
func Accept(origin *Service) (*Stream, error) {
	_, stream, err := origin.CallStream(nil, func(reply []byte) (int32, bool) {
		if len(reply) < 8 || binary.LittleEndian.Uint16(reply[4:]) != 0 {
			return 0, false
		}
		return int32(binary.LittleEndian.Uint32(reply)), true
	})
	if err == nil && stream == nil {
		err = errNoOrigin
	}
	return stream, err
}

func openStream(service *Service, id int32) *Stream {
	s := &Stream{service: service, id: id}
	s.changed.L = &s.Mutex
	channel.Lock()
	defer channel.Unlock()
	channel.streams[streamKey{service.code, id}] = s
	return s
}

func streamsOf(service int) []*Stream {
	channel.Lock()
	defer channel.Unlock()
	var found []*Stream
	for key, stream := range channel.streams {
		if key.service == service {
			found = append(found, stream)
		}
	}
	return found
}

// Read waits for data. [io.EOF]: the other side has ended what it sends or is gone, or CloseRead was called.
func (s *Stream) Read(bytes []byte) (int, error) {
	if len(bytes) == 0 {
		return 0, nil
	}
	s.Lock()
	for len(s.buffer) == 0 && !s.ended && !s.saidEnough {
		s.changed.Wait()
	}
	if len(s.buffer) == 0 {
		s.Unlock()
		return 0, io.EOF
	}
	n := copy(bytes, s.buffer)
	s.buffer = s.buffer[n:]
	s.consumed += n
	grant := 0
	// A packet for every few bytes would cost more than they do; half of the window is still there to be filled.
	if s.consumed >= window/2 && !s.ended && !s.saidEnough {
		grant, s.consumed = s.consumed, 0
	}
	s.Unlock()
	if grant > 0 {
		s.grant(grant)
	}
	return n, nil
}

// Write sends all of the bytes, waiting while the other side doesn't receive. [ErrClosed]: it wants no more.
func (s *Stream) Write(bytes []byte) (int, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	done := 0
	for done < len(bytes) {
		s.Lock()
		for s.sendable == 0 && !s.enough && !s.saidEnd {
			s.changed.Wait()
		}
		if s.enough || s.saidEnd {
			s.Unlock()
			return done, ErrClosed
		}
		count := min(len(bytes)-done, s.sendable, dataMax)
		s.sendable -= count
		s.Unlock()
		send(s.data(bytes[done : done+count]))
		done += count
	}
	return done, nil
}

// CloseWrite ends what the program sends. It can still read.
func (s *Stream) CloseWrite() error {
	s.Lock()
	first := !s.saidEnd
	s.saidEnd = true
	s.changed.Broadcast()
	s.Unlock()
	if first {
		s.writing.Lock() // after what is being written
		send(s.data(nil))
		s.writing.Unlock()
	}
	s.forgetIfOver()
	return nil
}

// CloseRead says that the program reads no more. It can still write.
func (s *Stream) CloseRead() error {
	channel.sending.Lock() // no grant may follow
	s.Lock()
	first := !s.saidEnough
	s.saidEnough = true
	s.buffer = nil
	s.changed.Broadcast()
	s.Unlock()
	channel.sending.Unlock()
	if first {
		send(s.flow(0))
	}
	s.forgetIfOver()
	return nil
}

// Close closes both directions. What was written before is still delivered.
func (s *Stream) Close() error {
	s.CloseWrite()
	return s.CloseRead()
}

// Note is what the service has said with the end of what it sends; what it means is the service's matter.
func (s *Stream) Note() int32 {
	s.Lock()
	defer s.Unlock()
	return s.note
}

func (s *Stream) data(bytes []byte) []byte {
	packet := newPacket(s.service.code, domainData, streamBytes+len(bytes))
	binary.LittleEndian.PutUint32(packet[8:], uint32(s.id))
	copy(packet[streamBytes:], bytes)
	return packet
}

func (s *Stream) flow(value int) []byte {
	packet := newPacket(s.service.code, domainFlow, streamBytes)
	binary.LittleEndian.PutUint32(packet[8:], uint32(s.id))
	binary.LittleEndian.PutUint32(packet[12:], uint32(value))
	return packet
}

func (s *Stream) grant(bytes int) {
	channel.sending.Lock()
	defer channel.sending.Unlock()
	s.Lock()
	enough := s.saidEnough
	s.Unlock()
	if !enough {
		if _, err := channel.file.Write(s.flow(bytes)); err != nil {
			panic("gate: sending failed: " + err.Error())
		}
	}
}

func (s *Stream) receivedFlow(value int32) {
	s.Lock()
	if value > 0 {
		s.sendable += int(value)
	} else if value == 0 {
		s.enough = true
	}
	s.changed.Broadcast()
	s.Unlock()
	s.forgetIfOver()
}

func (s *Stream) receivedData(bytes []byte, note int32) {
	s.Lock()
	if len(bytes) == 0 {
		s.ended = true
		s.note = note
	} else if !s.saidEnough && !s.ended {
		s.buffer = append(s.buffer, bytes...)
	}
	s.changed.Broadcast()
	s.Unlock()
	s.forgetIfOver()
}

// The service is gone.
func (s *Stream) receivedLoss() {
	s.Lock()
	s.ended = true
	s.enough = true
	s.changed.Broadcast()
	s.Unlock()
	s.forgetIfOver()
}

// When all four ends were said, and before anybody can learn of a new stream with the number.
func (s *Stream) forgetIfOver() {
	s.Lock()
	over := s.saidEnd && s.saidEnough && s.ended && s.enough
	s.Unlock()
	if over {
		channel.Lock()
		defer channel.Unlock()
		key := streamKey{s.service.code, s.id}
		if channel.streams[key] == s {
			delete(channel.streams, key)
		}
	}
}
