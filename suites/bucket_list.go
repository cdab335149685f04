package suites

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// A listedBucket is an entry of a list of buckets; a bucketPage is the list.
type (
	listedBucket struct {
		Name, CreationDate, Location string
		ExtranetEndpoint             string
		IntranetEndpoint             string
		MultiZone                    bool `xml:"-" json:"enableMultiAz"`
	}
	bucketPage struct {
		Owner struct{ ID, DisplayName string }
		List  []listedBucket `xml:"Buckets>Bucket" json:"buckets"`

		Prefix, Marker, MaxKeys, IsTruncated, NextMarker, ContinuationToken *string
	}
)

func readBuckets(r *client.Reply) (p bucketPage, err error) {
	if strings.HasPrefix(string(r.Body), "{") {
		return p, json.Unmarshal(r.Body, &p)
	}
	return p, xml.Unmarshal(r.Body, &p)
}

// listingBuckets asks for the buckets of an account, with parameters in pairs.
func listingBuckets(pairs ...string) func(*Scene) client.Call {
	return func(*Scene) client.Call { return client.Call{Method: "GET", Query: queryOf(pairs...)} }
}

func queryOf(pairs ...string) (query []wire.Param) {
	for i := 0; i+1 < len(pairs); i += 2 {
		query = append(query, wire.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return query
}

// ofPage wants of a list what check does not complain of.
func ofPage(check func(*Scene, bucketPage) string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		p, err := readBuckets(r)
		if err != nil {
			return []Flaw{{"a list of buckets", err.Error()}}
		}
		if wrong := check(s, p); wrong != "" {
			return []Flaw{{wrong, excerpt(string(r.Body))}}
		}
		return nil
	}
}

// ofListed wants the case's own bucket to be listed, in a way that check does not
// complain of.
func ofListed(check func(listedBucket) string) func(*Scene, *client.Reply) []Flaw {
	return ofPage(func(s *Scene, p bucketPage) string {
		for _, e := range p.List {
			if e.Name == s.Own("b") {
				return check(e)
			}
		}
		return "an entry of " + s.Own("b")
	})
}

func (p bucketPage) names() (names []string) {
	for _, e := range p.List {
		names = append(names, e.Name)
	}
	return names
}

// matchesAll says what is missing of the fields of an entry, in pairs of value
// and pattern.
func matchesAll(pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if !regexp.MustCompile("^(" + pairs[i+1] + ")$").MatchString(pairs[i]) {
			return "a member that matches " + pairs[i+1] + ", not " + strconv.Quote(pairs[i])
		}
	}
	return ""
}

const (
	toMillis  = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
	toTime    = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z` // the fraction is not promised
	toSeconds = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`
)

