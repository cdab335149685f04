package emulator

import (
	"strconv"

	"objectharness/internal/emulator/store"
)

// readsOnly tells whether the request names a part of an object.
func (c *call) readsOnly() bool {
	_, named := c.param("partNumber")
	return named
}

// readsPart tells whether the request reads one part of an object that was made
// of parts.
func (c *call) readsPart(o *store.Object) bool { return o.Kind == madeOfParts && c.readsOnly() }

// answerPartRead answers the checksum of a part that is read alone, and the type
// of its object's. An upload that did not say how it is summed up keeps none of its
// parts.
func (c *call) answerPartRead(o *store.Object) {
	s, ok := c.sumOf(o)
	n := c.partRead(o)
	if !ok || n < 0 || o.Extra[sumKept] == "" && pick(c, "checksum.read-part-planned", true, false) {
		return
	}
	b := o.Blobs[n]
	text := pick(c, "checksum.read-part-own", s.of.of(b.Range(0, b.Size)), s.text)
	c.set("checksum.read-part", c.sumField(s.of), text)
	c.set("checksum.read-part-type", c.own("checksum-type"), s.kind)
}

// partRead is the index of the part that the request reads, -1 for none that is
// there.
func (c *call) partRead(o *store.Object) int {
	text, _ := c.param("partNumber")
	for i := range o.Blobs {
		if text == strconv.Itoa(i+1) {
			return i
		}
	}
	return -1
}
