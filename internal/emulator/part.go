package emulator

import "strconv"

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

// onePart is part number of an object that was put as a whole: it has one.
func (c *call) onePart(number string, size int64) (outcome, error) {
	if number != "1" {
		return whole(size), c.require("part.missing", false, "InvalidPartNumber", func(f *fault) {
			if c.does("part.count") {
				withExtra("PartNumberRequested", number)(f)
				withExtra("ActualPartCount", "1")(f)
			}
		})
	}
	if size == 0 {
		return whole(size), nil
	}
	return pick(c, "part.first", part(0, size-1), whole(size)), nil
}