func bucketListed(b *Book) {
	entry := func(check func(listedBucket) string) Want { return Shown().With(ofListed(check)) }
	whole := func(check func(*Scene, listedBucket) string) Want {
		return Accepted(200).With(func(s *Scene, r *client.Reply) []Flaw {
			owned := ofPage(func(s *Scene, p bucketPage) string {
				if !slices.IsSorted(p.names()) {
					return "names in order"
				}
				called := ".+"
				if s.W.Nameless {
					called = ".*"
				}
				return matchesAll(p.Owner.ID, ".+", p.Owner.DisplayName, called)
			})
			return append(owned(s, r), ofListed(func(e listedBucket) string { return check(s, e) })(s, r)...)
		})
	}
	s3 := whole(func(_ *Scene, e listedBucket) string { return matchesAll(e.CreationDate, toTime) })
	b.Case("list", "lists the buckets of the caller with their members, and who he is", By{
		"oss": {Clauses: "OSS-XSVC-01", Want: whole(func(_ *Scene, e listedBucket) string {
			return matchesAll(e.CreationDate, toMillis, e.Location, ".+", e.ExtranetEndpoint, ".+", e.IntranetEndpoint, ".+")
		}), Rests: "OSS-XSVC-06"},
		"cos": {Clauses: "COS-XBKT-17 COS-LIST-08", Want: whole(func(_ *Scene, e listedBucket) string {
			return matchesAll(e.CreationDate, toTime, e.Location, ".+")
		})},
		"bos": {Clauses: "BOS-BUCKET-09 BOS-API-01 BOS-ADDR-05", Want: whole(func(s *Scene, e listedBucket) string {
			return matchesAll(e.Location, regexp.QuoteMeta(s.Owner.Region))
		})},
		"s3": {Clauses: "S3-BKT-31", Want: s3},
	}, Case{Given: []Given{own("b")}, When: listingBuckets()})
	b.Case("list/forms", "writes location and time in their forms", By{
		"oss": {Clauses: "OSS-XSVC-02", Want: entry(func(e listedBucket) string { return matchesAll(e.Location, "oss-[a-z0-9-]+", e.CreationDate, toMillis) }), Rests: "OSS-XBKT-01"},
		"bos": {Clauses: "BOS-BUCKET-10", Want: entry(func(e listedBucket) string { return matchesAll(e.CreationDate, toSeconds) })},
	}, Case{Given: []Given{own("b")}, When: listingBuckets()})
	b.Case("list/one-zone", "does not say of a bucket in one zone that it is in several", By{
		"bos": {Clauses: "BOS-BUCKET-11", Want: Shown().Content(gomega.Not(gomega.ContainSubstring("enableMultiAz")))},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing, own("b")}, When: listingBuckets()})
	b.Case("list/principal", "writes the owner as a principal", By{
		"cos": {Clauses: "COS-XBKT-18", Want: Shown().With(ofPage(func(_ *Scene, p bucketPage) string { return matchesAll(p.Owner.ID, `qcs::cam::uin/\d+:uin/\d+`) }))},
	}, Case{Given: []Given{own("b")}, When: listingBuckets()})
	b.Case("list/order", "lists in byte order of the names", By{
		"s3": {Clauses: "S3-BKT-31", Want: s3},
		"oss": {Clauses: "OSS-XSVC-06", Want: Shown().With(ofPage(func(_ *Scene, p bucketPage) string {
			if !slices.IsSorted(p.names()) {
				return "names in order"
			}
			return ""
		}))},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing, own("b"), own("a")}, When: listingBuckets()})
	b.Case("list/anonymous", "lists nothing for who did not sign", By{
		"oss": {Clauses: "OSS-XSVC-08", Want: Refused(403, "AccessDenied")},
		"bos": {Clauses: "BOS-BUCKET-13", Want: Refused(403, "AccessDenied")},
		"s3":  {Clauses: "S3-BKT-36", Want: Refused(403, "AccessDenied")},
	}, Case{As: Nobody, When: listingBuckets()})
	b.Case("list/other", "lists no bucket of another account", By{
		"oss": {Clauses: "OSS-XSVC-09", Want: Shown().With(ofPage(func(s *Scene, p bucketPage) string {
			if slices.Contains(p.names(), s.Own("b")) {
				return "no entry of " + s.Own("b")
			}
			return ""
		}))},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{own("b")}, When: listingBuckets()})
	b.Case("list/most", "lists no more than a page may have", By{
		"bos": {Clauses: "BOS-BUCKET-12", Want: Shown().With(ofPage(func(_ *Scene, p bucketPage) string {
			if len(p.List) != 2 {
				return "2 entries"
			}
			return ""
		}))},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"ListBuckets": 2}}) }, own("a"), own("b"), own("c")},
		When:  listingBuckets(),
	})
}

// bucketsCounted wants a list of n buckets that check does not complain of.
func bucketsCounted(n int, check func(*Scene, bucketPage) string) Want {
	return Shown().With(ofPage(func(s *Scene, p bucketPage) string {
		if len(p.List) != n {
			return itoa(n) + " entries"
		}
		return check(s, p)
	}))
}

// anyPage complains of nothing.
func anyPage(*Scene, bucketPage) string { return "" }

