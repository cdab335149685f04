package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
	"objectharness/keygen"
)

// An Arm is one of the workloads that are compared: a way of naming keys, in a
// place of its own.
type Arm struct {
	Name   string // sequential, hashed:md5:2, …
	Keys   keygen.Append
	Bucket string
	Prefix string // of all its keys; "" in a bucket of its own
}

// A Class is how a request ended.
type Class string

// The classes, from best to worst.
const (
	OK        Class = "ok"
	Throttled Class = "throttled" // 503 or 429: the store asks for patience
	Refused   Class = "refused"   // any other 4xx
	Broken    Class = "server"    // any other 5xx, or a status that makes no sense
	Wrong     Class = "wrong"     // a success whose body is not what was stored
	NoReply   Class = "no-reply"  // reset, timeout, garbage
)

// Classes lists the classes in their order.
func Classes() []Class { return []Class{OK, Throttled, Refused, Broken, Wrong, NoReply} }

// An outcome is what came of one hit.
type outcome struct {
	class   Class
	status  int
	code    string
	sent    int64 // bytes of bodies
	read    int64
	service time.Duration
	err     error
}

// A sender signs and sends the requests of one arm.
type sender struct {
	client *client.Client
	addr   string
	arm    Arm
	words  words
	seed   uint64
	verify float64 // share of the reads that are checked
	size   func(n uint64) int64
	limits wire.Limits
	now    func() time.Time
}

// key is the n-th key of the arm.
func (s *sender) key(n uint64) string {
	var buf [128]byte
	return string(s.arm.Keys(append(buf[:0], s.arm.Prefix...), n))
}

// A prepared request is signed and ready to be written.
type prepared struct {
	seq     uint64 // in its round
	hit     Hit
	key     string
	name    []byte // room for the key
	request wire.Request
	body    content
	err     error
}

// prepare signs the first request of a hit, in memory that nobody else uses; sc
// may be nil.
func (s *sender) prepare(p *prepared, h Hit, sc *sign.Scratch) {
	p.name = s.arm.Keys(append(p.name[:0], s.arm.Prefix...), h.N)
	p.hit, p.key = h, string(p.name)
	c := s.call(h, p.key, &p.body)
	c.Scratch = sc
	p.err = s.build(&p.request, c, h.Op == PresignedGet)
}

// presigned is how long URLs of presigned reads are good.
const presigned = 15 * time.Minute

func (s *sender) build(r *wire.Request, c client.Call, inURL bool) error {
	c.Sign = unhashed
	if inURL {
		c.Sign = inQuery
	}
	_, err := s.client.BuildInto(r, c)
	return err
}

// unhashed keeps the cost of hashing bodies out of what is measured: the
// documents allow it where the scheme hashes bodies at all.
func unhashed(in *sign.Input) { in.Payload = "UNSIGNED-PAYLOAD" }

func inQuery(in *sign.Input) { in.Presign, in.Expires = true, presigned }

// send does the requests of a hit, of which the first is prepared and begins now.
func (s *sender) send(ctx context.Context, p *prepared, began time.Time) outcome {
	if p.err != nil {
		return outcome{class: NoReply, err: p.err}
	}
	o := s.exchange(ctx, &p.request, began)
	if o.reply == nil || o.class != OK {
		return o.outcome
	}
	switch {
	case p.hit.Op == Multipart:
		return s.upload(ctx, p.hit, o)
	case p.hit.Op == Copy:
		s.late(&o.outcome, o.reply)
	case p.hit.Op.reads() && s.checks(p.hit):
		s.check(p.hit, &o)
	}
	return o.outcome
}

// A step is one request of a hit and its reply.
type step struct {
	outcome
	reply *wire.Reply
}

// exchange writes a request and reads its reply.
func (s *sender) exchange(ctx context.Context, r *wire.Request, began time.Time) step {
	reply, err := s.client.Transport.Exchange(ctx, s.addr, r, s.limits)
	o := step{outcome{service: s.now().Sub(began), sent: max(r.Length, 0), err: err}, reply}
	if err != nil {
		o.class, o.code = NoReply, reasonOf(err)
		return o
	}
	o.status, o.read, o.class = reply.Status, reply.Size, classOf(reply.Status)
	if o.class != OK {
		o.code = s.codeOf(reply)
	}
	return o
}

