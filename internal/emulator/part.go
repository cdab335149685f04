package emulator

import (
	"strconv"

	"objectharness/internal/emulator/store"
)

// checkPart refuses part numbers that none can have, and a part together with a
// range.
func (c *call) checkPart() error {
	number, ok := c.param("partNumber")
	if !ok {
		return nil
	}
	if err := c.require("part.or-range", !c.in.Fields.Has("Range"), "InvalidRequest"); err != nil {
		return err
	}
	n, err := strconv.Atoi(number)
	return c.require("part.number", err == nil && n >= 1 && n <= c.e.d.Limits.Parts, "InvalidArgument", c.culprit("part.culprit", "partNumber", number))
}

// onePart is a part of an object: one that was put as a whole has one.
func (c *call) onePart(number string, o *store.Object) (outcome, error) {
	n, _ := strconv.Atoi(number) // checkPart has
	count, made := 1, o.Kind == madeOfParts
	if made {
		count = len(o.Blobs)
	}
	if n < 1 || n > count {
		return whole(o.Size), c.require("part.missing", false, "InvalidPartNumber", func(f *fault) {
			if c.does("part.count") {
				withExtra("PartNumberRequested", number)(f)
				withExtra("ActualPartCount", strconv.Itoa(count))(f)
			}
		})
	}
	if made {
		return c.partOf(o, n)
	}
	if o.Size == 0 {
		return whole(0), nil
	}
	return pick(c, "part.first", part(0, o.Size-1), whole(o.Size)), nil
}

// partOf is a part of an object that was made of parts.
func (c *call) partOf(o *store.Object, number int) (outcome, error) {
	c.set("part.parts-count", c.own("mp-parts-count"), strconv.Itoa(len(o.Blobs)))
	first := int64(0)
	for _, b := range o.Blobs[:number-1] {
		first += b.Size
	}
	size := o.Blobs[number-1].Size
	if size == 0 {
		return whole(0), nil
	}
	return pick(c, "part.of-parts", part(first, first+size-1), whole(o.Size)), nil
}
