package vectors

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"objectharness/internal/sign"
	"objectharness/internal/sign/osscallback"
)

// callback replays an upload callback: its signature is made again where the
// vector has the private key, and checked by the receiver's rules.
func callback(c *comparison, v *Vector) {
	done := &sign.Steps{}
	if err := v.callback(done); err != nil {
		c.fail("sign", err)
		return
	}
	c.recorded(v, done)
	if !c.OK {
		return
	}
	r := v.request()
	if v.Expected.Signature != nil {
		r.Fields.Add(osscallback.AuthField, *v.Expected.Signature)
	}
	if v.Presented != nil {
		r.Fields.Set(osscallback.AuthField, v.Presented.Signature)
	}
	body, _ := v.Request.Body.bytes()
	outcome(c, v, osscallback.Verify(r, body, v.receiver(), nil))
	if c.OK && v.Printed != nil && v.Printed.Field == "signature" {
		r.Fields.Set(osscallback.AuthField, v.Printed.Value)
		err := osscallback.Verify(r, body, v.receiver(), nil)
		var no *sign.Refusal
		if !errors.As(err, &no) {
			c.same("verify", "the printed signature is accepted", "a refusal of it")
		}
	}
}

// callback records the steps of a callback's signature. A vector without the
// private key cannot make the signature: the given one stands for it, and the
// receiver checks it.
func (v *Vector) callback(done *sign.Steps) error {
	body, _ := v.Request.Body.bytes()
	target := v.request().Target
	if v.Credentials.PrivateKey != "" {
		key, err := privateKey(v.Credentials.PrivateKey)
		if err == nil {
			_, err = osscallback.Sign(target, body, key, done)
		}
		return err
	}
	osscallback.Digest(target, body, done)
	if v.Expected.Signature != nil {
		done.AddText(sign.StepSignature, *v.Expected.Signature)
	}
	return nil
}

// receiver takes the vector's key from the service's own addresses only.
func (v *Vector) receiver() *osscallback.Check {
	return &osscallback.Check{Key: func(string) (*rsa.PublicKey, error) { return osscallback.ParseKey([]byte(v.Credentials.PublicKey)) }}
}

func privateKey(text string) (*rsa.PrivateKey, error) {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("vectors: credentials.private_key: expected base64: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("vectors: credentials.private_key: expected PKCS #8: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("vectors: credentials.private_key: expected an RSA key, got %T", parsed)
	}
	return key, nil
}
