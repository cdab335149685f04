package emulator

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/zeebo/xxh3"

	"objectharness/internal/emulator/store"
)

// A checksum is one of the ways in which S3 sums up a body. CRCs and xxHash are
// big-endian, and xxHash has the seed 0.
type checksum struct {
	name      string
	size      int // bytes
	make      func() hash.Hash
	composite bool // of parts: the checksum of their checksums
	whole     bool // of parts: that of all their bytes
	newer     bool // S3 has had it since 2026 alone
}

// The types of a checksum.
const (
	composite  = "COMPOSITE"
	fullObject = "FULL_OBJECT"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var checksums = []checksum{
	{"CRC32", 4, func() hash.Hash { return crc32.NewIEEE() }, true, true, false},
	{"CRC32C", 4, func() hash.Hash { return crc32.New(castagnoli) }, true, true, false},
	{"SHA1", sha1.Size, sha1.New, true, false, false},
	{"SHA256", sha256.Size, sha256.New, true, false, false},
	{"CRC64NVME", 8, func() hash.Hash { return crc64.New(nvme) }, false, true, false},
	{"MD5", md5.Size, md5.New, true, false, true},
	{"SHA512", sha512.Size, sha512.New, true, false, true},
	{"XXHASH64", 8, func() hash.Hash { return xxhash.New() }, true, false, true},
	{"XXHASH3", 8, func() hash.Hash { return xxh3.New() }, true, false, true},
	{"XXHASH128", 16, func() hash.Hash { return xxh3.New128() }, true, false, true},
}

// byDefault is what S3 computes where nobody asks for another.
var byDefault = &checksums[4]

func checksumOf(name string) *checksum {
	i := slices.IndexFunc(checksums, func(k checksum) bool { return strings.EqualFold(k.name, name) })
	if i < 0 {
		return nil
	}
	return &checksums[i]
}

// of sums up all that r gives, in base64.
func (k *checksum) of(r io.Reader) string {
	h := k.make()
	io.Copy(h, r) // a hash takes all that is written, and bodies are at hand
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// ofParts sums up the checksums of parts, and says how many they are.
func (k *checksum) ofParts(parts []*store.Part) string {
	var all strings.Builder
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(k.of(p.Blob.Range(0, p.Blob.Size)))
		if err == nil {
			all.Write(raw)
		}
	}
	return k.of(strings.NewReader(all.String())) + "-" + strconv.Itoa(len(parts))
}

// fits tells whether a text is base64 of the checksum's length.
func (k *checksum) fits(text string) bool {
	raw, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(raw) == k.size
}

// A sum is a checksum with its value.
type sum struct {
	of   *checksum
	text string
	kind string // composite or fullObject
}

// sumKept is where an object keeps its checksum: name, value and type. An object
// that keeps none has the default one.
const sumKept = "checksum"

func (s sum) kept() string { return s.of.name + " " + s.text + " " + s.kind }

// element is the element of a document that tells the checksum.
func (k *checksum) element() string { return "Checksum" + k.name }

// sumOf is the checksum that an object has; ok is false where it has none.
func (c *call) sumOf(o *store.Object) (s sum, ok bool) {
	if word := strings.Fields(o.Extra[sumKept]); len(word) == 3 {
		if of := checksumOf(word[0]); of != nil {
			return sum{of, word[1], word[2]}, true
		}
	}
	if !c.e.t.sums || o.Extra[sumKept] == noSum || !c.does("checksum.default") {
		return s, false
	}
	return sum{byDefault, byDefault.of(o.Range(0, o.Size)), fullObject}, true
}

// sumName is the algorithm of an object's checksum, and the type of it.
func sumName(o *store.Object) (name, kind string) {
	if word := strings.Fields(o.Extra[sumKept]); len(word) == 3 {
		return word[0], word[2]
	}
	return byDefault.name, fullObject
}

// noSum is kept with an object that has no checksum at all.
const noSum = "none"

// keep gives an object a checksum.
func (s sum) keep(o *store.Object) {
	if o.Extra == nil {
		o.Extra = map[string]string{}
	}
	o.Extra[sumKept] = s.kept()
}

// sumField is the header field of a checksum.
func (c *call) sumField(k *checksum) string { return c.own("checksum-" + strings.ToLower(k.name)) }

// givenSum is the checksum that comes with a body in the head of its request, or
// that is to come behind it; text is "" then.
func (c *call) givenSum() (of *checksum, text string, err error) {
	if !c.e.t.sums {
		return nil, "", nil
	}
	for i := range checksums {
		k := &checksums[i]
		if !c.in.Fields.Has(c.sumField(k)) || !c.knows(k) {
			continue
		}
		if err := c.require("checksum.one", of == nil, "InvalidRequest"); err != nil {
			return nil, "", err
		}
		of, text = k, c.field(c.sumField(k))
	}
	if of, text, err = c.announcedSum(of, text); err != nil {
		return nil, "", err
	}
	if c.field(c.own("sdk-checksum-algorithm")) != "" {
		if err := c.require("checksum.sdk", of != nil, "InvalidRequest"); err != nil {
			return nil, "", err
		}
	}
	if of != nil && text != "" {
		err = c.require("checksum.form", of.fits(text), "InvalidRequest")
	}
	return of, text, err
}

// announcedSum is the checksum that a trailer announces, or the one of the head.
func (c *call) announcedSum(of *checksum, text string) (*checksum, string, error) {
	announced := c.field(c.own("trailer"))
	if announced == "" {
		return of, text, nil
	}
	name, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(announced)), c.own("checksum-"))
	k := c.knownSum(name)
	if err := c.require("checksum.trailer-name", ok && k != nil, "InvalidRequest"); err != nil || k == nil {
		return of, text, err
	}
	if err := c.require("checksum.trailer-alone", of == nil, "InvalidRequest"); err != nil || of != nil {
		return of, text, err
	}
	return k, "", nil
}

