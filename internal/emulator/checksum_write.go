package emulator

import (
	"errors"

	"objectharness/internal/emulator/store"
)

// matchBoth compares a body with its Content-MD5 and its checksum. Where both came,
// both must be right.
func (c *call) matchBoth(given []byte, of *checksum, text string, b *store.Blob) error {
	digest, sum := c.matchMD5(given, b), c.matchSum(of, text, b)
	if given == nil || of == nil {
		return errors.Join(digest, sum)
	}
	switch {
	case digest == nil && sum == nil:
		return c.admit("checksum.with-md5", "InvalidRequest")
	case digest == nil && !c.does("checksum.beside-md5"), sum == nil && !c.does("checksum.md5-beside"):
		return nil
	}
	return errors.Join(digest, sum)
}

// knows tells whether there is a checksum: servers may lack those of 2026.
func (c *call) knows(k *checksum) bool { return !k.newer || c.does("checksum.newer") }

// knownSum is the checksum of a name, nil where there is none.
func (c *call) knownSum(name string) *checksum {
	if k := checksumOf(name); k != nil && c.knows(k) {
		return k
	}
	return nil
}

// answerDefaultSum answers the checksum of what was put without one.
func (c *call) answerDefaultSum(o *store.Object) {
	if !c.e.t.sums {
		return
	}
	if s, ok := c.sumOf(o); ok {
		c.set("checksum.default-answered", c.sumField(s.of), s.text)
		c.set("checksum.default-type", c.own("checksum-type"), s.kind)
	}
}

// formSum is the checksum among the fields of a form.
func (c *call) formSum() (of *checksum, text string, err error) {
	of, text, err = c.givenSum()
	if (of != nil || err != nil) && !c.does("post.checksum-read") {
		return nil, "", nil
	}
	return of, text, err
}

// keepFormSum keeps the checksum of a form's file, and answers it.
func (c *call) keepFormSum(of *checksum, o *store.Object) {
	if !c.e.t.sums {
		return
	}
	if of == nil && !c.does("post.checksum") {
		o.Extra[sumKept] = noSum
	}
	if of != nil {
		c.keepSum(of, o)
		return
	}
	if s, ok := c.sumOf(o); ok {
		c.set("post.checksum-answered", c.sumField(s.of), s.text)
		c.set("post.checksum-type", c.own("checksum-type"), s.kind)
	}
}
