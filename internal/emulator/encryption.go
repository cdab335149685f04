package emulator

import (
	"crypto/md5"
	"encoding/base64"
	"slices"
	"strings"

	"objectharness/internal/emulator/store"
)

// encryptionForm is the form of how a bucket of S3 encrypts what comes without a
// word of it.
var encryptionForm = mustForm(`
ServerSideEncryptionConfiguration
  Rule
    ApplyServerSideEncryptionByDefault?
      SSEAlgorithm AES256|aws:kms|aws:kms:dsse
      KMSMasterKeyID?
    BucketKeyEnabled? bool
    BlockedEncryptionTypes?
      ...
`)

// encryptionInitial is what holds where nobody has said anything.
const encryptionInitial = "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>" +
	"</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"

// validEncryption refuses a key where none is used.
func (c *call) validEncryption(doc *configNode, _ []byte) error {
	d := doc.kid("Rule").kid("ApplyServerSideEncryptionByDefault")
	keyed := d.at("SSEAlgorithm") == "AES256" && d.kid("KMSMasterKeyID") != nil
	return c.require("encryption.key-without-kms", !keyed, "InvalidArgument")
}

// sealKept is where an object that is encrypted with a client's key keeps the
// digest of the key. The emulator keeps the bytes as they came: what shows is who
// may read them.
const sealKept = "customer-key-md5"

// A seal is what a request says of a client's key.
type seal struct{ algorithm, key, md5 string }

func (s seal) none() bool { return s == seal{} }

// seal reads what the fields behind a prefix say of a client's key.
func (c *call) seal(prefix string) seal {
	name := c.own(prefix + "server-side-encryption-customer-")
	return seal{c.field(name + "algorithm"), c.field(name + "key"), c.field(name + "key-md5")}
}

// validSeal refuses a client's key that is none, and ciphers that there are not.
func (c *call) validSeal() error {
	if !c.e.t.seals {
		return nil
	}
	s, cipher := c.seal(""), c.field(c.own(cipherField))
	if s.none() {
		return c.validService(cipher)
	}
	if err := c.require("encryption.both", cipher == "", "InvalidArgument"); err != nil {
		return err
	}
	return c.wholeSeal(s)
}

// wholeSeal holds a client's key to its form.
func (c *call) wholeSeal(s seal) error {
	whole := s.algorithm != "" && s.key != "" && s.md5 != ""
	if err := c.require("encryption.customer-whole", whole, "InvalidArgument"); err != nil || !whole {
		return err
	}
	if err := c.require("encryption.customer-algorithm", s.algorithm == "AES256", "InvalidEncryptionAlgorithmError",
		c.customerNamed(s.algorithm)); err != nil {
		return err
	}
	key, err := base64.StdEncoding.DecodeString(s.key)
	if err := c.require("encryption.customer-key", err == nil && len(key) == 32, "InvalidArgument"); err != nil {
		return err
	}
	sum := md5.Sum(key)
	return c.require("encryption.customer-md5", s.md5 == base64.StdEncoding.EncodeToString(sum[:]) || len(key) != 32, "InvalidArgument")
}

// customerNamed names the algorithm that is refused.
func (c *call) customerNamed(algorithm string) detail {
	return func(f *fault) { c.culprit("encryption.customer-named", c.own("server-side-encryption"), algorithm)(f) }
}

// serviceCiphers are the ways in which S3 encrypts with keys of its own.
var serviceCiphers = []string{"", "AES256", "aws:kms", "aws:kms:dsse"}

// validService refuses ciphers that there are not, and keys that nobody has made:
// there is no service for them.
func (c *call) validService(cipher string) error {
	if err := c.require("encryption.cipher", slices.Contains(serviceCiphers, cipher), "InvalidArgument"); err != nil {
		return err
	}
	kms, keyed := strings.HasPrefix(cipher, "aws:kms"), c.field(c.own("server-side-encryption-aws-kms-key-id")) != ""
	if err := c.require("encryption.key-alone", kms || !keyed, "InvalidArgument"); err != nil {
		return err
	}
	unknown := kms && keyed
	return c.require("encryption.kms-key", !unknown, "KMS.NotFoundException")
}

