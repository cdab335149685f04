package main

import (
	"context"
	"time"
)

// An Object is what a client stores and gets back.
type Object struct {
	Body  []byte
	Size  int64 // bytes, from a head or a get
	Type  string
	Meta  map[string]string // names in lower case, without the dialect's prefix
	ETag  string            // without quotes
	CRC64 string            // decimal, where the dialect sends one
	Range string            // Content-Range
}

// A Query narrows a get. The zero value asks for the whole object.
type Query struct {
	From, To             int64 // first and last byte; both 0: everything
	IfMatch, IfNoneMatch string
}

func (q Query) ranged() bool { return q.To > 0 }

// A Client is what the steps ask of a vendor's SDK. It is opened for one bucket.
type Client interface {
	CreateBucket(ctx context.Context) error
	DeleteBucket(ctx context.Context) error
	Put(ctx context.Context, key string, o Object) error
	Get(ctx context.Context, key string, q Query) (Object, error)
	Head(ctx context.Context, key string) (Object, error)
	// Append adds body at a position and returns the next one.
	Append(ctx context.Context, key string, body []byte, at int64) (int64, error)
	Copy(ctx context.Context, from, to string) error
	// Multipart stores parts in order as one object.
	Multipart(ctx context.Context, key string, parts [][]byte) error
	// List gives all keys with the prefix, taken in pages of at most size keys.
	List(ctx context.Context, prefix string, size int) ([]string, error)
	Delete(ctx context.Context, key string) error
	// DeleteAll removes several objects with one request.
	DeleteAll(ctx context.Context, keys []string) error
	// Presign returns a URL that gets the object.
	Presign(ctx context.Context, key string, valid time.Duration) (string, error)
	// Answer takes status and code out of an SDK's error; 0 when the server
	// did not refuse. The code is "" where the SDK does not tell it.
	Answer(err error) (status int, code string)
}

// Access is what a client is opened with.
type Access struct {
	Address              string // HOST:PORT of the server
	AccessKey, SecretKey string
	Bucket, Region       string
	Host                 bool // bucket in the host name
	Wire                 *Wire
}

// Endpoint is the URL that an SDK is given: the server's address in path style,
// the public name in host style, which Wire dials as loopback.
func (a Access) Endpoint(public string) string {
	if a.Host {
		return "http://" + public
	}
	return "http://" + a.Address
}