func classOf(status int) Class {
	switch {
	case status/100 == 2:
		return OK
	case status == 503 || status == 429:
		return Throttled
	case status/100 == 4:
		return Refused
	}
	return Broken
}

// codeOf is the error code in a reply's body, "" where it has none.
func (s *sender) codeOf(r *wire.Reply) string {
	e, err := s.client.Dialect.DecodeError(r.Body)
	if err != nil || len(e.Code) > 64 {
		return ""
	}
	return e.Code
}

// reasonOf names why there was no reply, in a few words that many share.
func reasonOf(err error) string {
	var te *wire.TransportError
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.EADDRNOTAVAIL):
		return "out of sockets"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &te):
		return "no reply: " + fmt.Sprint(te.Phase)
	}
	return "no reply"
}

// checks tells whether the body of a read is held to what was stored.
func (s *sender) checks(h Hit) bool {
	if s.verify >= 1 {
		return true
	}
	d := draws{s.seed ^ mix64(h.Seq+0x7665726966)}
	return d.next() < s.verify
}

// check compares length and CRC-64 of a body with those of what was stored.
func (s *sender) check(h Hit, o *step) {
	want := contentOf(s.seed, h.N, s.size(h.N))
	if o.reply.Size != want.size || o.reply.CRC64 != want.crc64() {
		o.class, o.code = Wrong, "body differs"
	}
}

// upload sends the part and completes the upload.
func (s *sender) upload(ctx context.Context, h Hit, first step) outcome {
	total := first.outcome
	id := uploadID(string(first.reply.Body))
	body := contentOf(s.seed, h.N, h.Size)
	part := s.follow(ctx, &total, client.Call{Method: "PUT", Bucket: s.arm.Bucket, Key: s.key(h.N), Source: &body, Length: h.Size,
		Query: []wire.Param{{Name: "partNumber", Value: "1"}, {Name: "uploadId", Value: id}}})
	if part == nil {
		return total
	}
	end := s.follow(ctx, &total, client.Call{Method: "POST", Bucket: s.arm.Bucket, Key: s.key(h.N), Body: []byte(s.words.complete(part.Fields.Get("ETag"))),
		Query: []wire.Param{{Name: "uploadId", Value: id}}})
	if end != nil {
		s.late(&total, end)
	}
	return total
}

// late finds the error in a reply whose status was sent before it happened: a copy
// and the completion of an upload may answer 200 and then say that they failed.
func (s *sender) late(o *outcome, r *wire.Reply) {
	if bytes.Contains(r.Body, []byte("<Error>")) {
		o.class, o.code = Broken, s.codeOf(r)
	}
}

// follow does a later request of a hit and adds it to what came of it; nil ends
// the hit.
func (s *sender) follow(ctx context.Context, total *outcome, c client.Call) *wire.Reply {
	var r wire.Request
	if err := s.build(&r, c, false); err != nil {
		total.class, total.err = NoReply, err
		return nil
	}
	o := s.exchange(ctx, &r, s.now())
	total.service += o.service
	total.sent += o.sent
	total.read += o.read
	total.class, total.status, total.code, total.err = o.class, o.status, o.code, o.err
	if o.class != OK {
		return nil
	}
	return o.reply
}

// uploadID finds the ID in the reply to an initiation, in XML or JSON.
func uploadID(body string) string {
	for _, form := range [][2]string{{"<UploadId>", "<"}, {`"uploadId":"`, `"`}} {
		if _, rest, ok := strings.Cut(body, form[0]); ok {
			id, _, _ := strings.Cut(rest, form[1])
			return id
		}
	}
	return ""
}

// describe says in a few words what came of a request.
func (o outcome) describe() string {
	if o.err != nil {
		return o.err.Error()
	}
	return strings.TrimSpace(fmt.Sprintf("status %d %s", o.status, o.code))
}