func bucketPages(b *Book) {
	alone := []Given{standing, own("b")} // beside the bucket that the emulator begins with
	b.Case("page/whole", "says nothing of pages when all fits", By{
		"oss": {Clauses: "OSS-XSVC-03", Want: bucketsCounted(2, func(_ *Scene, p bucketPage) string {
			if p.Prefix != nil || p.Marker != nil || p.MaxKeys != nil || p.IsTruncated != nil || p.NextMarker != nil {
				return "none of Prefix, Marker, MaxKeys, IsTruncated, NextMarker"
			}
			return ""
		})},
	}, Case{Needs: NeedsPrivate, Given: alone, When: listingBuckets()})
	b.Case("page/first", "says how the list goes on", By{
		"oss": {Clauses: "OSS-XSVC-04", Want: bucketsCounted(1, func(_ *Scene, p bucketPage) string {
			if p.Prefix == nil || p.Marker == nil || p.MaxKeys == nil || *p.MaxKeys != "1" || p.IsTruncated == nil || *p.IsTruncated != "true" ||
				p.NextMarker == nil || *p.NextMarker != p.List[0].Name {
				return "Prefix, Marker, MaxKeys 1, IsTruncated true and NextMarker " + p.List[0].Name
			}
			return ""
		})},
	}, Case{Needs: NeedsPrivate, Given: alone, When: listingBuckets("max-keys", "1")})
	b.Case("page/first-token", "gives a token when the list goes on", By{
		"s3": {Clauses: "S3-BKT-33", Want: bucketsCounted(1, func(_ *Scene, p bucketPage) string {
			if p.ContinuationToken == nil || *p.ContinuationToken == "" {
				return "ContinuationToken"
			}
			return ""
		})},
	}, Case{Needs: NeedsPrivate, Given: alone, When: listingBuckets("max-buckets", "1")})
	b.Case("page/second-token", "goes on from a token to the end", By{
		"s3": {Clauses: "S3-BKT-33", Want: bucketsCounted(1, func(s *Scene, p bucketPage) string {
			if p.ContinuationToken != nil && *p.ContinuationToken != "" || p.List[0].Name == s.Kept("first") {
				return "the other bucket, and no ContinuationToken"
			}
			return ""
		})},
	}, Case{
		Needs: NeedsPrivate,
		Given: append(alone, func(s *Scene) {
			p, err := readBuckets(s.Must(listingBuckets("max-buckets", "1")(s)))
			if err != nil || len(p.List) != 1 || p.ContinuationToken == nil {
				s.Block("the first page has no bucket or no token")
			}
			s.Keep("first", p.List[0].Name)
			s.Keep("token", *p.ContinuationToken)
		}),
		When: func(s *Scene) client.Call {
			return listingBuckets("max-buckets", "1", "continuation-token", s.Kept("token"))(s)
		},
	})
	b.Case("page/marker", "lists what follows a marker, and not the bucket that it names", By{
		"oss": {Clauses: "OSS-XSVC-06", Want: Shown().With(ofPage(func(s *Scene, p bucketPage) string {
			first, second := min(s.Own("a"), s.Own("b")), max(s.Own("a"), s.Own("b"))
			if slices.Contains(p.names(), first) || !slices.Contains(p.names(), second) {
				return "an entry of " + second + " and none of " + first
			}
			return ""
		}))},
	}, Case{Given: []Given{own("a"), own("b")}, When: func(s *Scene) client.Call { return listingBuckets("marker", min(s.Own("a"), s.Own("b")))(s) }})
	for _, size := range []struct{ name, oss, s3 string }{{"none", "0", "0"}, {"over", "1001", "10001"}, {"text", "ten", "ten"}} {
		b.Case("page/size-"+size.name, "refuses pages of a size that there is not", By{
			"oss": {Clauses: "OSS-XSVC-07", Want: Refused(400, "InvalidArgument")},
			"s3": {Clauses: "S3-BKT-32", Want: Refused(400, "InvalidArgument").With(func(_ *Scene, r *client.Reply) []Flaw {
				if got, _ := extra(r, "ArgumentName"); got != "max-buckets" {
					return []Flaw{{"ArgumentName max-buckets", got}}
				}
				return nil
			})},
		}, Case{When: listingBuckets(map[string]string{"oss": "max-keys", "s3": "max-buckets"}[b.Dialect], map[string]string{"oss": size.oss, "s3": size.s3}[b.Dialect])})
	}
}

