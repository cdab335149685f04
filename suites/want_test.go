package suites

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/exchange"
	"objectharness/internal/wire"
)

// replied is a reply as a case gets it.
func replied(method string, status int, code, text string, fields ...wire.Field) *client.Reply {
	return &client.Reply{Reply: &wire.Reply{Status: status, Fields: fields, Body: []byte(text), Size: int64(len(text))},
		Err: dialect.Error{Code: code}, Request: &wire.Request{Method: method, Target: "/b/k"}}
}

// TestWantNotices holds each part of a want to a reply that breaks it and to one
// that does not.
func TestWantNotices(t *testing.T) {
	s := &Scene{Case: &Case{Clauses: []string{"A", "B"}}}
	etag := Field("ETag", `"x"`)
	for _, c := range []struct {
		name  string
		want  Want
		reply *client.Reply
		what  []clause.What // what is broken, for one clause
	}{
		{"status", Accepted(200), replied("GET", 200, "", ""), nil},
		{"another status", Accepted(200), replied("GET", 204, "", ""), []clause.What{clause.BrokenStatus}},
		{"class", Refused(4, ""), replied("GET", 409, "X", ""), nil},
		{"another class", Refused(4, ""), replied("GET", 500, "X", ""), []clause.What{clause.BrokenStatus}},
		{"code", Refused(404, "NoSuchKey"), replied("GET", 404, "NoSuchKey", ""), nil},
		{"another code", Refused(404, "NoSuchKey"), replied("GET", 404, "NoSuchBucket", ""), []clause.What{clause.BrokenCode}},
		{"no code in a body", Refused(404, "NoSuchKey"), replied("GET", 404, "", ""), []clause.What{clause.BrokenCode}},
		{"no body by nature", Refused(404, "NoSuchKey"), replied("HEAD", 404, "", ""), nil},
		{"field", Want{}.Field("etag", `"x"`), replied("GET", 200, "", "", etag), nil},
		{"another value", Want{}.Field("ETag", `"y"`), replied("GET", 200, "", "", etag), []clause.What{clause.BrokenField}},
		{"no field", Want{}.Field("ETag", Present), replied("GET", 200, "", ""), []clause.What{clause.BrokenField}},
		{"empty field", Want{}.Field("ETag", Present), replied("GET", 200, "", "", Field("ETag", "")), []clause.What{clause.BrokenField}},
		{"unwanted field", Want{}.Field("ETag", Absent), replied("GET", 200, "", "", etag), []clause.What{clause.BrokenField}},
		{"body", Want{}.Content("abc"), replied("GET", 200, "", "abd"), []clause.What{clause.BrokenBody}},
		{"matched body", Want{}.Content(gomega.HavePrefix("ab")), replied("GET", 200, "", "abd"), nil},
		{"two parts", Refused(404, "NoSuchKey"), replied("GET", 403, "AccessDenied", ""), []clause.What{clause.BrokenStatus, clause.BrokenCode}},
		{"shown", Shown().Content("abc"), replied("GET", 206, "", "abc"), nil},
	} {
		for _, id := range s.Case.Clauses {
			var got []clause.What
			for _, b := range c.want.judge(s, c.reply, false) {
				if b.Clause == id {
					got = append(got, b.What)
				}
			}
			if !slices.Equal(got, c.what) {
				t.Errorf("%s, clause %s: %v is broken, want %v", c.name, id, got, c.what)
			}
		}
	}
}

// TestShownBlocks: a reply that is no success says nothing of what it should show.
func TestShownBlocks(t *testing.T) {
	defer func() {
		if _, ok := recover().(blocked); !ok {
			t.Error("the case went on")
		}
	}()
	s := &Scene{Case: &Case{Clauses: []string{"A"}}}
	Shown().Field("ETag", Present).judge(s, replied("GET", 403, "AccessDenied", ""), false)
}

// TestAboutWhom: a want without a clause is about those that no other names.
func TestAboutWhom(t *testing.T) {
	c := &Case{Clauses: []string{"A", "B", "C"}, Then: []Want{{}, {Clause: "B"}}, After: []After{{Want: Want{Clause: "C"}}}}
	if got := c.about(c.Then[0]); !slices.Equal(got, []string{"A"}) {
		t.Errorf("about %v, want A", got)
	}
	if got := c.about(Want{Clause: "B C"}); !slices.Equal(got, []string{"B", "C"}) {
		t.Errorf("about %v, want B and C", got)
	}
}

// TestOutcomeHidesSecrets: no text of an outcome holds a secret, wherever a
// target may have put it.
func TestOutcomeHidesSecrets(t *testing.T) {
	const secret = "canary-secret-key-0001"
	s := &Scene{Subject: &Subject{Redact: exchange.NewRedactor(exchange.Mask, nil, secret)}}
	s.out = clause.Outcome{Blocked: secret, Error: "x " + secret, NotRun: secret, Message: secret,
		Broken: []clause.Broken{{Expected: secret, Got: "got " + secret}}, Divergence: &clause.Divergence{Ours: secret, Theirs: secret}}
	s.hide()
	o := s.out
	for _, text := range []string{o.Blocked, o.Error, o.NotRun, o.Message, o.Broken[0].Expected, o.Broken[0].Got, o.Divergence.Ours, o.Divergence.Theirs} {
		if text == "" || strings.Contains(text, secret) {
			t.Errorf("%q holds the secret, or nothing", text)
		}
	}
}
