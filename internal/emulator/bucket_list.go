package emulator

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// paging is how a dialect lists buckets.
type paging struct {
	size      string // parameter that bounds a page, "" where there is none
	first     int    // entries of a page where it does not say
	marker    string // parameter of what follows a bucket
	opaque    bool   // it is a token
	filters   bool   // prefix is looked at
	tagged    bool   // and tags
	region    string // parameter that asks for one region
	known     bool   // which must be one that there is
	byHost    bool   // the host of a region lists what lies there
	created   bool   // the time of making can be asked for
	ends      bool   // entries name their endpoints, class and region
	located   bool   // entries name their location
	principal bool   // the owner is written as a principal
}

var (
	ossPaging = paging{size: "max-keys", first: 100, marker: "marker", filters: true, tagged: true, ends: true, located: true}
	cosPaging = paging{region: "region", byHost: true, created: true, located: true, principal: true}
	bosPaging = paging{located: true}
	s3Paging  = paging{size: "max-buckets", first: 10000, marker: "continuation-token", opaque: true, filters: true, region: "bucket-region", known: true}
)

type (
	bucketList struct {
		XMLName     xml.Name      `xml:"ListAllMyBucketsResult" json:"-"`
		Owner       listedOwner   `json:"owner"`
		Buckets     listedBuckets `json:"buckets"`
		Prefix      *string       `xml:",omitempty" json:"-"`
		Marker      *string       `xml:",omitempty" json:"-"`
		MaxKeys     int           `xml:",omitempty" json:"-"`
		IsTruncated bool          `xml:",omitempty" json:"-"`
		NextMarker  string        `xml:",omitempty" json:"-"`
		Token       string        `xml:"ContinuationToken,omitempty" json:"-"`
	}
	// listedBuckets are an element around the buckets in XML, a list in JSON.
	listedBuckets struct{ Bucket []listedBucket }
	listedBucket  struct {
		Name             string `json:"name"`
		CreationDate     string `json:"creationDate"`
		Location         string `xml:",omitempty" json:"location"`
		ExtranetEndpoint string `xml:",omitempty" json:"-"`
		IntranetEndpoint string `xml:",omitempty" json:"-"`
		Region           string `xml:",omitempty" json:"-"`
		BucketRegion     string `xml:",omitempty" json:"-"`
		StorageClass     string `xml:",omitempty" json:"-"`
		MultiZone        bool   `xml:"-" json:"enableMultiAz,omitempty"`
	}
)

// MarshalJSON writes the plain list.
func (l listedBuckets) MarshalJSON() ([]byte, error) { return json.Marshal(l.Bucket) }

// listBuckets answers the buckets of the caller in byte order of their names.
func (c *call) listBuckets() error {
	t := &c.e.t.buckets.page
	size, err := c.pageOfBuckets()
	if err != nil {
		return err
	}
	after, err := c.bucketsAfter()
	if err != nil {
		return err
	}
	keep, err := c.bucketFilters()
	if err != nil {
		return err
	}
	l := bucketList{Owner: c.listOwner(), Buckets: listedBuckets{Bucket: []listedBucket{}}}
	for _, b := range c.bucketsOf() {
		if b.Name <= after || !keep(b) {
			continue
		}
		if n := len(l.Buckets.Bucket); n == size {
			c.cutBuckets(&l, size, l.Buckets.Bucket[n-1].Name)
			break
		}
		l.Buckets.Bucket = append(l.Buckets.Bucket, c.listedBucket(b))
	}
	if t.marker == "marker" && !l.IsTruncated {
		l.MaxKeys = pick(c, "bucket.list-plain", l.MaxKeys, size)
	}
	if prefix, ok := c.param("prefix"); ok && t.opaque && c.does("bucket.list-echoes-prefix") {
		l.Prefix = &prefix
	}
	if c.e.t.json {
		return c.sendJSON(l)
	}
	return c.sendXML(l)
}

// bucketsOf are the buckets that the caller owns.
func (c *call) bucketsOf() []*store.Bucket {
	list := c.e.store.Buckets(c.who.ID)
	if c.e.rules.quiet() {
		return list
	}
	others := slices.Clone(list)
	for _, a := range c.e.others(c.who.ID) {
		others = append(others, c.e.store.Buckets(a)...)
	}
	if len(others) > len(list) && c.e.rules.deviates("bucket.list-own", "wrong") {
		return others
	}
	if len(list) > 1 && len(c.query) == 0 && !c.does("bucket.list-order") {
		slices.Reverse(list)
	}
	return list
}