// sealed encrypts an object as the request says, and answers how.
func (c *call) sealed(o *store.Object) {
	if !c.e.t.seals {
		return
	}
	s := c.seal("")
	if s.none() {
		cipher := c.field(c.own(cipherField))
		if cipher == "" || cipher == "AES256" {
			c.set("encryption.answered", c.own(cipherField), "AES256")
			return
		}
		o.Fields = append(o.Fields, store.Pair{Name: c.own(cipherField), Value: cipher})
		c.reply.Fields.Set(c.own(cipherField), cipher)
		return
	}
	c.lock(o, s)
	other := md5.Sum([]byte(o.ETag + s.md5))
	o.ETag = pick(c, "encryption.customer-tag", c.hexTag(other[:]), o.ETag)
	c.answerSeal(s)
}

// plannedSeal encrypts the object that an upload is to become as the request says.
func (c *call) plannedSeal(o *store.Object) {
	if !c.e.t.seals {
		return
	}
	s, cipher := c.seal(""), c.field(c.own(cipherField))
	switch {
	case !s.none():
		c.lock(o, s)
	case cipher != "" && cipher != "AES256":
		o.Fields = append(o.Fields, store.Pair{Name: c.own(cipherField), Value: cipher})
	}
	c.answerSealed(o)
}

// answerSealed answers how an object is encrypted that a copy or an upload makes.
func (c *call) answerSealed(o *store.Object) {
	if !c.e.t.seals {
		return
	}
	if s := c.seal(""); !s.none() {
		name := c.own("server-side-encryption-customer-")
		c.set("encryption.made-customer", name+"algorithm", s.algorithm)
		c.set("encryption.made-customer-md5", name+"key-MD5", s.md5)
		return
	}
	cipher, ok := o.Field(c.own(cipherField))
	if !ok {
		cipher = "AES256"
	}
	c.set("encryption.made", c.own(cipherField), cipher)
}

// sealCopy encrypts what a copy makes as the request says.
func (c *call) sealCopy(made *store.Object) {
	c.plannedSeal(made)
	if made.Extra[sealKept] != "" {
		sum := md5.Sum([]byte(made.ETag + made.Extra[sealKept]))
		made.ETag = c.hexTag(sum[:])
	}
}

// lock keeps with an object which key it needs.
func (c *call) lock(o *store.Object, s seal) {
	if o.Extra == nil {
		o.Extra = map[string]string{}
	}
	o.Extra[sealKept] = s.md5
}

// answerSeal repeats what the request says of its key, but not the key.
func (c *call) answerSeal(s seal) {
	name := c.own("server-side-encryption-customer-")
	c.set("encryption.customer-answered", name+"algorithm", s.algorithm)
	c.set("encryption.customer-answered-md5", name+"key-MD5", s.md5)
	if pick(c, "encryption.customer-secret", false, true) {
		c.reply.Fields.Set(name+"key", s.key)
	}
}

// opened refuses to read an object without the key that it needs.
func (c *call) opened(o *store.Object) error {
	s := c.seal("")
	if err := c.unlocked(o); err != nil || o.Extra[sealKept] == "" || s.md5 == "" {
		return err
	}
	c.answerSeal(s)
	return nil
}

// unlocked refuses to tell of an object without the key that it needs.
func (c *call) unlocked(o *store.Object) error {
	need := o.Extra[sealKept]
	if need == "" {
		return nil
	}
	s := c.seal("")
	if err := c.require("encryption.customer-needed", s.md5 != "", "InvalidRequest"); err != nil || s.md5 == "" {
		return err
	}
	return c.require("encryption.customer-same", s.md5 == need, "AccessDenied")
}

// partSeal holds a part to the key of its upload.
func (c *call) partSeal(u *store.Upload) error {
	if !c.e.t.seals {
		return nil
	}
	need, s := u.Object.Extra[sealKept], c.seal("")
	switch {
	case need == "":
		return c.require("encryption.part-unsealed", s.none(), "InvalidRequest")
	case s.none():
		return c.require("encryption.part-needed", false, "InvalidRequest")
	case s.md5 != need:
		return c.require("encryption.part-same", false, "InvalidRequest")
	}
	return nil
}

// openedSource refuses to copy an object without the key that it needs.
func (c *call) openedSource(o *store.Object) error {
	need := o.Extra[sealKept]
	if need == "" {
		return nil
	}
	s := c.seal("copy-source-")
	if err := c.require("encryption.source-needed", !s.none(), "InvalidRequest"); err != nil || s.none() {
		return err
	}
	if s.md5 != need {
		return c.fault("AccessDenied")
	}
	return c.admit("encryption.source-key", "InvalidRequest")
}