func bucketFilters(b *Book) {
	b.Case("filter/prefix-none", "lists nothing by a prefix that no bucket has", By{
		"oss": {Clauses: "OSS-XSVC-05", Want: bucketsCounted(0, anyPage)},
	}, Case{Given: []Given{own("b")}, When: listingBuckets("prefix", "nosuchprefix")})
	b.Case("filter/prefix-case", "tells capitals from small letters in a prefix", By{
		"s3": {Clauses: "S3-BKT-34", Want: bucketsCounted(0, func(s *Scene, p bucketPage) string {
			if p.Prefix == nil || *p.Prefix != strings.ToUpper(s.Own("b")) {
				return "Prefix " + strings.ToUpper(s.Own("b"))
			}
			return ""
		})},
	}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return listingBuckets("prefix", strings.ToUpper(s.Own("b")))(s) }})
	b.Case("filter/prefix", "lists the buckets of a prefix, and names it", By{
		"oss": {Clauses: "OSS-XSVC-05", Want: bucketsCounted(1, anyPage)},
		"s3": {Clauses: "S3-BKT-34", Want: bucketsCounted(1, func(s *Scene, p bucketPage) string {
			if p.Prefix == nil || *p.Prefix != s.Own("b") {
				return "Prefix " + s.Own("b")
			}
			return ""
		})},
	}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return listingBuckets("prefix", s.Own("b"))(s) }})
	b.Case("filter/region-unknown", "refuses a region that there is not", By{
		"s3": {Clauses: "S3-BKT-35", Want: Refused(400, "InvalidArgument").With(func(_ *Scene, r *client.Reply) []Flaw {
			if got, _ := extra(r, "ArgumentName"); got != "bucket-region" {
				return []Flaw{{"ArgumentName bucket-region", got}}
			}
			return nil
		})},
	}, Case{When: listingBuckets("bucket-region", "eu-east-1")})
	has := func(want bool) Want {
		return Shown().With(ofPage(func(s *Scene, p bucketPage) string {
			if slices.Contains(p.names(), s.Own("b")) != want {
				return map[bool]string{true: "an entry of ", false: "no entry of "}[want] + s.Own("b")
			}
			return ""
		}))
	}
	b.Case("filter/region", "lists the buckets of a region", By{"cos": {Clauses: "COS-XBKT-19", Want: has(true)}}, Case{
		Given: []Given{own("b")}, When: func(s *Scene) client.Call { return listingBuckets("region", s.Owner.Region)(s) }})
	b.Case("filter/region-other", "does not list the buckets of another region", By{"cos": {Clauses: "COS-XBKT-19", Want: has(false)}}, Case{
		Given: []Given{own("b")}, When: listingBuckets("region", "ap-shanghai")})
	for _, x := range []struct {
		way  string
		by   time.Duration
		want bool
	}{{"lt", time.Hour, true}, {"lt", -time.Hour, false}, {"lte", time.Hour, true}, {"gt", -time.Hour, true}, {"gt", time.Hour, false}, {"gte", time.Hour, false}} {
		name := map[bool]string{true: "later", false: "earlier"}[x.by > 0]
		b.Case("filter/made-"+x.way+"-"+name, "lists the buckets made before or after a time", By{"cos": {Clauses: "COS-XBKT-19", Want: has(x.want)}}, Case{
			Given: []Given{own("b")},
			When: func(s *Scene) client.Call {
				return listingBuckets("range", x.way, "create-time", strconv.FormatInt(s.Now().Add(x.by).Unix(), 10))(s)
			},
		})
	}
}
