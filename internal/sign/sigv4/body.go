package sigv4

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// call is what the chunks of a body are signed with, and the payload line.
type call struct {
	sign.Scope
	date, payload string
}

// accept is the Verified of a request whose head holds, with a body that checks
// itself.
func (s Scheme) accept(t *sign.Trial, r *wire.Request, c *call, secret, seed string) (*sign.Verified, error) {
	v := sign.Accept(r, c.AccessKey, false)
	body := r.Body
	if body == nil {
		body = bytes.NewReader(nil)
	}
	switch {
	case c.payload == Unsigned:
	case sign.IsHex(c.payload, 64):
		v.Body = &hashed{t: t, body: body, sum: sha256.New(), want: c.payload}
	case c.payload == Signed || c.payload == SignedTrailer || c.payload == UnsignedTrailer:
		d := newDecoder(t, r, c, secret, seed, body)
		v.Body, v.Length = d, d.want
		v.Trailers = func() wire.Fields { return d.trailers }
	}
	return t.Result(v)
}

// hashed passes a body on and refuses at its end when the hash is another one:
// Got is then the hash that the request claims, Want the one of the body.
type hashed struct {
	t    *sign.Trial
	body io.Reader
	sum  hash.Hash
	want string
	err  error
}

func (h *hashed) Read(p []byte) (int, error) {
	if h.err != nil {
		return 0, h.err
	}
	n, err := h.body.Read(p)
	h.sum.Write(p[:n])
	if errors.Is(err, io.EOF) {
		got := hex.EncodeToString(h.sum.Sum(nil))
		if !h.t.Must(sign.BadPayload, got == h.want, payloadName, h.want, got) {
			err = h.t.No
		}
	}
	h.err = err
	return n, err
}
