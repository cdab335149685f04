package emulator

import (
	"strings"

	"objectharness/internal/sign"
)

// A slip is one mistake that a verifier could make in the text that it signs. A
// server that makes it takes some wrong signatures for right ones; the sound
// emulator, and every rule that is not broken, refuses them.
type slip struct {
	part string // last part of the rule's name: sign.oss-v1.header.content-md5
	// texts are what a server that makes the mistake could sign instead of text.
	texts func(c *call, text string) []string
}

// spelling is how a scheme signs and which slips its verifiers could make.
type spelling struct {
	// text is what is signed, as a refusal tells it: the string to sign, or the
	// canonical request.
	text func(*sign.Refusal) string
	// sign computes the signature of a text in place of the refusal's own.
	sign  func(c *call, r *sign.Refusal, text string) string
	slips []slip
	// strict are further ways to refuse what must be accepted.
	strict []strictness
	// shape, when set, is how the signature could be written otherwise.
	shape func(sig string) string
	// first are parameters of which the first counts when they are repeated.
	first []string
	// nothing is the parameter of a validity that, when it is 0, makes a URL that
	// is over at once rather than one that is malformed.
	nothing string
	// unbounded says that no document bounds the validity of a URL.
	unbounded bool
	// alone says that the dialect has no other scheme: a signature of an unknown
	// one is a wrong signature of this one.
	alone bool
	// date is what must hold of date fields that the scheme knows nothing of.
	date dating
}

// A dating is a check of a request's date fields, and why it refuses.
type dating struct {
	reason sign.Reason
	holds  func(*call) bool // nil: nothing is checked
}

// spellings are the schemes that have slips, by name.
var spellings = map[string]spelling{"oss-v1": ossV1, "oss-v4": ossV4, "aws-sigv4": sigV4, "cos-sha1": cosSHA1, "bce-auth-v1": bceV1}

// slips tells whether a wrong signature is one that a broken rule accepts.
func (c *call) slips(r *sign.Refusal) (accepted bool) {
	how, ok := spellings[c.scheme]
	if !ok || c.e.rules.quiet() {
		return false
	}
	text := how.text(r)
	if how.shape != nil && how.shape(how.sign(c, r, text)) == r.Signature {
		accepted = pick(c, c.signRule("shape"), false, true)
	}
	for _, s := range how.slips {
		for _, other := range s.texts(c, text) {
			if other != text && how.sign(c, r, other) == r.Signature && pick(c, c.signRule(s.part), false, true) {
				accepted = true
			}
		}
	}
	return accepted
}

// line changes one line of a text, counted from 0.
func line(text string, n int, change func(string) string) string {
	lines := strings.SplitN(text, "\n", n+2)
	if n >= len(lines) {
		return text
	}
	lines[n] = change(lines[n])
	return strings.Join(lines, "\n")
}

// without leaves a line of the text empty.
func without(n int) func(*call, string) []string {
	return func(_ *call, text string) []string {
		return []string{line(text, n, func(string) string { return "" })}
	}
}
