package suites

import (
	"slices"
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// signingBooks write the chapter signing: right signatures are accepted, and
// each way of getting one wrong is refused as documented and without effect.
var signingBooks = slices.Concat(signingOSSBooks, signingCOSBooks, signingBOSBooks, signingS3Books)

// A form is one way to sign: a scheme, with the signature in the header or in
// the URL.
type form struct {
	name   string // part of the case's id: v4-url
	text   string // completes "a GET signed with …"
	scheme string // of sign.Scheme
	url    bool
}

// signers tells which dialect a scheme belongs to: a book of another dialect has
// no cases of it.
var signers = map[string]string{"oss-v1": "oss", "oss-v4": "oss", "cos-sha1": "cos", "bce-auth-v1": "bos", "aws-sigv4": "s3"}

// rows is the row for the dialect of a form.
func (f form) rows(row Row) By { return By{signers[f.scheme]: row} }

// validity of the URLs that cases sign when they do not care.
const validity = 5 * time.Minute

// A mutation changes one thing of a signed request: what the signature is made
// with, what is signed, or what is sent.
type mutation struct {
	name, text string                        // the end of the case's id; completes "a GET signed with V1 …"
	sign       func(*sign.Input)             // what the signature is made with: clock, keys, scope
	before     func(*wire.Request)           // the request that is signed
	tamper     func(*wire.Request)           // the request that is sent
	spell      respelling                    // the text that is signed
	on         func(*Scene) mutation         // a mutation that has to know the scene: its clock, its keys
	wrap       func(sign.Scheme) sign.Scheme // the scheme itself
}

// untouched is the mutation that changes nothing: the positive control.
var untouched = mutation{name: "right", text: "rightly"}

// signed gives a call a signature of the form, with m done to it. What the call
// itself changes before and after signing comes first.
func (f form) signed(s *Scene, call client.Call, m mutation) client.Call {
	if m.on != nil {
		m = m.on(s)
	}
	if call.Scheme == nil {
		call.Scheme = s.Scheme(f.scheme)
	}
	if m.spell != nil {
		call.Scheme = respelled{call.Scheme, m.spell}
	}
	if m.wrap != nil {
		call.Scheme = m.wrap(call.Scheme)
	}
	own := call.Sign
	call.Sign = func(in *sign.Input) {
		if in.Presign = f.url; f.url {
			in.Expires = validity
		}
		each(in, own, m.sign)
	}
	before, tamper := call.Before, call.Tamper
	call.Before = func(r *wire.Request) { each(r, before, m.before) }
	call.Tamper = func(r *wire.Request) { each(r, tamper, m.tamper) }
	return call
}

// each does what of several changes there is.
func each[T any](v *T, changes ...func(*T)) {
	for _, change := range changes {
		if change != nil {
			change(v)
		}
	}
}

// all puts changes together.
func all[T any](changes ...func(*T)) func(*T) {
	return func(v *T) { each(v, changes...) }
}

// An ask is a request that mutations are done to. Its control is sent to the key
// "control" and the mutated one to the key "a".
type ask struct {
	name, text string
	given      func(key string) Given // what must be there before; nil for nothing
	call       func(s *Scene, key string) client.Call
	right      Want    // of the request when it is right
	done       []After // what shows that it had its effect on "a"
	none       []After // what shows that it had none
	fixed      bool    // the clock has to stand: on an emulator of the case's own
	first      Given   // opens an emulator of the case's own; nil for none
}

var (
	askGet = ask{name: "get", text: "a GET",
		given: func(key string) Given { return put(key, "content") },
		call:  func(s *Scene, key string) client.Call { return s.Get(s.Key(key)) },
		right: Accepted(200).Content("content"),
	}
	askHead = ask{name: "head", text: "a HEAD", given: askGet.given,
		call:  func(s *Scene, key string) client.Call { return s.Head(s.Key(key)) },
		right: Accepted(200),
	}
	askPut = ask{name: "put", text: "a PUT with metadata",
		call: func(s *Scene, key string) client.Call {
			return s.Put(s.Key(key), "content", Field("Content-Type", "text/plain"), Field(s.W.Meta+"author", "one"))
		},
		right: Want{Status: 2},
		done:  []After{reads("a", "content")},
		none:  []After{missing("a")},
	}
	askDelete = ask{name: "delete", text: "a DELETE", given: askGet.given,
		call:  func(s *Scene, key string) client.Call { return s.Delete(s.Key(key)) },
		right: Want{Status: 2},
		done:  []After{missing("a")},
		none:  []After{reads("a", "content")},
	}
)

// asks are the requests that every mutation of a matrix is done to.
var asks = []ask{askGet, askPut, askDelete}

// with returns the ask with further fields in its request.
func (a ask) with(fields ...wire.Field) ask {
	call := a.call
	a.call = func(s *Scene, key string) client.Call {
		c := call(s, key)
		c.Fields = append(c.Fields, fields...)
		return c
	}
	return a
}

// asking returns the ask with further query parameters in its request.
func (a ask) asking(params ...wire.Param) ask {
	call := a.call
	a.call = func(s *Scene, key string) client.Call {
		c := call(s, key)
		c.Query = append(c.Query, params...)
		return c
	}
	return a
}

// named returns the ask under another name and text.
func (a ask) named(name, text string) ask { a.name, a.text = name, text; return a }

// needs is what the ask takes besides one account.
func (a ask) needs() Need {
	if a.fixed || a.first != nil {
		return NeedsPrivate
	}
	return 0
}

// at returns the ask for keys that have an end of their own.
func (a ask) at(end string) ask {
	given, call := a.given, a.call
	if given != nil {
		a.given = func(key string) Given { return given(key + end) }
	}
	a.call = func(s *Scene, key string) client.Call { return call(s, key+end) }
	return a
}

// inHost returns the ask with the bucket in Host, as the dialect's public
// endpoints have it, where it stands in the path otherwise.
func (a ask) inHost() ask {
	call := a.call
	a.call = func(s *Scene, key string) client.Call {
		c := call(s, key)
		c.Before = func(r *wire.Request) {
			host, path := s.Owner.Dialect.Address(dialect.HostStyle, s.Owner.Dialect.Host(s.Owner.Region), c.Bucket, c.Key)
			if !strings.HasPrefix(r.Fields.Get("Host"), c.Bucket+".") { // an IP address has no other names, whatever the style
				r.Fields.Set("Host", host)
				r.Target = onPath(r.Target, func(string) string { return path })
			}
		}
		return c
	}
	return a
}

// brings makes what must be there before the request at each of keys.
func (a ask) brings(keys ...string) Given {
	return func(s *Scene) {
		switch {
		case a.first != nil:
			a.first(s)
		case a.fixed:
			standing(s)
		}
		for _, key := range keys {
			if a.given != nil {
				a.given(key)(s)
			}
		}
	}
}

// A wrong is a mutation with what a dialect's documents answer to it.
type wrong struct {
	mutation
	Row
}

// refusals adds a case for each mutation and ask: the right request works, the
// mutated one is refused as its row says and has no effect.
func (b *Book) refusals(f form, asks []ask, list ...wrong) {
	for _, a := range asks {
		for _, w := range list {
			b.refusal(f, a, w)
		}
	}
}

func (b *Book) refusal(f form, a ask, w wrong) {
	b.Case(f.name+"/"+a.name+"/"+w.name, "refuses "+a.text+" signed with "+f.text+" "+w.text, f.rows(w.Row), Case{
		Needs: a.needs(),
		Given: []Given{a.brings("control", "a"), a.control(f)},
		When: func(s *Scene) client.Call {
			call := f.signed(s, a.call(s, "a"), w.mutation)
			call.Fresh = call.Fresh || call.Method == "PUT" // a body that is refused unread can leave a kept connection out of step
			return call
		},
		After: a.none,
	})
}

// control is the positive control: the request as it should be works.
func (a ask) control(f form) Given {
	return func(s *Scene) {
		r := s.Do(f.signed(s, a.call(s, "control"), untouched))
		if broken := a.right.judge(s, r, false); len(broken) > 0 {
			s.Block("positive control: %s %s: want %s, got %s", r.Request.Method, r.Request.Target, broken[0].Expected, broken[0].Got)
		}
	}
}

// acceptances adds a case for each mutation and ask: the mutated request is
// still a right one and does what it asks for.
func (b *Book) acceptances(f form, asks []ask, list ...wrong) {
	for _, a := range asks {
		for _, w := range list {
			b.acceptance(f, a, w)
		}
	}
}

func (b *Book) acceptance(f form, a ask, w wrong) {
	w.Want = orElse(w.Want, a.right)
	b.Case(f.name+"/"+a.name+"/"+w.name, "accepts "+a.text+" signed with "+f.text+" "+w.text, f.rows(w.Row), Case{
		Needs: a.needs(),
		Given: []Given{a.brings("a")},
		When:  func(s *Scene) client.Call { return f.signed(s, a.call(s, "a"), w.mutation) },
		After: a.done,
	})
}

// orElse gives a want that says nothing what the other says.
func orElse(w, other Want) Want {
	if w.empty() {
		return other.Of(w.Clause)
	}
	return w
}

// contrast adds a case in which the same request is accepted as right signs it
// and refused as other does: the two readings of one rule.
func (b *Book) contrast(f form, a ask, name, text string, row Row, right, other mutation) {
	refused := row.Want
	row.Want = a.right.Of(refused.Clause)
	b.Case(f.name+"/"+name, text, f.rows(row), Case{
		Needs: a.needs(),
		Given: []Given{a.brings("a", "other")},
		When:  func(s *Scene) client.Call { return f.signed(s, a.call(s, "a"), right) },
		After: append(slices.Clone(a.done), After{
			Text: "signed " + other.text + " it is refused",
			Call: func(s *Scene) client.Call { return f.signed(s, a.call(s, "other"), other) },
			Want: refused,
		}),
	})
}
