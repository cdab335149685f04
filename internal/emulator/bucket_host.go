package emulator

import (
	"net"

	"objectharness/internal/dialect"
)

// housed refuses a bucket in the path at the public endpoint of a service that
// has buckets in host names only. Addresses and names of one's own are no such
// endpoint.
func (c *call) housed() error {
	host := c.field("Host")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	inPath := c.at.Bucket != "" && c.at.Style == dialect.PathStyle && c.e.d.RegionOf(host) != ""
	return c.require("bucket.in-path", !c.e.t.buckets.hosted || !inPath, "SecondLevelDomainForbidden")
}
