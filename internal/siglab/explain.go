package siglab

import (
	"fmt"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/sign/cossha1"
)

// A Guess is a cause with what speaks for it.
type Guess struct {
	Cause Cause
	Why   string
	Exact bool // the mistake, made on purpose, gives just what came
}

// A Finding is what is known of a refused signature.
type Finding struct {
	Difference *Difference // nil where the texts are the same, or the server shows none
	Remarks    []string
	Guesses    []Guess // the likeliest first; at least one
}

// Refused tells whether there is something to explain: an error body, or a
// signature that the request carried and that is not the one computed.
func (s *Signed) Refused() bool { return s.ask.ServerError != nil || s.Claim.Signature != "" }

// Explain compares what s signs with what the server printed, and with the
// signature that was sent.
func (s *Signed) Explain() *Finding {
	found := &Finding{}
	ours := s.form()
	s.byCode(found)
	sent := s.sent()
	if key := s.Claim.AccessKey + s.Complaint.AccessKey; key != "" && !strings.Contains(key, s.Input.AccessKey) {
		found.guess(OtherKey, "the request names another key", false)
	}
	found.Difference = s.difference()
	if found.Difference != nil {
		s.remarkTexts(found, ours, sent)
		s.explainTexts(found, ours)
	} else if s.mismatched() {
		s.explainSignature(found, ours, sent)
	}
	if len(found.Guesses) == 0 {
		found.guess(NotSignature, s.Complaint.Code+": "+s.Complaint.Message, false)
	}
	return found
}

// sent is the signature that the client sent, as far as it is known.
func (s *Signed) sent() string {
	if s.Complaint.Signature != "" {
		return s.Complaint.Signature
	}
	return s.Claim.Signature
}

// difference is where the texts part: the canonical request first, since the
// string to sign only holds its hash. Where the strings to sign agree, so do they.
func (s *Signed) difference() *Difference {
	canonical, text := s.texts()
	theirs := s.Complaint
	request, toSign := s.names()
	switch {
	case theirs.StringToSign == text && text != "":
		return nil
	case theirs.CanonicalRequest != "" && theirs.CanonicalRequest != canonical:
		return Compare(request, canonical, theirs.CanonicalRequest)
	case theirs.StringToSign != "":
		return Compare(toSign, text, theirs.StringToSign)
	}
	return nil
}

// names of the two texts in the document's words.
func (s *Signed) names() (canonical, text string) {
	switch s.Scheme {
	case "cos-sha1":
		return cossha1.StepHTTP, cossha1.StepText
	case "bce-auth-v1":
		return sign.StepRequest, sign.StepRequest
	}
	return sign.StepRequest, sign.StepText
}

func (f *Finding) guess(c Cause, why string, exact bool) {
	for _, g := range f.Guesses {
		if g.Cause == c {
			return
		}
	}
	f.Guesses = append(f.Guesses, Guess{c, why, exact})
}

func (f *Finding) remark(format string, args ...any) {
	f.Remarks = append(f.Remarks, fmt.Sprintf(format, args...))
}

// remarkTexts says which of two different texts the sent signature belongs to.
func (s *Signed) remarkTexts(found *Finding, ours form, sent string) {
	theirs, ok := split(s.Scheme, s.Complaint.CanonicalRequest, s.Complaint.StringToSign)
	theirs.part[secret], theirs.part[tail] = ours.part[secret], ours.part[tail]
	switch {
	case sent == "":
	case sent == ours.signature():
		found.remark("the signature that was sent is right for the request described here: it was changed after signing")
	case ok && s.Complaint.CanonicalRequest != "" && sent == theirs.signature():
		found.remark("the signature that was sent is right for the server's text under this secret key: the server has another one")
	}
}

