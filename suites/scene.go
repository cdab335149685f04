package suites

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A Scene is one run of one case: its target, its keys, and what its steps
// remember. Methods that begin with Must end the case as blocked when what they
// do does not work.
type Scene struct {
	*Subject
	home *Subject // Subject as it was before NewPrivate
	Ctx  context.Context
	Case *Case
	W    Words

	keep   map[string]string
	made   []made
	known  map[made]bool
	alien  map[string]bool // buckets of the second account
	strewn map[string]bool // buckets of the case's own that hold versions
	held   []string        // what given steps put into such a bucket
	close  []func()
	step   string
	out    clause.Outcome
	last   *client.Reply // the reply that is judged

	unanswered bool // the case ended with a request that got no reply

	wrote time.Time // when the last request that may write was answered; zero: none was
	asked asking    // the last request
}

// made is what a case made: a bucket where there is no key, otherwise an object,
// or the upload or the version of one.
type made struct{ bucket, key, upload, version string }

// blocked, failed and notRun end a case from within a step.
type (
	blocked struct{ reason string }
	failed  struct{ err error }
	notRun  struct{ reason string }
)

// Key is a key of the case's own. Everything that a case makes goes through Key
// or Exactly, so that the ledger knows it first.
func (s *Scene) Key(name string) string {
	return s.Exactly(s.Subject.Run + "/" + s.Case.ID[strings.IndexByte(s.Case.ID, '/')+1:] + "/" + name)
}

// Exactly enters a key as it is into the ledger and returns it. It must hold
// something of the case's own: all cases of a process share a bucket.
func (s *Scene) Exactly(key string) string { return s.In(s.Bucket, key) }

// In is Exactly for a bucket of the case's own.
func (s *Scene) In(bucket, key string) string {
	s.enlist(made{bucket: bucket, key: key})
	return key
}

// Upload enters a multipart upload into the ledger, so that the end of the case
// aborts it when nothing else has ended it.
func (s *Scene) Upload(bucket, key, id string) string {
	if id != "" {
		s.enlist(made{bucket: bucket, key: key, upload: id})
	}
	return id
}

// Own is the name of a bucket of the case's own, which need not be there: what
// makes it is the case. It goes when the case ends, and the keys named through
// In before it.
func (s *Scene) Own(name string) string {
	bucket := s.named(shortHash(s.Case.ID + "/" + name))
	s.enlist(made{bucket: bucket})
	return bucket
}

// enlist writes down what the case is about to make.
func (s *Scene) enlist(m made) {
	if s.known[m] {
		return
	}
	if s.known == nil {
		s.known = map[made]bool{}
	}
	s.known[m] = true
	if s.ReadOnly {
		return
	}
	s.made = append(s.made, m)
	if s.Made != nil {
		s.Made(m.kind(), m.bucket, m.key, m.id())
	}
}

// Absent is the name of a bucket that nobody has. A dialect whose bucket names
// end in an account (COS: name-APPID) keeps that end; a host's length is bounded,
// so the name is short.
func (s *Scene) Absent() string { return s.named(shortHash(s.Case.ID)) }

// named is the name of a bucket that ends in what the dialect has names end in.
func (s *Scene) named(name string) string {
	end := ""
	if i := strings.LastIndexByte(s.Bucket, '-'); i > 0 {
		end = s.Bucket[i:]
	}
	return s.Subject.Run + "-" + name + end
}

// Keep remembers a value for later steps; Kept gives it back and ends the case
// as an error when nobody kept it.
func (s *Scene) Keep(name, value string) { s.keep[name] = value }

// Kept returns what Keep remembered.
func (s *Scene) Kept(name string) string {
	v, ok := s.keep[name]
	if !ok {
		panic(failed{fmt.Errorf("the case never kept %q", name)})
	}
	return v
}

// Do sends a call as the owner. Without any reply, or with one that says the
// target is throttling, the case ends as an error.
func (s *Scene) Do(call client.Call) *client.Reply { return s.DoAs(s.Owner, call) }

// DoAs is Do for any account.
func (s *Scene) DoAs(c *client.Client, call client.Call) *client.Reply {
	r := s.send(c, call)
	s.asked = asking{c, call, r}
	if kindOf(call) == "" && s.Subject == s.home {
		s.wrote = s.home.Now()
	}
	return r
}

// send is DoAs without a memory of it.
func (s *Scene) send(c *client.Client, call client.Call) *client.Reply {
	if call.Note == "" {
		call.Note = s.step
	}
	r, err := c.Do(s.Ctx, call)
	if err != nil {
		panic(failed{err})
	}
	s.unthrottled(call, r)
	s.begun(call, r)
	return r
}

// begun enters the upload that a request has begun, and the version that it has
// made, into the ledger: the target names them.
func (s *Scene) begun(call client.Call, r *client.Reply) {
	if r.Status/100 != 2 || call.Key == "" || kindOf(call) != "" {
		return
	}
	if call.Method == "POST" && asksFor(call, "uploads") {
		s.Upload(call.Bucket, call.Key, mpMember(r, "UploadId"))
	}
	if id := s.versionOf(call, r); id != "" {
		s.enlist(made{bucket: call.Bucket, key: call.Key, version: id})
	}
}