// others are the accounts that are not id.
func (e *Emulator) others(id string) (ids []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range e.accounts {
		if a.ID != id && !slices.Contains(ids, a.ID) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// pageOfBuckets is how many buckets a page has.
func (c *call) pageOfBuckets() (int, error) {
	t, most := &c.e.t.buckets.page, c.e.d.Limits.ListBuckets
	if t.size == "" {
		return int(c.limit("bucket.list-most", int64(max(most, 0)))) - btoi(most == 0), nil
	}
	text, given := c.param(t.size)
	if !given {
		return min(t.first, most), nil
	}
	n, err := strconv.Atoi(text)
	argument := withExtra("ArgumentName", t.size)
	switch {
	case err != nil || n < 1:
		return most, c.require("bucket.list-size-least", false, "InvalidArgument", argument)
	case n > most:
		return most, c.require("bucket.list-size-most", false, "InvalidArgument", argument)
	}
	return n, nil
}

// btoi is 1 for true.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bucketsAfter is the name that the page follows.
func (c *call) bucketsAfter() (string, error) {
	t := &c.e.t.buckets.page
	text, given := c.param(t.marker)
	if !given || t.marker == "" {
		return "", nil
	}
	if t.opaque {
		name, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return "", c.fault("InvalidArgument")
		}
		text = string(name)
	}
	before := ""
	if n := len(text); n > 0 {
		before = text[:n-1]
	}
	return pick(c, "bucket.list-after", text, before), nil
}

// bucketFilters is what a bucket must be to be listed.
func (c *call) bucketFilters() (func(*store.Bucket) bool, error) {
	t := &c.e.t.buckets.page
	prefix, _ := c.param("prefix")
	region, asked := c.param(t.region)
	if t.known && asked {
		if err := c.require("bucket.list-region", slices.Contains(c.e.t.buckets.regions, region), "InvalidArgument", withExtra("ArgumentName", t.region)); err != nil {
			return nil, err
		}
	}
	switch {
	case t.region == "" || !asked:
		region = ""
	case region == c.e.d.Region:
		region = pick(c, "bucket.list-region-right", region, otherValue(region))
	default:
		region = pick(c, "bucket.list-by-region", region, "")
	}
	if named := c.e.d.RegionOf(c.field("Host")); t.byHost && region == "" && slices.Contains(c.e.t.buckets.regions, named) {
		region = pick(c, "bucket.list-by-host", named, "")
	} else if t.byHost && region == "" {
		region = pick(c, "bucket.list-everywhere", "", c.e.d.Region)
	}
	if !t.filters || prefix != "" && !c.does("bucket.list-prefix") {
		prefix = ""
	}
	at, compare := c.createdFilter()
	return func(b *store.Bucket) bool {
		return strings.HasPrefix(b.Name, prefix) && (!t.tagged || c.hasTag(b)) && (region == "" || b.Region == region) && (compare == nil || c.inTime(compare(b.Created.Unix()-at)))
	}, nil
}

// inTime is what a comparison of times comes to.
func (c *call) inTime(ok bool) bool {
	return pick(c, "bucket.list-by-time", pick(c, "bucket.list-time-right", ok, false), true)
}

// ranges are how the time of making is compared.
var ranges = map[string]func(int64) bool{
	"lt": func(d int64) bool { return d < 0 }, "lte": func(d int64) bool { return d <= 0 },
	"gt": func(d int64) bool { return d > 0 }, "gte": func(d int64) bool { return d >= 0 },
}

// createdFilter reads a time of making and how to compare with it; nil for none.
func (c *call) createdFilter() (at int64, compare func(int64) bool) {
	text, asked := c.param("create-time")
	if !c.e.t.buckets.page.created || !asked {
		return 0, nil
	}
	way, _ := c.param("range")
	at, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, nil
	}
	return at, ranges[way]
}

// cutBuckets says that the list goes on.
func (c *call) cutBuckets(l *bucketList, size int, last string) {
	t := &c.e.t.buckets.page
	switch {
	case t.marker == "":
	case t.opaque:
		l.Token = pick(c, "bucket.list-next", base64.RawURLEncoding.EncodeToString([]byte(last)), "")
	default:
		prefix, _ := c.param("prefix")
		marker, _ := c.param("marker")
		l.Prefix, l.Marker, l.MaxKeys, l.IsTruncated = &prefix, &marker, size, c.does("bucket.list-truncated")
		l.NextMarker = pick(c, "bucket.list-next", last, "")
	}
}

// listOwner is the caller as lists write him.
func (c *call) listOwner() listedOwner {
	id := c.who.ID
	if c.e.t.buckets.page.principal {
		uin := id[strings.LastIndexByte(id, '/')+1:] // of one that is a principal already
		id = pick(c, "bucket.list-principal", "qcs::cam::uin/"+uin+":uin/"+uin, uin)
	}
	owner := listedOwner{id, c.who.ID}
	if !c.does("bucket.list-owner") {
		owner.ID = ""
	}
	return owner
}

func (c *call) listedBucket(b *store.Bucket) listedBucket {
	t := &c.e.t.buckets
	e := listedBucket{Name: b.Name, CreationDate: pick(c, "bucket.list-created", b.Created.UTC().Format(c.e.t.listTime), b.Created.UTC().Format(time.RFC1123))}
	if t.page.located {
		e.Location = pick(c, "bucket.list-location", t.prefix+b.Region, otherValue(b.Region))
	}
	if t.page.ends {
		e.ExtranetEndpoint, e.IntranetEndpoint = c.endpoints(b)
		e.Region, e.StorageClass = b.Region, c.classOf(b)
		if !c.does("bucket.list-endpoints") {
			e.ExtranetEndpoint = ""
		}
	}
	if c.paged() {
		e.BucketRegion = b.Region
	}
	e.MultiZone = pick(c, "bucket.list-multi-zone", b.Setting(zoneSetting) != "", b.Setting(zoneSetting) == "")
	return e
}

// paged tells whether the request asks for a page in S3's way.
func (c *call) paged() bool {
	_, sized := c.param("max-buckets")
	return sized && c.e.t.buckets.page.opaque
}
