package wire

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestBodiesThatBreakTheirWord sends less, and more, than it announced.
func TestBodiesThatBreakTheirWord(t *testing.T) {
	var body, behind string
	var got error
	addr := serve(t, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
		text, err := io.ReadAll(in.Body)
		body, behind, got = string(text), string(in.Behind()), err
		return &Response{Status: 204}
	}})
	for _, c := range []struct {
		name, sent, length string
		framing            Framing
		field              Field
		body, behind       string
		err                error
		interim            int
	}{
		{"cut in memory", "01234", "10", Cut, Field{"Connection", "close"}, "01234", "", io.ErrUnexpectedEOF, 0},
		{"cut after a 100", "01234", "10", Cut, Field{"Expect", "100-continue"}, "01234", "", io.ErrUnexpectedEOF, 1},
		{"surplus", "0123456789", "5", Plain, Field{"Connection", "close"}, "01234", "56789", nil, 0},
		{"exact", "01234", "5", Plain, Field{"Connection", "close"}, "01234", "", nil, 0},
	} {
		r := &Request{Method: "PUT", Target: "/", Fields: Fields{{"Host", "h"}, {"Content-Length", c.length}, c.field},
			Body: strings.NewReader(c.sent), Length: int64(len(c.sent)), Framing: c.framing}
		reply, err := new(Transport).Do(t.Context(), addr, r, true)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if body != c.body || behind != c.behind || !errors.Is(got, c.err) || len(reply.Interim) != c.interim {
			t.Errorf("%s: body %q, behind %q, error %v, interim %v", c.name, body, behind, got, reply.Interim)
		}
	}
}

// TestKeepBack sends the body of a request whose client waits for a 100 that
// never comes; the wait is over at once because its end is given.
func TestKeepBack(t *testing.T) {
	addr := serve(t, &Server{Handler: func(_ context.Context, in *Inbound) *Response {
		in.KeepBack()
		io.Copy(io.Discard, in.Body)
		return &Response{Status: 204}
	}})
	r := put("01234")
	r.Fields.Add("Expect", "100-continue")
	reply, err := (&Transport{Limits: Limits{Continue: 1}}).Do(t.Context(), addr, r, true)
	if err != nil || reply.Status != 204 || len(reply.Interim) != 0 {
		t.Errorf("reply %+v, %v, want 204 without a 100", reply, err)
	}
}
