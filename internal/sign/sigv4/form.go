package sigv4

import (
	"encoding/hex"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Form signs a POST policy: the derived key signs the policy in base64.
func (Scheme) Form(policy string, in *sign.Input, steps *sign.Steps) (wire.Fields, error) {
	text := sign.Policy64(policy)
	c := credential(in)
	form := wire.Fields{
		{Name: "policy", Value: text}, {Name: "x-amz-algorithm", Value: algorithm},
		{Name: "x-amz-credential", Value: string(c.append(nil))}, {Name: "x-amz-date", Value: in.Time.UTC().Format(timeLayout)},
		{Name: "x-amz-signature", Value: formSignature(c, in.SecretKey, text, steps)},
	}
	return sign.AddToken(form, "x-amz-security-token", in.Token), nil
}

func formSignature(c scope, secret, text string, steps *sign.Steps) string {
	steps.AddText(sign.StepText, text)
	key := c.key(secret)
	addKey(steps, key)
	sum := sign.HMAC256(key[:], []byte(text))
	sig := hex.EncodeToString(sum[:])
	steps.AddText(sign.StepSignature, sig)
	return sig
}

// VerifyForm checks the signature over the policy field and the scope. Neither
// skew nor validity is documented for forms: the policy has an expiration.
func (s Scheme) VerifyForm(form wire.Fields, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	if !t.Signed(form, "x-amz-algorithm", "x-amz-credential", "x-amz-signature", "policy") {
		return t.Result(&sign.Verified{})
	}
	policy, version := t.Part(form, "policy"), t.Part(form, "x-amz-algorithm")
	t.Must(sign.UnknownScheme, version == algorithm, "x-amz-algorithm", version, algorithm)
	a := authorization{scope: readScope(t, "x-amz-credential", t.Part(form, "x-amz-credential")), sig: t.Part(form, "x-amz-signature")}
	date := t.Part(form, "x-amz-date")
	at, ok := sign.Parse(timeLayout, date)
	t.Date("x-amz-date", date, at, ok)
	s.checkScope(t, a, date)
	secret := t.Key(a.accessKey, form.Get("x-amz-security-token"))
	t.Signature(a.accessKey, a.sig, []byte(formSignature(a.scope, secret, policy, steps)), []byte(policy), nil)
	return t.Result(&sign.Verified{AccessKey: a.accessKey})
}
