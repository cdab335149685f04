//go:build !unix

package wire

import "net"

// A rawReader reads a socket without waiting, where that is possible.
type rawReader struct{}

func (*rawReader) read(net.Conn, []byte) (int, error, bool) { return 0, nil, false }
