package target

import (
	"encoding/binary"
	"hash/fnv"
	"strconv"
	"strings"

	"objectharness/internal/dialect"
)

// RunName makes the name that everything of a run begins with: the same for the
// same seed and salt. Runs against a foreign target need a salt of their own,
// as two of them may have one seed.
func RunName(seed uint64, salt ...uint64) string {
	h := fnv.New64a()
	for _, n := range append([]uint64{seed}, salt...) {
		_ = binary.Write(h, binary.LittleEndian, n) // a hash takes everything
	}
	return "hr" + strings.Repeat("0", 13)[len(strconv.FormatUint(h.Sum64(), 36)):] + strconv.FormatUint(h.Sum64(), 36)
}

// bucketName is the given bucket, or one of the run, the dialect and the
// process, in lower case letters, digits and hyphens: every dialect takes it.
func (c *Config) bucketName(d *dialect.Dialect) string {
	if c.Bucket != "" {
		return c.Bucket
	}
	parts := []string{c.run(), d.Name}
	if c.Process != "" {
		parts = append(parts, c.Process)
	}
	if d.BucketNames.Owner {
		parts = append(parts, c.appID())
	}
	return strings.Join(parts, "-")
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
