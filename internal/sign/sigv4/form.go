package sigv4

import (
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Form signs a POST policy: the derived key signs the policy in base64.
func (Scheme) Form(policy string, in *sign.Input, steps *sign.Steps) (wire.Fields, error) {
	text := sign.Policy64(policy)
	c, date := v4.Credential(in)
	form := wire.Fields{
		{Name: "policy", Value: text}, {Name: "x-amz-algorithm", Value: algorithm},
		{Name: "x-amz-credential", Value: string(c.Append(nil))}, {Name: "x-amz-date", Value: date},
		{Name: "x-amz-signature", Value: v4.SignText(&c, in.SecretKey, text, steps)},
	}
	return sign.AddToken(form, "x-amz-security-token", in.Token), nil
}

// VerifyForm checks the signature over the policy field and the scope. Neither
// skew nor validity is documented for forms: the policy has an expiration. A
// policy alone signs nothing: such a form is anonymous.
func (s Scheme) VerifyForm(form wire.Fields, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	if !t.Signed(form, "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature") {
		return t.Result(&sign.Verified{})
	}
	policy, version := t.Part(form, "policy"), t.Part(form, "x-amz-algorithm")
	t.Must(sign.UnknownScheme, version == algorithm, "x-amz-algorithm", version, algorithm)
	a := authorization{Scope: readScope(t, "x-amz-credential", t.Part(form, "x-amz-credential")), sig: t.Part(form, "x-amz-signature")}
	date := t.Part(form, "x-amz-date")
	at, ok := sign.Parse(sign.V4Layout, date)
	t.Date("x-amz-date", date, at, ok)
	s.checkScope(t, a, date)
	secret := t.Key(a.AccessKey, form.Get("x-amz-security-token"))
	t.Signature(a.AccessKey, a.sig, []byte(v4.SignText(&a.Scope, secret, policy, steps)), []byte(policy), nil)
	return t.Result(&sign.Verified{AccessKey: a.AccessKey})
}
