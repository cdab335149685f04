package dialect

import (
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"objectharness/internal/sign"
)

// A When says which replies carry a field.
type When uint8

const (
	// Always is every reply.
	Always When = iota
	// Failing is every reply that reports an error.
	Failing
	// Sometimes is a field that replies may carry and none need to.
	Sometimes
)

// A ReplyField is a field that replies carry. Form makes its value out of 16
// random bytes; it is nil for a value that does not identify the request.
type ReplyField struct {
	Name string
	When When
	Form func(seed [16]byte) string
}

// HexID is a request id of OSS (24 digits) or S3 (16 digits): the first digits
// of the seed in upper case.
func HexID(digits int) func(seed [16]byte) string {
	return func(seed [16]byte) string { return strings.ToUpper(hex.EncodeToString(seed[:]))[:digits] }
}

// Base64ID is an id in base64, as COS and the x-amz-id-2 of S3 show theirs.
func Base64ID(seed [16]byte) string { return base64.StdEncoding.EncodeToString(seed[:]) }

// UUID is an id in the 8-4-4-4-12 form, as BOS shows it.
func UUID(seed [16]byte) string {
	seed[6] = seed[6]&0x0f | 0x40
	seed[8] = seed[8]&0x3f | 0x80
	h := hex.EncodeToString(seed[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// NewRequestID makes a value of the request id field out of 16 random bytes.
func (d *Dialect) NewRequestID(seed [16]byte) string {
	for _, f := range d.Replies {
		if f.Name == d.RequestID && f.Form != nil {
			return f.Form(seed)
		}
	}
	return HexID(32)(seed)
}

// Clone copies a dialect with its maps and slices, so that the copy can be
// changed. The functions are shared: a changed Routes takes effect through a
// new Router.
func (d *Dialect) Clone() *Dialect {
	c := *d
	c.Schemes = slices.Clone(d.Schemes)
	c.Codes = maps.Clone(d.Codes)
	c.Replies = slices.Clone(d.Replies)
	c.Routes = slices.Clone(d.Routes)
	c.BucketNames.Begins = slices.Clone(d.BucketNames.Begins)
	c.BucketNames.Ends = slices.Clone(d.BucketNames.Ends)
	c.Refusals = make(map[Form]map[sign.Reason]Refused, len(d.Refusals))
	for form, answers := range d.Refusals {
		c.Refusals[form] = maps.Clone(answers)
	}
	return &c
}
