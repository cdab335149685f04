// Package objectharness is the door for Go programs that want the harness's
// emulator as a test double: a strict server of one dialect (oss, cos, bos or
// s3) on loopback, in the way of net/http/httptest.
//
//	e, err := objectharness.Start("oss")
//	if err != nil { … }
//	defer e.Close()
//	client := newClient(e.URL, e.AccessKey, e.SecretKey)
//
// The program itself is cmd/harness.
package objectharness

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"

	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/wire"
)

// An Emulator is a running server with one account and no bucket.
type Emulator struct {
	URL                  string // http://127.0.0.1:PORT
	Host                 string // the dialect's public endpoint, for clients that put the bucket in the host: call it and dial URL
	Region               string // that requests are signed for
	AccessKey, SecretKey string

	server *wire.Server
}

// Start starts the emulator of a dialect on a free port of 127.0.0.1. It ends
// with Close.
func Start(dialect string) (*Emulator, error) {
	d, err := all.ByName(dialect)
	if err != nil {
		return nil, fmt.Errorf("objectharness: %w", err)
	}
	e := &Emulator{Host: d.Host(d.Region), Region: d.Region, AccessKey: text(10), SecretKey: text(20)}
	emulated, err := emulator.New(d, emulator.Options{Zone: e.Host,
		Accounts: []emulator.Account{{ID: "1000000000000001", AccessKey: e.AccessKey, SecretKey: e.SecretKey}}})
	if err != nil {
		return nil, fmt.Errorf("objectharness: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("objectharness: cannot listen on loopback: %w", err)
	}
	e.URL, e.server = "http://"+l.Addr().String(), emulated.Server()
	go e.server.Serve(l)
	return e, nil
}

// Close stops the server and ends its connections.
func (e *Emulator) Close() error { return e.server.Close() }

// text is n random bytes in hexadecimal digits.
func text(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
