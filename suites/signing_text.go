package suites

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A respelling is a mistake in the text that is signed: of V1 of OSS the string to
// sign, of the schemes that hash one the canonical request.
type respelling func(text string) string

// replaced puts one part of the signed text in the place of another, once.
func replaced(old, other string) respelling {
	return func(text string) string { return strings.Replace(text, old, other, 1) }
}

// over is a mutation of the signed text.
func over(name, text string, r respelling) mutation {
	return mutation{name: name, text: text, spell: r}
}

// respelled is a scheme that signs another text than it should.
type respelled struct {
	sign.Scheme
	change respelling
}

// Append signs as the scheme does and then replaces the signature by that of the
// changed text. A change that changes nothing is an error: the case would not
// test what it says.
func (s respelled) Append(dst []byte, r *wire.Request, in *sign.Input, steps *sign.Steps) ([]byte, error) {
	var own sign.Steps
	out, err := s.Scheme.Append(nil, r, in, &own)
	if err != nil {
		return nil, err
	}
	how, ok := spellings[s.Name()]
	if !ok {
		return nil, fmt.Errorf("suites: nobody knows which text %s signs", s.Name())
	}
	right, _ := own.Get(how.step)
	changed := s.change(right)
	if changed == right {
		panic(notRun{"on this endpoint the change leaves the signed text as it is"}) // the self-test lets no case be left out
	}
	sig, _ := own.Get(sign.StepSignature)
	other := how.sign(in, &own, changed)
	steps.AddText(how.step, changed)
	text := strings.NewReplacer(sig, other, wire.Escape(sig), wire.Escape(other)).Replace(string(out))
	return append(dst, text...), nil
}

// spellings tell by scheme which step is the text that is signed, and how.
var spellings = map[string]struct {
	step string
	sign func(in *sign.Input, own *sign.Steps, text string) string
}{
	"oss-v1": {sign.StepText, func(in *sign.Input, _ *sign.Steps, text string) string {
		sum := sign.HMAC1([]byte(in.SecretKey), []byte(text))
		return base64.StdEncoding.EncodeToString(sum[:])
	}},
	"oss-v4":      {sign.StepRequest, signHashed},
	"aws-sigv4":   {sign.StepRequest, signHashed},
	"cos-sha1":    {"HttpString", signCOS},
	"bce-auth-v1": {sign.StepRequest, signBCE},
}

// signHashed signs as OSS V4 and AWS Signature Version 4 do: the string to sign
// ends in the hash of the canonical request.
func signHashed(_ *sign.Input, own *sign.Steps, request string) string {
	text, _ := own.Get(sign.StepText)
	key, _ := own.Get(sign.StepKey)
	secret, _ := hex.DecodeString(key)
	head := text[:strings.LastIndexByte(text, '\n')+1]
	sum := sign.HMAC256(secret, sign.HexSHA256([]byte(head), []byte(request)))
	return hex.EncodeToString(sum[:])
}