// matchSum compares a body with the checksum that came with it, in front or
// behind. What was given wrongly and let through is kept as it came.
func (c *call) matchSum(of *checksum, text string, b *store.Blob) error {
	if of == nil {
		return nil
	}
	behind := text == ""
	rule := "checksum.match"
	if behind {
		text, rule = c.trailer.Get(c.sumField(of)), "checksum.trailer-match"
		if text == "" {
			return nil
		}
		if err := c.require("checksum.trailer-form", of.fits(text), "InvalidRequest"); err != nil || !of.fits(text) {
			return err
		}
	}
	switch right := of.of(b.Range(0, b.Size)); {
	case text == right && !behind:
		return c.admit("checksum.right", "BadDigest")
	case text == right || !of.fits(text):
		return nil
	}
	return c.require(rule, false, "BadDigest")
}

// keepSum keeps the checksum that came with an object, and answers it.
func (c *call) keepSum(of *checksum, o *store.Object) {
	if of == nil {
		if c.e.t.sums && c.field(c.own("checksum-algorithm")) != "" && pick(c, "checksum.no-request", false, true) {
			of = checksumOf("SHA256")
		} else {
			c.answerDefaultSum(o)
			return
		}
	}
	s := sum{of, of.of(o.Range(0, o.Size)), fullObject}
	if of == byDefault || c.does("checksum.kept") {
		s.keep(o)
	}
	if c.trailer.Get(c.sumField(of)) == "" { // the trailer is answered already
		c.set("checksum.answered", c.sumField(of), s.text)
	}
	c.set("checksum.type", c.own("checksum-type"), s.kind)
}

// answerChecksum answers the checksum that an object has, to whom asks for it,
// unless the reply holds a part of the object.
func (c *call) answerChecksum(o *store.Object, taken span) {
	if !c.e.t.sums {
		return
	}
	if !strings.EqualFold(c.field(c.own("checksum-mode")), "ENABLED") && pick(c, "checksum.only-asked", true, false) {
		return
	}
	if c.readsPart(o) {
		c.answerPartRead(o)
		return
	}
	if taken.length < o.Size && pick(c, "checksum.whole-only", true, false) {
		return
	}
	if c.in.Fields.Has("Range") && !c.does("checksum.whole-range") || c.readsOnly() && !c.does("checksum.read-only-part") {
		return
	}
	if s, ok := c.sumOf(o); ok {
		c.set("read.checksum", c.sumField(s.of), s.text)
		c.set("read.checksum-type", c.own("checksum-type"), s.kind)
	}
}