// versionOf is the version that the reply to a request names as made by it.
func (s *Scene) versionOf(call client.Call, r *client.Reply) string {
	if asksFor(call, "versionId") {
		return ""
	}
	return r.Fields.Get(s.W.Prefix + "version-id")
}

func asksFor(call client.Call, name string) bool {
	return slices.ContainsFunc(call.Query, func(p wire.Param) bool { return p.Name == name })
}

// DoBy is Do for any role.
func (s *Scene) DoBy(as Role, call client.Call) *client.Reply {
	return s.DoAs(s.client(as), s.madeBy(as, call))
}

// client is the account of a role; an anonymous request has none, and the
// owner's is as good as any.
func (s *Scene) client(as Role) *client.Client {
	if as == Second {
		return s.Other
	}
	return s.Owner
}

// madeBy is the call as the role makes it.
func (s *Scene) madeBy(as Role, call client.Call) client.Call {
	call.Anonymous = call.Anonymous || as == Nobody
	return call
}

// unthrottled ends the case as an error where the target asks for patience.
func (s *Scene) unthrottled(call client.Call, r *client.Reply) {
	if throttled(r) && !s.wantsThrottle() {
		panic(failed{fmt.Errorf("%s %s: throttled: %s", call.Method, call.Key, describe(r))})
	}
}

// patience is how long a hostile request waits for its refusal.
const patience = 5 * time.Second

// judged sends the request that is judged. A hostile one has a connection of its
// own: a target that ends it, or waits for a body that it has to refuse, without
// a word, and goes on answering others, has answered wrongly, and ok is false.
func (s *Scene) judged(call client.Call) (r *client.Reply, ok bool) {
	if !call.Fresh && call.Framing != wire.HeadOnly || s.Alive == nil {
		return s.DoBy(s.Case.As, call), true
	}
	if call.Note == "" {
		call.Note = s.step
	}
	ctx, cancel := context.WithTimeout(s.Ctx, patience)
	defer cancel()
	r, err := s.client(s.Case.As).Do(ctx, s.madeBy(s.Case.As, call))
	if err == nil {
		s.unthrottled(call, r)
		s.begun(call, r)
		return r, true
	}
	if unsent(err) || s.Alive(s.Ctx) != nil {
		panic(failed{err})
	}
	for _, id := range s.Case.about(s.Case.Then[0]) {
		s.out.Broken = append(s.out.Broken, clause.Broken{Clause: id, What: clause.BrokenTransport,
			Expected: s.Case.Then[0].answer(), Got: "no reply, from a target that answers others: " + err.Error()})
	}
	return nil, false
}

func throttled(r *client.Reply) bool {
	return r.Status == 429 || r.Status == 503
}

func (s *Scene) wantsThrottle() bool {
	for _, w := range s.Case.Then {
		if w.Status == 503 || w.Status == 429 {
			return true
		}
	}
	return false
}

// Must sends a call that has to succeed (2xx); otherwise the case is blocked.
func (s *Scene) Must(call client.Call) *client.Reply {
	s.Do(call)
	r := s.converge(s.asked, func(r *client.Reply) bool { return r.Status/100 == 2 })
	if r.Status/100 != 2 {
		s.Block("%s %s answered %s, want success", call.Method, r.Request.Target, describe(r))
	}
	return r
}

// MustStatus sends a call that has to be answered with status and, unless it is
// "", code: the positive or negative control of a case.
func (s *Scene) MustStatus(status int, code string, call client.Call) *client.Reply {
	s.Do(call)
	right := func(r *client.Reply) bool {
		return r.Status == status && (code == "" || bodiless(r) || r.Err.Code == code)
	}
	r := s.converge(s.asked, right)
	if !right(r) {
		s.Block("%s %s answered %s, want %d %s", call.Method, r.Request.Target, describe(r), status, code)
	}
	return r
}

// Block ends the case: what it rests on does not hold.
func (s *Scene) Block(reason string, args ...any) {
	panic(blocked{fmt.Sprintf(reason, args...)})
}

// Fail reports one broken assertion of a case with a Run of its own.
func (s *Scene) Fail(of string, what clause.What, expected, got string) {
	b := clause.Broken{Clause: of, What: what, Expected: expected, Got: got}
	if s.last != nil {
		b.GotStatus, b.GotCode = s.last.Status, s.last.Err.Code
	}
	s.out.Broken = append(s.out.Broken, b)
}

// Judge compares a reply with a want, for a case with a Run of its own.
func (s *Scene) Judge(r *client.Reply, w Want) {
	if s.asked.reply == r {
		*r = *s.converge(s.asked, func(r *client.Reply) bool { return s.satisfies(r, false, w) })
	}
	s.last = r
	s.out.Broken = append(s.out.Broken, w.judge(s, r, false)...)
}

// Scheme is the dialect's way of signing called name; the case is not run where
// the subject's dialect has none.
func (s *Scene) Scheme(name string) sign.Scheme {
	for _, sc := range s.Owner.Dialect.Schemes {
		if sc.Name() == name {
			return sc
		}
	}
	panic(notRun{"the dialect does not sign with " + name})
}

