package emulator

import (
	"crypto/md5"
	"slices"

	"objectharness/internal/emulator/store"
)

// cipherField names the way in which the service encrypts, behind the dialect's
// prefix.
const cipherField = "server-side-encryption"

// validOptions refuses what an initiation asks for and there is not.
func (c *call) validOptions() error {
	if err := c.knownClass(); err != nil {
		return err
	}
	class, classes := c.field(c.own("storage-class")), c.e.t.copying.classes
	if class != "" && classes != nil {
		if err := c.require("initiate.class", slices.Contains(classes, class), "InvalidArgument"); err != nil {
			return err
		}
	}
	cipher := c.field(c.own(cipherField))
	if !c.e.t.multipart.encrypts || cipher == "" {
		return nil
	}
	if err := c.require("initiate.cipher", cipher == "AES256" || cipher == "KMS", "InvalidEncryptionAlgorithmError"); err != nil {
		return err
	}
	return c.require("initiate.no-kms", cipher != "KMS", "KmsServiceNotEnabled")
}

// uncipheredPart refuses a part that says how it is encrypted: that is said once,
// at the initiation.
func (c *call) uncipheredPart() error {
	return c.require("upload-part.cipher", !c.e.t.multipart.encrypts || !c.in.Fields.Has(c.own(cipherField)), "InvalidArgument")
}

// answerCipher tells how an upload's object is encrypted.
func (c *call) answerCipher(rule string, o *store.Object) {
	if cipher, ok := o.Field(c.own(cipherField)); ok && c.e.t.multipart.encrypts {
		c.set(rule, c.own(cipherField), cipher)
	}
}

// sequential is where an upload keeps that its parts come one after the other,
// so that the digest of the whole is known.
const sequential = "sequential"

// inSequence notes with the object of an upload that its parts come in order.
func (c *call) inSequence(o *store.Object) {
	if _, ok := c.param(sequential); ok && c.e.t.reading.classed {
		o.Extra = map[string]string{sequential: "yes"}
	}
}

// lastSaid is what a completion says of the object: its list, and the digest of
// what came in order.
func (c *call) lastSaid(o *store.Object) {
	if c.acl != "" {
		o.ACL = c.acl
	}
	if o.Extra[sequential] == "" {
		return
	}
	h := md5.New()
	for _, b := range o.Blobs {
		b.WriteTo(h)
	}
	o.MD5 = h.Sum(nil)
}

// knownCipher refuses a way to encrypt that there is not.
func (c *call) knownCipher() error {
	cipher := c.field(c.own(cipherField))
	if c.e.t.multipart.encrypts && !slices.Contains([]string{"", "AES256", "KMS", "SM4"}, cipher) {
		return c.fault("InvalidEncryptionAlgorithmError")
	}
	return nil
}
