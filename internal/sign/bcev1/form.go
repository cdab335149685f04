package bcev1

import (
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Form signs a POST policy: the secret itself signs the policy in base64.
func (Scheme) Form(policy string, in *sign.Input, steps *sign.Steps) (wire.Fields, error) {
	text := sign.Policy64(policy)
	form := wire.Fields{
		{Name: "accessKey", Value: in.AccessKey}, {Name: "policy", Value: text},
		{Name: "signature", Value: formSignature(in.SecretKey, text, steps)},
	}
	return sign.AddToken(form, tokenName, in.Token), nil
}

func formSignature(secret, text string, steps *sign.Steps) string {
	steps.AddText(sign.StepText, text)
	sum := sign.HMAC256([]byte(secret), []byte(text))
	sig := string(sign.AppendHex(nil, sum[:]))
	steps.AddText(sign.StepSignature, sig)
	return sig
}

// VerifyForm checks the signature over the policy field.
func (Scheme) VerifyForm(form wire.Fields, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	if !t.Signed(form, "accessKey", "policy", "signature") {
		return t.Result(&sign.Verified{})
	}
	accessKey, policy, given := t.Part(form, "accessKey"), t.Part(form, "policy"), t.Part(form, "signature")
	secret := t.Key(accessKey, form.Get(tokenName))
	t.Signature(accessKey, given, []byte(formSignature(secret, policy, steps)), []byte(policy), nil)
	return t.Result(&sign.Verified{AccessKey: accessKey})
}
