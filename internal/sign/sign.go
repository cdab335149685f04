// Package sign makes and checks the request signatures of the four dialects.
// Each scheme canonicalizes a request once, and both Append and Verify rest on
// that; the intermediate values can be had as Steps and cost nothing when
// nobody asks. No scheme reads a clock: the time is an argument.
package sign

import (
	"io"
	"time"

	"objectharness/internal/wire"
)

// Input is what a signer needs besides the request.
type Input struct {
	AccessKey, SecretKey string
	Token                string        // session or security token, "" for none
	Time                 time.Time     // the signing instant
	Expires              time.Duration // validity; 0 takes the scheme's default
	Exact                bool          // Expires is meant as it stands, 0 and less included
	Region, Service      string        // credential scope; Service "" is the scheme's own (s3, oss)
	Resource             string        // OSS: the decoded "/bucket/key", "/bucket/" or "/"
	Presign              bool          // put the signature in the query
	Signed               []string      // names of the header fields to sign; nil is the scheme's default set
	SignedParams         []string      // COS: names of the parameters to sign; nil is all
	Payload              string        // AWS: the payload hash line; "" hashes the body, or UNSIGNED-PAYLOAD when presigning
	KeyTime              string        // COS: q-key-time when it differs from q-sign-time
	UnsignedToken        bool          // the token is added after signing
	MergedSign           bool          // COS query form: one sign= parameter instead of seven
	Scratch              *Scratch      // memory of a goroutine that signs one request after the other; nil borrows some
	ListDefaults         bool          // bce-auth-v1: write the names although the default set is signed
}

// Keys gives the secret and, for temporary credentials, the token that belong
// to an access key; ok is false for a key that nobody owns.
type Keys func(accessKey string) (secret, token string, ok bool)

// Check is what a verifier needs besides the request.
type Check struct {
	Keys     Keys
	Now      time.Time
	Skew     time.Duration // largest accepted distance of a request's date from Now
	MaxValid time.Duration // largest accepted validity of a presigned URL; 0 is the scheme's own bound
	Region   string
	Service  string // "" is the scheme's own
	Resource string // OSS: the decoded "/bucket/key" that addressing found
	// Holds, when set, sees the outcome of every single check and may overrule
	// it: the emulator's rules live there. nil takes each outcome as it is.
	Holds func(r Reason, ok bool) bool
}

// Verified is what a verifier knows of an accepted request.
type Verified struct {
	AccessKey string
	Presigned bool
	Body      io.Reader // the request's body, or its decoded and checked chunks
	Length    int64     // bytes in Body, -1 when not known
	// Trailers, when set, returns the trailing fields of a chunked upload; they are
	// known once Body has been read to its end.
	Trailers func() wire.Fields
}

// A Scheme is one way to sign.
type Scheme interface {
	// Name is the scheme's name in vectors: bce-auth-v1, cos-sha1, oss-v1, oss-v4, aws-sigv4.
	Name() string
	// Prepare adds to r the fields or parameters that must be there before signing
	// (dates, tokens, payload hash, the presigned URL's own parameters).
	Prepare(r *wire.Request, in *Input) error
	// Append appends the Authorization value, or for a presigned URL the raw
	// query text that completes the request (no leading separator).
	Append(dst []byte, r *wire.Request, in *Input, steps *Steps) ([]byte, error)
	// Verify checks r; its errors are *Refusal.
	Verify(r *wire.Request, ck *Check, steps *Steps) (*Verified, error)
}

// Validity is the validity that a signer writes: Expires, or usual when it is 0
// and not meant so.
func (in *Input) Validity(usual time.Duration) time.Duration {
	if in.Expires == 0 && !in.Exact {
		return usual
	}
	return in.Expires
}

// A FormScheme also signs browser form uploads (POST policies).
type FormScheme interface {
	Scheme
	// Form returns the form fields that sign the policy, in the document's order.
	Form(policy string, in *Input, steps *Steps) (wire.Fields, error)
	// VerifyForm checks the signature over the policy field; the policy itself is
	// somebody else's to evaluate. Its errors are *Refusal.
	VerifyForm(form wire.Fields, ck *Check, steps *Steps) (*Verified, error)
}

