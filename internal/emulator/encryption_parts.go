package emulator

import (
	"crypto/md5"

	"objectharness/internal/emulator/store"
)

// partTag is the entity tag of a part: the digest of its bytes, unless a client's
// key encrypts them.
func (c *call) partTag(u *store.Upload, b *store.Blob) string {
	plain, key := c.hexTag(b.Sums.MD5[:]), u.Object.Extra[sealKept]
	if key == "" {
		return plain
	}
	sum := md5.Sum([]byte(plain + key))
	return pick(c, "encryption.part-tag", c.hexTag(sum[:]), plain)
}

// completeSeal holds the completion of an upload to the client's key that encrypts
// its parts. An upload that said nothing of a checksum is completed without.
func (c *call) completeSeal(u *store.Upload) error {
	need := u.Object.Extra[sealKept]
	if need == "" {
		return nil
	}
	if summed, _ := plannedSum(u.Object); summed == nil {
		return c.admit("encryption.complete-keyless", "InvalidRequest")
	}
	s := c.seal("")
	if err := c.require("encryption.complete-needed", !s.none(), "InvalidRequest"); err != nil || s.none() {
		return err
	}
	if s.md5 == need {
		return c.admit("encryption.complete-key", "InvalidRequest")
	}
	return c.require("encryption.complete-same", false, "InvalidRequest")
}

// answerCompletedSeal answers how the service encrypts the object that a completion
// makes. Of one that a client's key encrypts there is nothing to tell.
func (c *call) answerCompletedSeal(o *store.Object) {
	if !c.e.t.seals {
		return
	}
	cipher, named := o.Field(c.own(cipherField))
	if !named {
		cipher = "AES256"
	}
	if o.Extra[sealKept] == "" {
		c.set("encryption.completed", c.own(cipherField), cipher)
	} else if pick(c, "encryption.completed-customer", false, true) {
		c.reply.Fields.Set(c.own(cipherField), cipher)
	}
}

// tellsAlways tells whether a read carries what the dialect gives every object: in
// S3 that is the cipher of the service, which an object of a client's key has not.
func (c *call) tellsAlways(o *store.Object) bool {
	return o.Extra[sealKept] == "" || pick(c, "encryption.read-customer", false, true)
}