// NewPrivate opens an emulator of the case's own and turns the scene to it.
func (s *Scene) NewPrivate(setup Setup) {
	sub, done, err := s.Private(s.Ctx, setup)
	if err != nil {
		panic(failed{fmt.Errorf("private emulator: %w", err)})
	}
	s.close = append(s.close, done)
	s.Subject = sub
}

// Pass lets time go by on a private emulator whose clock stands.
func (s *Scene) Pass(d time.Duration) {
	if s.Advance == nil {
		panic(notRun{"the target's clock cannot be moved"})
	}
	s.Advance(d)
}

// clean removes what the case made, newest first, and closes what it opened.
// What cannot be removed stays in the ledger: all of it when the target has left
// a request of the case without a reply, and the rest when it does so here.
func (s *Scene) clean(ctx context.Context, home *Subject) {
	for _, f := range s.close {
		defer f()
	}
	if home.Judged != nil {
		home.Judged()
	}
	if s.unanswered {
		return
	}
	ctx, cancel := home.outlive(ctx)
	defer cancel()
	for i := len(s.made) - 1; i >= 0; i-- {
		if err := s.remove(ctx, home, s.made[i]); err != nil && !errors.Is(err, client.ErrBudget) { // others may have a request kept back for them
			return
		}
	}
}

// remove removes what the case made. Where versions are kept, that makes a delete
// marker, which goes as well.
func (s *Scene) remove(ctx context.Context, home *Subject, m made) error {
	owner := home.Owner
	if s.alien[m.bucket] {
		owner = home.Other
	}
	r, err := owner.Do(ctx, m.removal())
	if err == nil && m.key == "" && r.Status == 409 && s.strewn[m.bucket] {
		s.sweepVersions(ctx, owner, m.bucket)
		r, err = owner.Do(ctx, m.removal())
	}
	if err != nil {
		return err
	}
	if id := s.versionOf(m.removal(), r); id != "" {
		_, err = owner.Do(ctx, made{bucket: m.bucket, key: m.key, version: id}.removal())
	}
	if (r.Status/100 == 2 || r.Status == 404) && home.Gone != nil && err == nil {
		home.Gone(m.kind(), m.bucket, m.key, m.id())
	}
	return err
}

// removal is the request that removes m.
func (m made) removal() client.Call {
	call := client.Call{Method: "DELETE", Bucket: m.bucket, Key: m.key, Note: client.CleanUp}
	switch m.kind() {
	case "upload":
		call.Query = []wire.Param{{Name: "uploadId", Value: m.upload}}
	case "version":
		call.Query = []wire.Param{{Name: "versionId", Value: m.version}}
	}
	return call
}

func (m made) kind() string {
	switch {
	case m.upload != "":
		return "upload"
	case m.version != "":
		return "version"
	case m.key == "":
		return "bucket"
	}
	return "object"
}

// id is the name that the target has given it, "" where the case has named it.
func (m made) id() string { return m.upload + m.version }

// The calls that almost every case is made of.

// Put stores body at a key of the shared bucket.
func (s *Scene) Put(key, body string, fields ...wire.Field) client.Call {
	return client.Call{Method: "PUT", Bucket: s.Bucket, Key: key, Body: []byte(body), Fields: fields}
}

// Get reads a key.
func (s *Scene) Get(key string, fields ...wire.Field) client.Call {
	return client.Call{Method: "GET", Bucket: s.Bucket, Key: key, Fields: fields}
}

// Head asks for the head of a key.
func (s *Scene) Head(key string, fields ...wire.Field) client.Call {
	return client.Call{Method: "HEAD", Bucket: s.Bucket, Key: key, Fields: fields}
}

// Delete removes a key.
func (s *Scene) Delete(key string, fields ...wire.Field) client.Call {
	return client.Call{Method: "DELETE", Bucket: s.Bucket, Key: key, Fields: fields}
}

// Append appends body to a key at position, which is any text.
func (s *Scene) Append(key, position, body string, fields ...wire.Field) client.Call {
	return client.Call{Method: "POST", Bucket: s.Bucket, Key: key, Body: []byte(body), Fields: fields,
		Query: []wire.Param{{Name: s.W.AppendQuery, Bare: true}, {Name: s.W.Position, Value: position}}}
}

// Field is one header field, for calls.
func Field(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }

// after returns a time some whole seconds from an HTTP date, as an HTTP date.
func (s *Scene) after(date string, d time.Duration) string {
	t, err := time.Parse(httpTime, date)
	if err != nil {
		s.Block("Last-Modified %q is no HTTP date", date)
	}
	return t.Add(d).UTC().Format(httpTime)
}

const httpTime = "Mon, 02 Jan 2006 15:04:05 GMT"

// shortHash is eight hexadecimal digits that belong to a text.
func shortHash(text string) string {
	h := uint32(2166136261)
	for i := 0; i < len(text); i++ {
		h = (h ^ uint32(text[i])) * 16777619
	}
	return strconv.FormatUint(uint64(h)|1<<32, 16)[1:]
}

var errGone = errors.New("the target was gone")