// Apply signs r in place: Prepare, then Authorization or the query.
func Apply(s Scheme, r *wire.Request, in *Input, steps *Steps) error {
	if err := s.Prepare(r, in); err != nil {
		return err
	}
	var room []byte
	if in.Scratch != nil {
		room = in.Scratch.out[:0]
	}
	text, err := s.Append(room, r, in, steps)
	if err != nil {
		return err
	}
	if in.Scratch != nil {
		in.Scratch.out = text
	}
	if !in.Presign {
		r.Fields.Set("Authorization", string(text))
		return nil
	}
	sep := "?"
	if _, query := wire.SplitTarget(r.Target); query != "" {
		sep = "&"
	}
	r.Target += sep + string(text)
	return nil
}

// Reason says why a signature is refused; a dialect turns it into its
// documented status and code.
type Reason string

const (
	Anonymous     Reason = "anonymous"              // no signature at all
	Both          Reason = "header-and-query"       // a signature in header and URL at once
	Malformed     Reason = "malformed"              // the authorization cannot be parsed
	MissingField  Reason = "missing-field"          // a part of the authorization, or a field that must be there, is not
	Repeated      Reason = "repeated-field"         // a part or field that must be there once is there again
	UnknownScheme Reason = "unknown-scheme"         // the algorithm is none of the dialect's
	Outdated      Reason = "outdated-scheme"        // the algorithm is one that the service no longer takes
	UnknownKey    Reason = "unknown-key"            // nobody owns the access key
	Mismatch      Reason = "signature-mismatch"     // the signature is not the one computed
	MissingDate   Reason = "missing-date"           // no date where one must be
	BadDate       Reason = "bad-date"               // a date that cannot be read
	Skewed        Reason = "clock-skew"             // the request's date is too far from now
	Expired       Reason = "expired"                // used after the end of its validity
	NotYetValid   Reason = "not-yet-valid"          // used before the start of its validity
	ExpiresRange  Reason = "expires-out-of-range"   // a validity the scheme does not allow
	WrongRegion   Reason = "wrong-region"           // the region of the credential scope is not the server's
	WrongService  Reason = "wrong-service"          // the service of the credential scope is another
	WrongScope    Reason = "wrong-scope"            // day or terminator of the credential scope
	UnsignedField Reason = "unsigned-field"         // a field that must be signed is not
	UnsentField   Reason = "unsent-field"           // a field that is named as signed is not in the request
	BadToken      Reason = "bad-token"              // a token that is missing, foreign or outdated
	TokenEnded    Reason = "expired-token"          // a token after its end
	BadPayload    Reason = "payload-mismatch"       // the body is not the one of its signed hash
	NoPayload     Reason = "missing-payload-hash"   // the field of the payload hash is not there
	BadHash       Reason = "bad-payload-hash"       // a payload hash field that is neither a hash nor a documented word
	BadChunk      Reason = "chunk-mismatch"         // the signature of a chunk or of the trailers is not the one computed
	BadFraming    Reason = "chunk-framing"          // chunks that cannot be read, or hold more or less than declared
	ChunkTooSmall Reason = "chunk-too-small"        // a chunk below the least size that is not the last one
	NoLength      Reason = "missing-decoded-length" // the length of the data in the chunks is missing or no number
	BadTrailer    Reason = "bad-trailer"            // a trailer that was not announced, or is missing, or not name:value
)

// A Refusal is why Verify refused.
type Refusal struct {
	Reason Reason
	Field  string // the part or field that it is about, when there is one
	Got    string // what came, never a secret
	Want   string // what was expected, never a secret
	// What a 403 shows, where they were computed.
	AccessKey, Signature, StringToSign, CanonicalRequest string
}

func (r *Refusal) Error() string {
	s := "sign: " + string(r.Reason)
	if r.Field != "" {
		s += ": " + r.Field
	}
	if r.Want != "" || r.Got != "" {
		s += ": got " + quote(r.Got) + ", want " + quote(r.Want)
	}
	return s
}

func quote(s string) string {
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return "“" + s + "”"
}
