package ossv1

import (
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Form signs a POST policy: the secret itself signs the policy in base64.
func (Scheme) Form(policy string, in *sign.Input, steps *sign.Steps) (wire.Fields, error) {
	text := sign.Policy64(policy)
	form := wire.Fields{
		{Name: keyParam, Value: in.AccessKey}, {Name: "policy", Value: text},
		{Name: sigParam, Value: formSignature(in.SecretKey, text, steps)},
	}
	return sign.AddToken(form, tokenField, in.Token), nil
}

func formSignature(secret, text string, steps *sign.Steps) string {
	sc := sign.Borrow()
	defer sc.Return()
	sc.Text = append(sc.Text[:0], text...)
	return string(signText(nil, sc, sc.SealOf(&recipe, secret, nil), steps))
}

// VerifyForm checks the signature over the policy field.
func (Scheme) VerifyForm(form wire.Fields, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	if !t.Signed(form, keyParam, "policy", sigParam) {
		return t.Result(&sign.Verified{})
	}
	accessKey, policy, given := t.Part(form, keyParam), t.Part(form, "policy"), t.Part(form, sigParam)
	secret := t.Key(accessKey, form.Get(tokenField))
	t.Signature(accessKey, given, []byte(formSignature(secret, policy, steps)), []byte(policy), nil)
	return t.Result(&sign.Verified{AccessKey: accessKey})
}
