package misbehave

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/wire"
)

var (
	nextNames = []string{"x-oss-next-append-position", "x-cos-next-append-position", "x-bce-next-append-offset"}
	idNames   = []string{"x-oss-request-id", "x-cos-request-id", "x-bce-request-id", "x-amz-request-id"}
)

func dropNextPosition(_ *request, r *reply) error {
	r.del(named(nextNames...))
	return nil
}

// changeNextPosition tells one more than the length.
func changeNextPosition(_ *request, r *reply) error {
	for _, name := range nextNames {
		if n, err := strconv.ParseInt(r.get(name), 10, 64); err == nil {
			r.set(name, strconv.FormatInt(n+1, 10))
		}
	}
	return nil
}

var positionCode = regexp.MustCompile(`PositionNotEqualToLength|AppendPositionErr|OffsetIncorrect`)

// acceptPosition says yes to an append at a wrong position, and appends nothing.
func acceptPosition(q *request, r *reply) error {
	if q.method != "POST" || r.status != 409 {
		return nil
	}
	body, err := r.whole()
	if err != nil || !positionCode.Match(body) {
		return err
	}
	at := int64(0)
	for _, p := range wire.ParseQuery(q.query()) {
		if p.Name == "position" || p.Name == "offset" {
			at, _ = strconv.ParseInt(p.Value, 10, 64)
		}
	}
	r.turn(200, "OK")
	for i, id := range idNames[:len(nextNames)] {
		if r.has(id) {
			r.set(nextNames[i], strconv.FormatInt(at+q.length, 10))
		}
	}
	r.set("ETag", `"0123456789ABCDEF0123456789ABCDEF"`)
	r.del(named("Content-Type"))
	r.replace(nil)
	return nil
}

func unquoteTag(_ *request, r *reply) error {
	if tag := r.get("ETag"); tag != "" {
		r.set("ETag", strings.Trim(tag, `"`))
	}
	return nil
}

// changeTag names a wrong tag for what was uploaded; reads tell the right one.
func changeTag(q *request, r *reply) error {
	tag := r.get("ETag")
	if q.method != "PUT" || len(tag) < 3 {
		return nil
	}
	other := "0"
	if tag[1] == '0' {
		other = "1"
	}
	r.set("ETag", tag[:1]+other+tag[2:])
	return nil
}

var conditions = named("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")

func ignoreCondition(p *Proxy, q *request) error { return p.without(q, conditions) }

func ignoreRange(p *Proxy, q *request) error { return p.without(q, named("Range")) }

// without takes fields out of a request, and signs it anew where the signature
// covers them. A signed URL that covers them stays as it is: the window that it
// names is another's to choose.
func (p *Proxy) without(q *request, match func(line) bool) error {
	changed := q.head
	if changed.del(match) == 0 {
		return nil
	}
	if !slices.ContainsFunc(q.lines, func(l line) bool { return match(l) && covered(q, l.name) }) {
		q.head = changed
		return nil
	}
	if p.Resign == nil || !q.has("Authorization") {
		return nil
	}
	r := &wire.Request{Method: q.method, Target: q.target}
	for _, l := range changed.lines {
		r.Fields.Add(l.name, l.value)
	}
	if err := p.Resign(r); err != nil {
		return err
	}
	q.target, q.start = r.Target, r.Method+" "+r.Target+" HTTP/1.1\r\n"
	q.lines = nil
	for _, f := range r.Fields {
		q.lines = append(q.lines, field(f.Name, f.Value))
	}
	return nil
}

// covered tells whether the list of signed fields, wherever the scheme puts it,
// names the field.
func covered(q *request, name string) bool {
	text := strings.ToLower(q.get("Authorization") + "&" + strings.ReplaceAll(q.query(), "%3B", ";"))
	found := regexp.MustCompile(`[;=/,]` + regexp.QuoteMeta(strings.ToLower(name)) + `([;&,/]|$)`)
	return found.MatchString(text)
}

// acceptSignature says yes to a request whose signature does not match. Replies
// to HEAD have no body to know it by and stay.
func acceptSignature(_ *request, r *reply) error {
	if r.status != 403 {
		return nil
	}
	body, err := r.whole()
	if err != nil || !strings.Contains(string(body), "SignatureDoesNotMatch") {
		return err
	}
	r.turn(200, "OK")
	r.del(named("Content-Type"))
	r.replace(nil)
	return nil
}

// loseDelete says that an object is gone and keeps it.
func loseDelete(p *Proxy, q *request) error {
	if q.method != "DELETE" || strings.Contains(q.target, "?") {
		return nil
	}
	h := head{start: "HTTP/1.1 204 No Content\r\n", lines: p.identity(), end: "\r\n"}
	q.answer = h.bytes()
	return nil
}

// look keeps what names server and request in a reply, for replies made here.
func (p *Proxy) look(r *reply) {
	known := named(append([]string{"Server", "Date"}, idNames...)...)
	var seen []line
	for _, l := range r.lines {
		if known(l) {
			seen = append(seen, l)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = seen
}

func (p *Proxy) identity() []line {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// corruptByte spoils objects, not listings: those have no ETag.
func corruptByte(q *request, r *reply) error {
	r.flip = q.method == "GET" && (r.status == 200 || r.status == 206) && r.has("ETag")
	return nil
}

var codeText = regexp.MustCompile(`(<Code>|"code"\s*:\s*")[A-Za-z.]+`)

// changeCode names another documented code.
func changeCode(_ *request, r *reply) error {
	if r.status < 400 {
		return nil
	}
	body, err := r.whole()
	if err != nil || len(body) == 0 {
		return err
	}
	other := "${1}AccessDenied"
	if strings.Contains(string(body), "AccessDenied") {
		other = "${1}InvalidArgument"
	}
	r.replace(codeText.ReplaceAll(body, []byte(other)))
	return nil
}

// changeStatus answers errors with another status of the same class.
func changeStatus(_ *request, r *reply) error {
	switch {
	case r.status == 400:
		r.turn(409, "Conflict")
	case r.status > 400 && r.status < 500:
		r.turn(400, "Bad Request")
	}
	return nil
}

func dropRequestID(_ *request, r *reply) error {
	r.del(named(idNames...))
	return nil
}

// unasked is a reply that nobody waits for.
func unasked(*request, *reply) []byte {
	return []byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
}

// keepOpen keeps the connection of a refused upload that did not say its length.
func keepOpen(_ *request, r *reply) error {
	if r.status == 411 {
		r.del(named("Connection"))
	}
	return nil
}

// bodyAsRequest answers the body of such an upload as if it were a request.
func bodyAsRequest(q *request, r *reply) []byte {
	if r.status != 411 {
		return nil
	}
	return unasked(q, r)
}

var errDead = errors.New("misbehave: the server is dead")

// die makes an end of everything once enough requests were served.
func die(p *Proxy, _ *request) error {
	if p.served.Add(1) <= p.Requests {
		return nil
	}
	p.end()
	return errDead
}
