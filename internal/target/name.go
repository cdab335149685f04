package target

import (
	"encoding/binary"
	"hash/fnv"
	"strconv"
	"strings"

	"objectharness/internal/dialect"
)

// runLetters are the letters and digits of a run's name behind its first letter.
// Names are short as COS bounds bucket and endpoint together to 60 bytes.
const runLetters = 6

// RunName makes the name that everything of a run begins with: the same for the
// same seed and salt. Runs against a foreign target need a salt of their own,
// as two of them may have one seed.
func RunName(seed uint64, salt ...uint64) string {
	h := fnv.New64a()
	for _, n := range append([]uint64{seed}, salt...) {
		_ = binary.Write(h, binary.LittleEndian, n) // a hash takes everything
	}
	text := strconv.FormatUint(h.Sum64(), 36)
	return "h" + (strings.Repeat("0", runLetters) + text)[len(text):]
}

// bucketName is the given bucket, or one of the run, the dialect's initial and
// the process, in lower case letters, digits and hyphens: every dialect takes it.
func (c *Config) bucketName(d *dialect.Dialect) string {
	if c.Bucket != "" {
		return c.Bucket
	}
	name := c.run() + "-" + d.Name[:1] + c.Process
	if d.BucketNames.Owner {
		name += "-" + c.appID()
	}
	return name
}

func (c *Config) run() string {
	if c.Run == "" {
		return RunName(c.Seed)
	}
	return c.Run
}

func (c *Config) appID() string {
	if c.AppID == "" {
		return EmbeddedAppID
	}
	return c.AppID
}