// explainTexts guesses why the server's text is not ours.
func (s *Signed) explainTexts(found *Finding, ours form) {
	text := s.Complaint.StringToSign
	theirs, ok := split(s.Scheme, s.Complaint.CanonicalRequest, text)
	hashed := s.Scheme != "oss-v1" && s.Complaint.CanonicalRequest == ""
	if !hashed && ok {
		s.explainParts(found, ours, theirs)
	}
	if hashed {
		s.search(found, ours, func(f form) bool { return f.text() == text })
		s.explainScope(found, ours, theirs)
	}
	if len(found.Guesses) == 0 {
		found.guess(TextDiffers, "the first difference is at byte "+fmt.Sprint(found.Difference.Offset), false)
	}
}

// explainParts guesses for each part that is not the same, in the order of the text.
func (s *Signed) explainParts(found *Finding, ours, theirs form) {
	made := s.variations(ours)
	differing := 0
	for p := method; p < tail; p++ {
		if ours.part[p] != theirs.part[p] && (p != scope || v4(s.Scheme)) {
			differing++
		}
	}
	for p := method; p < tail; p++ {
		if ours.part[p] == theirs.part[p] || p == scope && !v4(s.Scheme) {
			continue
		}
		if p == fields {
			s.explainFields(found, ours, theirs)
		} else if v := matching(made, ours, theirs, p); v != nil {
			found.guess(v.cause, v.how, differing == 1)
		} else {
			found.guess(s.general(p, ours, theirs))
		}
	}
}

// matching is the first variation that makes part p the server's, and spoils no
// other.
func matching(made []variation, ours, theirs form, p part) *variation {
	for i, v := range made {
		fits := v.part[p] == theirs.part[p] && p != when
		for q := method; q < tail && fits; q++ {
			fits = q == p || v.part[q] == ours.part[q] || v.part[q] == theirs.part[q]
		}
		if fits {
			return &made[i]
		}
	}
	return nil
}

// general is what a differing part means by itself.
func (s *Signed) general(p part, ours, theirs form) (Cause, string, bool) {
	a, b := ours.part[p], theirs.part[p]
	why := fmt.Sprintf("the %s differs", partNames[p])
	switch p {
	case method:
		return MethodDiffers, fmt.Sprintf("signed %s, arrived %s", a, b), false
	case digest:
		return HeaderDiffers, why, false
	case kind:
		return ContentType, fmt.Sprintf("signed %q, arrived %q", a, b), true
	case when:
		return DateHeader, fmt.Sprintf("signed %s, arrived %s", a, b), true
	case uri:
		return PathDiffers, why, false
	case query:
		return s.generalQuery(a, b)
	case names:
		return HeaderUnsigned, fmt.Sprintf("signed %q, named by the client %q", a, b), false
	case payload:
		return PayloadHash, why, false
	case ending:
		return TrailingNewline, why, false
	}
	return s.generalScope(a, b)
}

// generalQuery tells a parameter of the request that one side does not sign from
// one that is not in the request at all.
func (s *Signed) generalQuery(ours, theirs string) (Cause, string, bool) {
	if s.Scheme != "oss-v1" {
		return QueryDiffers, "the query differs", false
	}
	known := map[string]bool{}
	for p := range sign.Params(s.bare) {
		known[p.Name] = true
	}
	for _, line := range strings.Split(strings.TrimPrefix(theirs, "?"), "&") {
		if name, _, _ := strings.Cut(line, "="); name != "" && !known[name] {
			return QueryDiffers, name + " is not in the request described here", false
		}
	}
	return SubResources, fmt.Sprintf("signed %q, the server has %q", ours, theirs), false
}

func (s *Signed) generalScope(ours, theirs string) (Cause, string, bool) {
	a, b := append(strings.Split(ours, "/"), "", ""), append(strings.Split(theirs, "/"), "", "")
	if a[1] != b[1] {
		return WrongRegion, fmt.Sprintf("expected %s, signed for %s", a[1], b[1]), false
	}
	if a[0] != b[0] {
		return DateHeader, "the day of the scope differs", false
	}
	return WrongScope, fmt.Sprintf("expected %s, signed for %s", ours, theirs), false
}

