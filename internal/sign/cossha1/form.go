package cossha1

import (
	"encoding/base64"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Form signs a POST policy: the hash of the policy text itself, not of its
// base64 form, under the SignKey.
func (Scheme) Form(policy string, in *sign.Input, steps *sign.Steps) (wire.Fields, error) {
	when := string(appendKeyTime(nil, in))
	sig, _ := formSignature(in.SecretKey, when, []byte(policy), steps)
	form := wire.Fields{
		{Name: "policy", Value: sign.Policy64(policy)}, {Name: "q-sign-algorithm", Value: "sha1"},
		{Name: "q-ak", Value: in.AccessKey}, {Name: "q-key-time", Value: when}, {Name: "q-signature", Value: sig},
	}
	return sign.AddToken(form, tokenName, in.Token), nil
}

func formSignature(secret, when string, policy []byte, steps *sign.Steps) (sig, text string) {
	text = string(sign.HexSHA1(nil, policy))
	steps.AddText(StepKeyTime, when)
	steps.AddText(StepText, text)
	key := recipe.Key(secret, []byte(when))
	steps.AddSecret(StepKey, key)
	sum := sign.HMAC1(key, []byte(text))
	sig = string(sign.AppendHex(nil, sum[:]))
	steps.AddText(sign.StepSignature, sig)
	return sig, text
}

// VerifyForm checks the signature over the policy field and the key's window.
func (Scheme) VerifyForm(form wire.Fields, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	if !t.Signed(form, "policy", "q-sign-algorithm", "q-ak", "q-key-time", "q-signature") {
		return t.Result(&sign.Verified{})
	}
	algorithm := t.Part(form, "q-sign-algorithm")
	t.Must(sign.UnknownScheme, algorithm == "sha1", "q-sign-algorithm", algorithm, "sha1")
	accessKey, when, given := t.Part(form, "q-ak"), t.Part(form, "q-key-time"), t.Part(form, "q-signature")
	policy, err := base64.StdEncoding.DecodeString(t.Part(form, "policy"))
	t.Must(sign.Malformed, err == nil, "policy", form.Get("policy"), "base64")
	windowOpen(t, "q-key-time", when)
	secret := t.Key(accessKey, form.Get(tokenName))
	sig, text := formSignature(secret, when, policy, steps)
	t.Signature(accessKey, given, []byte(sig), []byte(text), nil)
	return t.Result(&sign.Verified{AccessKey: accessKey})
}
