package main

import (
	"context"
	"net/http"
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
	ACL   string            // canned, given with a put; "": none
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
	// List gives what has the prefix, taken in pages of at most size entries.
	List(ctx context.Context, prefix, delimiter string, size int) (Listing, error)
	Delete(ctx context.Context, key string) error
	// DeleteAll removes several objects with one request.
	DeleteAll(ctx context.Context, keys []string) error
	// Presign returns a URL that gets or puts the object, and what must be sent
	// with it.
	Presign(ctx context.Context, method, key string, valid time.Duration) (string, http.Header, error)
	// Answer takes status and code out of an SDK's error; 0 when the server
	// did not refuse. The code is "" where the SDK does not tell it.
	Answer(err error) (status int, code string)

	Multipart
	Access
}

// A Listing is all that a list gave.
type Listing struct{ Keys, Prefixes []string }

// A Part is one of an upload. The ETag is as the SDK gives it.
type Part struct {
	Number int
	ETag   string
	Size   int64 // bytes, where it was listed
}

// Multipart is the part of a Client that is about uploads in parts.
type Multipart interface {
	// Begin returns the id of a new upload.
	Begin(ctx context.Context, key string) (string, error)
	Part(ctx context.Context, key, upload string, number int, body []byte) (Part, error)
	// PartFrom makes a part of bytes of an object of the bucket, first to last.
	PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (Part, error)
	// Parts lists the parts of an upload in pages of at most size.
	Parts(ctx context.Context, key, upload string, size int) ([]Part, error)
	Complete(ctx context.Context, key, upload string, parts []Part) error
	Abort(ctx context.Context, key, upload string) error
	// Uploads lists the keys of the uploads under a prefix in pages of at most size.
	Uploads(ctx context.Context, prefix string, size int) ([]string, error)
}

// Access is the part of a Client that is about who may do what. A method that
// the SDK does not have returns errors.ErrUnsupported.
type Access interface {
	// AllowACLs makes a new bucket heed access control lists, public ones too,
	// where it does not from the start.
	AllowACLs(ctx context.Context) error
	// SetACL gives the bucket a canned ACL, ACL tells which one it has.
	SetACL(ctx context.Context, acl string) error
	ACL(ctx context.Context) (string, error)
	SetObjectACL(ctx context.Context, key, acl string) error
	ObjectACL(ctx context.Context, key string) (string, error)
	SetCORS(ctx context.Context, r CORSRule) error
	CORS(ctx context.Context) ([]CORSRule, error)
	// Post puts an object with a form whose policy the SDK has signed.
	Post(ctx context.Context, key string, body []byte) error
}

// A CORSRule says what pages of other origins may ask for.
type CORSRule struct {
	Origins, Methods, Headers, Exposed []string
	MaxAge                             int // seconds
}

// Opening is what a client is opened with.
type Opening struct {
	Address              string // HOST:PORT of the server
	AccessKey, SecretKey string
	// Of a second account; empty: there is none.
	OtherAccessKey, OtherSecretKey string
	Bucket, Region                 string
	Host                           bool // bucket in the host name
	Wire                           *Wire
}

// Endpoint is the URL that an SDK is given: the server's address in path style,
// the public name in host style, which Wire dials as loopback.
func (a Opening) Endpoint(public string) string {
	if a.Host {
		return "http://" + public
	}
	return "http://" + a.Address
}
