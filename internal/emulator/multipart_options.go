package emulator

import (
	"slices"

	"objectharness/internal/emulator/store"
)

// cipherField names the way in which the service encrypts, behind the dialect's
// prefix.
const cipherField = "server-side-encryption"

// validOptions refuses what an initiation asks for and there is not.
func (c *call) validOptions() error {
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