// explainScope is explainParts where the server shows the string to sign alone.
func (s *Signed) explainScope(found *Finding, ours, theirs form) {
	for _, p := range []part{when, scope} {
		if ours.part[p] != theirs.part[p] && (p == when || v4(s.Scheme)) {
			found.guess(s.general(p, ours, theirs))
		}
	}
}

// explainFields guesses for each header field that is not the same.
func (s *Signed) explainFields(found *Finding, ours, theirs form) {
	_, inside := ours.separators()
	seen := map[string]bool{}
	before := len(found.Guesses)
	for _, l := range append(ours.lines(), theirs.lines()...) {
		name, _, _ := strings.Cut(l, inside)
		a, mine := ours.get(name)
		b, yours := theirs.get(name)
		if !seen[name] && (a != b || mine != yours) {
			seen[name] = true
			found.guess(fieldCause(name, a, b, mine, yours), describe(name, a, b, mine, yours), true)
		}
	}
	if len(found.Guesses) == before {
		found.guess(HeaderOrder, "the header fields are the same, in another order or number", false)
	}
}

func describe(name, ours, theirs string, mine, yours bool) string {
	switch {
	case !mine:
		return name + " arrived and is not in the request described here"
	case !yours:
		return name + " is not in the server's text"
	}
	return fmt.Sprintf("%s: signed %q, arrived %q", name, ours, theirs)
}

func fieldCause(name, ours, theirs string, mine, yours bool) Cause {
	switch {
	case name == "content-type":
		return ContentType
	case name == "host":
		a, _, _ := strings.Cut(strings.ReplaceAll(ours, "%3A", ":"), ":")
		b, _, _ := strings.Cut(strings.ReplaceAll(theirs, "%3A", ":"), ":")
		if a == b && mine && yours {
			return HostPort
		}
		return HostDiffers
	case !mine || !yours:
		return HeaderUnsigned
	case name == "date" || strings.HasPrefix(name, "x-") && strings.HasSuffix(name, "-date"):
		return DateHeader
	case name == "x-amz-content-sha256":
		return PayloadHash
	}
	return HeaderDiffers
}

// explainSignature guesses where the texts agree or are not known: whose text
// gives the signature that was sent?
func (s *Signed) explainSignature(found *Finding, ours form, sent string) {
	known := s.Complaint.text() != ""
	switch {
	case sent == "" && known:
		found.remark("the body does not show the signature that was sent: give it with -H 'Authorization: …' to learn more")
		found.guess(WrongSecret, "the server's text is the one computed here", false)
	case sent == "":
		found.remark("the body shows no text: give the signature that was sent with -H 'Authorization: …' to learn more")
		found.guess(WrongSecret, "nothing else is known", false)
	case sent == ours.signature() && known:
		found.guess(WrongSecret, "text and signature are the ones computed here: the server has another secret for this key", true)
	case sent == ours.signature():
		found.guess(ChangedAfter, "the signature that was sent is the one computed here", true)
	case !s.search(found, ours, func(f form) bool { return f.signature() == sent }):
		found.guess(WrongSecret, "no known mistake gives the signature that was sent: it was made with another secret key, or of another text", false)
	}
}

// search makes each known mistake, then each two of them, until one fits.
func (s *Signed) search(found *Finding, ours form, fits func(form) bool) bool {
	made := s.variations(ours)
	for _, v := range made {
		if fits(v.form) {
			found.guess(v.cause, v.how+": this gives exactly what came", true)
			return true
		}
	}
	for _, v := range made {
		for _, w := range s.variations(v.form) {
			if fits(w.form) {
				found.guess(v.cause, v.how+"; with the next cause this gives exactly what came", true)
				found.guess(w.cause, w.how, true)
				return true
			}
		}
	}
	return false
}
