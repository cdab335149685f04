//go:build !unix

package wire

import (
	"errors"
	"net"
)

// A rawSocket reads a socket without waiting, where that is possible.
type rawSocket struct{}

func (*rawSocket) of(net.Conn) bool { return false }

func (*rawSocket) read(net.Conn, []byte) (int, error, bool) { return 0, nil, false }

func (*rawSocket) exchange(out, _ []byte) (int, []byte, error) { return 0, out, errors.ErrUnsupported }
