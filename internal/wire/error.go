package wire

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
)

// A Phase is the part of an exchange in which the transport failed.
type Phase string

// The phases, in the order of an exchange.
const (
	Dial  Phase = "dial"  // no connection, or no TLS on it
	Write Phase = "write" // the request could not be sent, and no reply came
	Read  Phase = "read"  // the reply did not come, or broke off
	Parse Phase = "parse" // what came is not an HTTP/1.1 reply; Err wraps ErrSyntax
)

// A TransportError says that there is no (whole) reply. It never stands for a
// status: any status is a Reply.
type TransportError struct {
	Phase   Phase
	Addr    string // where the connection went
	Err     error
	Interim []int // statuses of 1xx replies that had come
}

// Error names phase, address and cause.
func (e *TransportError) Error() string {
	return fmt.Sprintf("wire: %s %s: %v", e.Phase, e.Addr, e.Err)
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// Timeout tells whether a deadline was the cause.
func (e *TransportError) Timeout() bool {
	var t net.Error
	return errors.As(e.Err, &t) && t.Timeout()
}

// phaseOf sorts an error that came while a reply was read.
func phaseOf(err error) Phase {
	if errors.Is(err, ErrSyntax) {
		return Parse
	}
	return Read
}

// closedByPeer tells whether err means that the other side ended the
// connection, in whatever manner.
func closedByPeer(err error) bool {
	for _, target := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
