package suites

import (
	"encoding/hex"
	"slices"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Names of Signature Version 4, as its documents write them.
const (
	amzDate       = "X-Amz-Date"
	amzHash       = "X-Amz-Content-Sha256"
	amzCredential = "X-Amz-Credential"
	amzToken      = "X-Amz-Security-Token"
	amzDecoded    = "X-Amz-Decoded-Content-Length"
	amzTrailer    = "X-Amz-Trailer"
	emptySHA256   = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	contentSHA256 = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" // of "content"
)

// A proof is what the last steps of a signature are made of. Cases change it to
// make signatures that are right for something that is not asked.
type proof struct {
	credential []string // access key id, day, region, service, terminator
	date       string
	request    string // canonical request
	prefix     string // before the secret, in the first step of the key
	chain      []int  // positions in credential, in the order in which the key is derived
	lines      func(lines []string) []string
}

// proved is a scheme whose last steps are changed.
type proved struct {
	sign.Scheme
	change func(*proof)
}

// proving is a mutation of the last steps of the signature.
func proving(name, text string, change func(*proof)) mutation {
	return mutation{name: name, text: text, wrap: func(s sign.Scheme) sign.Scheme { return proved{s, change} }}
}

// credential changes the parts of the credential and signs for them.
func credential(name, text string, change func(parts []string) []string) mutation {
	return proving(name, text, func(p *proof) { p.credential = change(p.credential) })
}

// scopePart puts another value at one place of the credential: 1 is the day, 2 the
// region, 3 the service, 4 the terminator.
func scopePart(at int, value string) func([]string) []string {
	return func(parts []string) []string {
		parts = slices.Clone(parts)
		parts[at] = value
		return parts
	}
}

// Prepare puts the changed credential into a URL before that is signed.
func (s proved) Prepare(r *wire.Request, in *sign.Input) error {
	if err := s.Scheme.Prepare(r, in); err != nil || !in.Presign {
		return err
	}
	p := s.proof(in, new(sign.Steps))
	setParam(r, amzCredential, strings.Join(p.credential, "/"))
	return nil
}

// Append signs as the scheme does, and then again as the proof says.
func (s proved) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	var own sign.Steps
	out, err := s.Scheme.Append(nil, r, in, &own)
	if err != nil {
		return nil, err
	}
	old := proofOf(in, &own)
	p := s.proof(in, &own)
	sig, _ := own.Get(sign.StepSignature)
	steps.AddText(sign.StepRequest, p.request)
	steps.AddText(sign.StepText, p.text())
	text := strings.Replace(string(out), strings.Join(old.credential, "/"), strings.Join(p.credential, "/"), 1)
	return append(dst, strings.Replace(text, sig, p.sign(in.SecretKey), 1)...), nil
}

func (s proved) proof(in *sign.Input, own *sign.Steps) proof {
	p := proofOf(in, own)
	s.change(&p)
	return p
}

func proofOf(in *sign.Input, own *sign.Steps) proof {
	request, _ := own.Get(sign.StepRequest)
	date := in.Time.UTC().Format("20060102T150405Z")
	return proof{
		credential: []string{in.AccessKey, date[:8], in.Region, "s3", "aws4_request"},
		date:       date, request: request, prefix: "AWS4", chain: []int{1, 2, 3, 4},
		lines: func(lines []string) []string { return lines },
	}
}

// text is the string to sign.
func (p proof) text() string {
	hash := string(sign.HexSHA256(nil, []byte(p.request)))
	parts := append(slices.Clone(p.credential), "", "", "", "")
	return strings.Join(p.lines([]string{"AWS4-HMAC-SHA256", p.date, strings.Join(parts[1:5], "/"), hash}), "\n")
}

func (p proof) sign(secret string) string {
	parts := append(slices.Clone(p.credential), "", "", "", "")
	key := []byte(p.prefix + secret)
	for _, at := range p.chain {
		sum := sign.HMAC256(key, []byte(parts[at]))
		key = sum[:]
	}
	sum := sign.HMAC256(key, []byte(p.text()))
	return hex.EncodeToString(sum[:])
}

// prepared is a scheme that signs a request which was changed after the scheme
// made it ready.
type prepared struct {
	sign.Scheme
	change func(*wire.Request)
}

func (s prepared) Prepare(r *wire.Request, in *sign.Input) error {
	if err := s.Scheme.Prepare(r, in); err != nil {
		return err
	}
	s.change(r)
	return nil
}

// preparing is a mutation of the request between the scheme's own preparation
// and the signature, which is right for what it then says.
func preparing(name, text string, change func(*wire.Request)) mutation {
	return mutation{name: name, text: text, wrap: func(s sign.Scheme) sign.Scheme { return prepared{s, change} }}
}

// twofold signs in the URL first, and then in the header, too.
type twofold struct{ sign.Scheme }

func (s twofold) Prepare(r *wire.Request, in *sign.Input) error {
	url := *in
	url.Presign, url.Expires = true, validity
	if err := sign.Apply(s.Scheme, r, &url, nil); err != nil {
		return err
	}
	return s.Scheme.Prepare(r, in)
}

// requestLine changes one line of a canonical request: 1 is the path, 2 the
// query, then the fields.
func requestLine(n int, change func(string) string) respelling {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		lines[n] = change(lines[n])
		return strings.Join(lines, "\n")
	}
}

// backwards puts the parts of a line, parted by sep, in the wrong order.
func backwards(sep string) func(string) string {
	return func(line string) string {
		parts := strings.Split(line, sep)
		slices.Reverse(parts)
		return strings.Join(parts, sep)
	}
}
