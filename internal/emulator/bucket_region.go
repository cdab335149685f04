package emulator

import (
	"regexp"
	"slices"

	"objectharness/internal/emulator/store"
)

// regionOf is the region whose endpoint the request has come to.
func (c *call) regionOf() string {
	if named := c.e.d.RegionOf(c.field("Host")); slices.Contains(c.e.t.buckets.regions, named) {
		return named
	}
	return c.e.d.Region
}

// bucketRegion is where a new bucket is to lie.
func (c *call) bucketRegion(doc *bucketDocument) (string, error) {
	t := &c.e.t.buckets
	if t.constraint == "" {
		return c.region, nil
	}
	place := ""
	if doc.Place != nil {
		place = *doc.Place
	}
	named := withExtra("LocationConstraint", place)
	switch {
	case t.misplaced == "":
		ok := place == "" || place == t.prefix+c.region
		return c.region, c.require("bucket.constraint", ok, t.constraint)
	case c.region != t.home:
		return c.region, c.require("bucket.misplaced", place == c.region, t.misplaced)
	case place == "":
		return c.region, nil
	case place == "EU":
		return "eu-west-1", nil
	}
	ok := place != t.home && slices.Contains(c.e.t.buckets.regions, place)
	if !ok && c.does("bucket.constraint-element") {
		return c.region, c.require("bucket.constraint", false, t.constraint, named)
	}
	if ok {
		return place, nil
	}
	return c.region, c.require("bucket.constraint", false, t.constraint)
}

// elsewhere refuses a request for a bucket that lies in another region than the
// endpoint. What tells of the bucket may be asked anywhere.
func (c *call) elsewhere() error {
	t, b := &c.e.t.buckets, c.bucket
	if b == nil || t.elsewhere == "" || b.Region == "" || b.Region == c.region {
		return nil
	}
	if c.kind == "GetBucketLocation" || c.kind == "GetBucketInfo" {
		return c.admit("bucket.info-anywhere", t.elsewhere)
	}
	if c.spreads(b) {
		return c.leadOn(b)
	}
	return c.require("bucket.elsewhere", false, t.elsewhere, c.rightPlace(b))
}

// rightPlace tells which endpoint to go to.
func (c *call) rightPlace(b *store.Bucket) detail {
	return func(f *fault) {
		endpoint := c.e.d.Host(b.Region)
		if c.e.t.buckets.region != "" {
			endpoint = b.Name + "." + endpoint
			c.setOn(f, "bucket.elsewhere-region", c.e.t.buckets.region, b.Region)
		}
		if c.does("bucket.elsewhere-endpoint") {
			withExtra("Endpoint", endpoint)(f)
		}
		if c.e.t.buckets.region != "" && c.does("bucket.elsewhere-bucket") {
			withExtra("Bucket", b.Name)(f)
		}
		withMessage("The bucket must be addressed through the specified endpoint.")(f)
	}
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// expected refuses a request that expects another owner of the bucket.
func (c *call) expected() error {
	name := c.own("expected-bucket-owner")
	if !c.e.t.buckets.arn || c.bucket == nil || !c.in.Fields.Has(name) {
		return nil
	}
	id := c.field(name)
	if err := c.require("bucket.expected-form", accountID.MatchString(id), "InvalidBucketOwnerAWSAccountID"); err != nil {
		return err
	}
	return c.require("bucket.expected", id == c.bucket.Owner || !accountID.MatchString(id), "AccessDenied")
}
