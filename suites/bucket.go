package suites

import (
	"regexp"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/wire"
)

// bucketBooks write the chapter bucket: what buckets are called, how they are
// made and removed, and what is told of them.
var bucketBooks = []func(*Book){bucketMade, bucketNames, bucketEdges, bucketAgain, bucketChosen, bucketGone, bucketUploads, bucketHead, bucketPlaced, bucketInfo,
	bucketListed, bucketPages, bucketFilters, bucketRegions, bucketPays, bucketGuards, bucketLists, bucketAddressed}

// OwnNamed is Own for a name that has to be of a certain form: form makes it of
// one that nobody else has. What the dialect has names end in is added.
func (s *Scene) OwnNamed(form func(base string) string) string {
	end := accountEnd.FindString(s.Bucket)
	bucket := form(strings.TrimSuffix(s.named(shortHash(s.Case.ID)), end)) + end
	s.enlist(made{bucket: bucket})
	return bucket
}

// accountEnd is the account's number, where names end in it.
var accountEnd = regexp.MustCompile(`-\d+$`)

// ofBucket is a request for the case's own bucket, with bare parameters.
func ofBucket(method string, bare ...string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: method, Bucket: s.Own("b"), Query: bareParams(bare...)}
	}
}

func bareParams(names ...string) (query []wire.Param) {
	for _, n := range names {
		query = append(query, wire.Param{Name: n, Bare: true})
	}
	return query
}

// making is the judged request for the case's own bucket with a document.
func making(document string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: "PUT", Bucket: s.Own("b"), Body: []byte(document)}
	}
}

// bucketThere and bucketMissing are the later looks that there is a bucket, and
// that there is none.
func bucketThere(call func(*Scene) client.Call) After {
	return After{Text: "there is a bucket", Call: call, Want: Want{Check: func(_ *Scene, r *client.Reply) []Flaw {
		if r.Status/100 != 2 {
			return []Flaw{{"success", describe(r)}}
		}
		return nil
	}}}
}

// bucketMissing holds the head of the case's bucket to that of one that nobody
// made; how that is refused is the business of other clauses.
func bucketMissing() After {
	return After{Text: "there is no bucket", Call: ofBucket("HEAD"), Want: Want{Check: func(s *Scene, r *client.Reply) []Flaw {
		never := s.Do(client.Call{Method: "HEAD", Bucket: s.Absent()})
		if never.Status/100 == 2 {
			s.Block("a bucket that nobody made answered %s", describe(never))
		}
		if r.Status != never.Status {
			return []Flaw{{"status " + itoa(never.Status) + ", as for a bucket that nobody made", describe(r)}}
		}
		return nil
	}}}
}

// ownName is a field or element that holds the name of the case's bucket.
func ownName(before string) func(*Scene) any {
	return func(s *Scene) any { return before + s.Own("b") }
}

// namesOwn wants a refusal to name the case's own bucket.
func namesOwn(s *Scene, r *client.Reply) []Flaw { return corsNames(s.Own("b"), r) }

func bucketMade(b *Book) {
	b.Case("make", "makes a bucket under a free name", By{
		"oss": {Clauses: "OSS-PUTBUCKET-01", Want: Accepted(200)},
		"cos": {Clauses: "COS-XBKT-04", Want: Accepted(200).Content("")},
		"bos": {Clauses: "BOS-BUCKET-06 BOS-API-55", Want: Accepted(200).Content("")},
		"s3":  {Clauses: "S3-BKT-09", Want: Accepted(200).Field("Location", ownName("/")).Field("x-amz-bucket-arn", ownName("arn:aws:s3:::"))},
	}, Case{When: making(""), After: []After{bucketThere(ofBucket("HEAD"))}})
	b.Case("make/location", "names the new bucket in Location", By{
		"oss": {Clauses: "OSS-PUTBUCKET-02", Want: Shown().Field("Location", ownName("/"))},
		"bos": {Clauses: "BOS-BUCKET-07", Want: Shown().Field("Location", ownName("/"))},
	}, Case{When: making("")})
	b.Case("make/empty", "answers without a body", By{
		"oss": {Clauses: "OSS-PUTBUCKET-03", Want: Shown().Field("Content-Length", "0"), Rests: "OSS-PUTBUCKET-01"},
	}, Case{When: making("")})
	b.Case("make/no-document", "needs no document", By{
		"oss": {Clauses: "OSS-PUTBUCKET-18", Want: Accepted(200)},
	}, Case{When: making("")})
	b.Case("make/anonymous", "makes nothing for who did not sign", By{
		"oss": {Clauses: "OSS-PUTBUCKET-04", Want: Refused(403, "AccessDenied")},
		"cos": {Clauses: "COS-XBKT-04", Want: Refused(403, "AccessDenied")},
		"s3":  {Clauses: "S3-BKT-10", Want: Refused(403, "AccessDenied")},
	}, Case{As: Nobody, When: making(""), After: []After{bucketMissing()}})
	for _, m := range corsMalformed {
		b.Case("make/malformed-"+m.name, "makes nothing by a body "+m.text, By{
			"oss": {Clauses: "OSS-XERR-09", Want: Refused(400, "MalformedXML")},
			"cos": {Clauses: "COS-XERR-12", Want: Refused(400, "MalformedXML")},
			"bos": {Clauses: "BOS-ERR-19", Want: Refused(400, "MalformedJSON")},
			"s3":  {Clauses: "S3-BKT-20", Want: Refused(400, "MalformedXML")},
		}, Case{
			When:  func(s *Scene) client.Call { return making(s.W.DoomForm(m.xml, m.json))(s) },
			After: []After{bucketMissing()},
		})
	}
}

// bucketWrong are names that are refused, made of one that nobody has.
var bucketWrong = []struct {
	name, text string
	form       func(base string) string
	by         By
}{
	{"short", "of two characters", func(string) string { return "q7" }, By{
		"oss": {Clauses: "OSS-PUTBUCKET-10"}, "bos": {Clauses: "BOS-BUCKET-01"}, "s3": {Clauses: "S3-BKT-01"}}},
	{"long", "of 64 characters", func(base string) string { return (base + strings.Repeat("x", 64))[:64] }, By{
		"oss": {Clauses: "OSS-PUTBUCKET-10"}, "bos": {Clauses: "BOS-BUCKET-01"}, "s3": {Clauses: "S3-BKT-01"}}},
	{"long-51", "of 51 characters", func(base string) string { return (base + strings.Repeat("x", 64))[:51] }, By{
		"cos": {Clauses: "COS-PUT-13"}}},
	{"capital", "with a capital", func(base string) string { return base + "A" }, By{
		"oss": {Clauses: "OSS-PUTBUCKET-10"}, "cos": {Clauses: "COS-PUT-13 COS-XBKT-01"}, "bos": {Clauses: "BOS-BUCKET-01 BOS-ERR-33"}, "s3": {Clauses: "S3-BKT-03"}}},
	{"underscore", "with an underscore", func(base string) string { return base + "_a" }, By{
		"oss": {Clauses: "OSS-PUTBUCKET-10"}, "cos": {Clauses: "COS-PUT-13 COS-XBKT-01 COS-XBKT-03"}, "bos": {Clauses: "BOS-BUCKET-01"}, "s3": {Clauses: "S3-BKT-02"}}},
	{"first-hyphen", "that begins with a hyphen", func(base string) string { return "-" + base }, By{
		"oss": {Clauses: "OSS-PUTBUCKET-10"}, "cos": {Clauses: "COS-XBKT-01"}, "bos": {Clauses: "BOS-BUCKET-01"}, "s3": {Clauses: "S3-BKT-04"}}},
	{"last-hyphen", "that ends with a hyphen", func(base string) string { return base + "-" }, By{
		"oss": {Clauses: "OSS-PUTBUCKET-10"}, "cos": {Clauses: "COS-XBKT-01"}, "bos": {Clauses: "BOS-BUCKET-02"}, "s3": {Clauses: "S3-BKT-04"}}},
	{"dot", "with a dot", func(base string) string { return base + ".a" }, By{"bos": {Clauses: "BOS-BUCKET-01"}}},
	{"first-dot", "that begins with a dot", func(base string) string { return "." + base }, By{"s3": {Clauses: "S3-BKT-04"}}},
	{"two-dots", "with two dots in a row", func(base string) string { return base + "..a" }, By{"s3": {Clauses: "S3-BKT-05"}}},
	{"address", "of the form of an address", func(string) string { return "198.51.100.4" }, By{"s3": {Clauses: "S3-BKT-07"}}},
	{"xn", "that begins with xn--", func(base string) string { return "xn--" + base }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"sthree", "that begins with sthree-", func(base string) string { return "sthree-" + base }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"demo", "that begins with amzn-s3-demo-", func(base string) string { return "amzn-s3-demo-" + base }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"alias", "that ends with -s3alias", func(base string) string { return base + "-s3alias" }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"ol", "that ends with --ol-s3", func(base string) string { return base + "--ol-s3" }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"mrap", "that ends with .mrap", func(base string) string { return base + ".mrap" }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"x", "that ends with --x-s3", func(base string) string { return base + "--x-s3" }, By{"s3": {Clauses: "S3-BKT-08"}}},
	{"table", "that ends with --table-s3", func(base string) string { return base + "--table-s3" }, By{"s3": {Clauses: "S3-BKT-08"}}},
}

func bucketNames(b *Book) {
	for _, n := range bucketWrong {
		row := n.by[b.Dialect]
		row.Want = Refused(400, "InvalidBucketName")
		if row.Clauses == "" {
			continue
		}
		if row.Clauses == "S3-BKT-03" {
			row.Want = row.Want.With(func(s *Scene, r *client.Reply) []Flaw { return corsNames(s.OwnNamed(n.form), r) })
			row.Rests = "S3-ERR-03"
		}
		inPath := n.name == "capital" && b.W.FoldsHosts
		call := func(s *Scene) client.Call {
			if inPath && s.Owner.Endpoint.Style == dialect.HostStyle {
				panic(notRun{"a name in a host has no capitals: it takes path style to send one"})
			}
			return client.Call{Method: "PUT", Bucket: s.OwnNamed(n.form), Body: []byte(s.Location)}
		}
		b.Case("name/"+n.name, "refuses a name "+n.text, By{b.Dialect: row}, Case{Given: []Given{own("b")}, When: call})
	}
	b.Case("name/no-account", "refuses a name that does not end in the account's number", By{
		"cos": {Clauses: "COS-PUT-12", Want: Refused(400, "InvalidBucketName")},
	}, Case{
		Given: []Given{own("b")},
		When: func(s *Scene) client.Call {
			name := strings.ReplaceAll(s.Own("b"), "-", "x")
			s.enlist(made{bucket: name})
			return client.Call{Method: "PUT", Bucket: name}
		},
	})
	for _, x := range []struct {
		name, text string
		method     string
		form       func(string) string
	}{{"other-account", "that ends in another account's number", "HEAD", func(n string) string { return n[:len(n)-1] + "7" }},
		{"without-account", "that ends in no number", "HEAD", func(n string) string { return n[:strings.LastIndexByte(n, '-')] }}} {
		b.Case("name/"+x.name, "knows no bucket of a name "+x.text, By{
			"cos": {Clauses: "COS-XADDR-05", Want: Want{Status: 404}},
		}, Case{Given: []Given{own("b")}, When: func(s *Scene) client.Call { return client.Call{Method: x.method, Bucket: x.form(s.Own("b"))} }})
	}
}

func bucketEdges(b *Book) {
	edge := func(name, text string, needs Need, by By, form func(*Scene, string) string) {
		named := func(s *Scene) string { return s.OwnNamed(func(base string) string { return form(s, base) }) }
		c := Case{
			Needs: needs,
			When: func(s *Scene) client.Call {
				return client.Call{Method: "PUT", Bucket: named(s), Body: []byte(s.Location)}
			},
			After: []After{bucketThere(func(s *Scene) client.Call { return client.Call{Method: "HEAD", Bucket: named(s)} })},
		}
		if needs != 0 {
			c.Given = []Given{standing}
		}
		b.Case("name/"+name, "takes a name "+text, by, c)
	}
	edge("shortest", "of three characters", NeedsPrivate, By{
		"oss": {Clauses: "OSS-PUTBUCKET-11", Want: Accepted(200)}, "bos": {Clauses: "BOS-BUCKET-01", Want: Accepted(200)}},
		func(*Scene, string) string { return "q7z" })
	edge("longest", "of 63 characters", 0, By{
		"oss": {Clauses: "OSS-PUTBUCKET-11", Want: Accepted(200)}, "bos": {Clauses: "BOS-BUCKET-01", Want: Accepted(200)}, "s3": {Clauses: "S3-BKT-01", Want: Accepted(200)}},
		func(_ *Scene, base string) string { return (base + strings.Repeat("x", 63))[:63] })
	edge("first-digit", "that begins with a digit", 0, By{"oss": {Clauses: "OSS-PUTBUCKET-11", Want: Accepted(200)}},
		func(_ *Scene, base string) string { return "7" + base })
	edge("dot-hyphen", "with a hyphen after a dot", 0, By{"s3": {Clauses: "S3-BKT-06", Want: Accepted(200), Rests: "S3-EP-02"}},
		func(_ *Scene, base string) string { return base + ".-a" })
	edge("hyphen-dot", "with a dot after a hyphen", 0, By{"s3": {Clauses: "S3-BKT-06", Want: Accepted(200), Rests: "S3-EP-02"}},
		func(_ *Scene, base string) string { return base + "-.a" })
	// fitted is a base with which the host has n characters.
	fitted := func(n int) func(*Scene, string) string {
		return func(s *Scene, base string) string {
			room := n - len("."+"cos."+s.Owner.Region+".myqcloud.com") - len(s.Bucket[strings.LastIndexByte(s.Bucket, '-'):])
			return (base + strings.Repeat("x", 60))[:room]
		}
	}
	edge("host-longest", "with which the host has 60 characters", 0, By{"cos": {Clauses: "COS-XBKT-02", Want: Accepted(200)}}, fitted(60))
	b.Case("name/host-too-long", "refuses a name with which the host has 61 characters", By{
		"cos": {Clauses: "COS-XBKT-02", Want: Refused(400, "BucketNameTooLong")},
	}, Case{
		Given: []Given{own("b")},
		When: func(s *Scene) client.Call {
			return client.Call{Method: "PUT", Bucket: s.OwnNamed(func(base string) string { return fitted(61)(s, base) })}
		},
	})
}

func bucketAgain(b *Book) {
	b.Case("again", "does not make a bucket of one's own again", By{
		"cos": {Clauses: "COS-XBKT-05", Want: Refused(409, "BucketAlreadyOwnedByYou")},
		"bos": {Clauses: "BOS-ERR-14", Want: Refused(409, "BucketAlreadyExists")},
	}, Case{Given: []Given{own("b")}, When: making("")})
	b.Case("again/plain", "succeeds without a document in the first region", By{
		"s3": {Clauses: "S3-BKT-12", Want: Want{Status: 200, Step: 1}},
	}, Case{Given: []Given{own("b")}, When: making("")})
	b.Case("again/tagged", "refuses to make it again with tags", By{
		"s3": {Clauses: "S3-BKT-12", Want: Refused(409, "BucketAlreadyOwnedByYou")},
	}, Case{Given: []Given{own("b")}, When: making("<CreateBucketConfiguration><Tags><Tag><Key>k</Key><Value>v</Value></Tag></Tags></CreateBucketConfiguration>")})
	b.Case("again/class", "refuses to make it again with another storage class", By{
		"oss": {Clauses: "OSS-XBKT-09", Want: Refused(409, "BucketAlreadyExists")},
	}, Case{Given: []Given{own("b")}, When: making(createIn("<StorageClass>IA</StorageClass>"))})
	b.Case("taken", "does not make a bucket whose name another account has", By{
		"bos": {Clauses: "BOS-ERR-13 BOS-BUCKET-03", Want: Refused(409, "BucketAlreadyExists")},
		"s3":  {Clauses: "S3-BKT-13", Want: Refused(409, "BucketAlreadyExists")},
	}, Case{Needs: NeedsOther, As: Second, Given: []Given{own("b")}, When: making("")})
	limit := func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"Buckets": 2}}) }
	b.Case("limit/most", "makes as many buckets as an account may have", By{
		"oss": {Clauses: "OSS-PUTBUCKET-15", Want: Accepted(200)},
		"cos": {Clauses: "COS-XBKT-10", Want: Accepted(200)},
		"bos": {Clauses: "BOS-BUCKET-04 BOS-ERR-51", Want: Accepted(200)},
		"s3":  {Clauses: "S3-BKT-14", Want: Accepted(200)},
	}, Case{Needs: NeedsPrivate, Given: []Given{limit}, When: making("")})
	b.Case("limit/over", "refuses one bucket more than an account may have", By{
		"oss": {Clauses: "OSS-PUTBUCKET-15", Want: Refused(400, "TooManyBuckets")},
		"cos": {Clauses: "COS-XBKT-10", Want: Refused(400, "TooManyBuckets")},
		"bos": {Clauses: "BOS-BUCKET-04 BOS-ERR-51", Want: Refused(400, "TooManyBuckets")},
		"s3":  {Clauses: "S3-BKT-14", Want: Refused(400, "TooManyBuckets")},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{limit, own("a")},
		When:  making(""),
		After: []After{bucketMissing()},
	})
}

// createIn is the document that makes a bucket with elements.
func createIn(elements string) string {
	return "<CreateBucketConfiguration>" + elements + "</CreateBucketConfiguration>"
}

func bucketChosen(b *Book) {
	for _, class := range []string{"Standard", "IA", "Archive"} {
		b.Case("class/"+lower(class), "makes a bucket whose objects are "+class, By{
			"oss": {Clauses: "OSS-PUTBUCKET-12", Want: Accepted(200), Rests: "OSS-LIST-08"},
		}, Case{
			When: making(createIn("<StorageClass>" + class + "</StorageClass>")),
			After: []After{
				bucketThere(func(s *Scene) client.Call {
					return client.Call{Method: "PUT", Bucket: s.Own("b"), Key: s.In(s.Own("b"), "k"), Body: []byte("x")}
				}),
				{Text: "the object is listed with the class", Call: ofBucket("GET"), Want: Want{Body: gomega.ContainSubstring("<StorageClass>" + class + "</StorageClass>")}},
			},
		})
	}
	b.Case("class/unknown", "makes no bucket of a storage class that there is not", By{
		"oss": {Clauses: "OSS-PUTBUCKET-13", Want: Refused(400, "InvalidArgument")},
	}, Case{When: making(createIn("<StorageClass>Gold</StorageClass>")), After: []After{bucketMissing()}})
	for _, x := range []struct{ name, element, want string }{{"default", "", "LRS"}, {"lrs", "<DataRedundancyType>LRS</DataRedundancyType>", "LRS"},
		{"zrs", "<DataRedundancyType>ZRS</DataRedundancyType>", "ZRS"}} {
		b.Case("redundancy/"+x.name, "makes a bucket that is kept in the way "+x.want, By{
			"oss": {Clauses: "OSS-PUTBUCKET-14", Want: Shown(), Rests: "OSS-INFO-09 OSS-INFO-01"},
		}, Case{When: making(createIn(x.element)), After: []After{{Text: "bucketInfo tells it", Call: ofBucket("GET", "bucketInfo"),
			Want: Want{Body: gomega.ContainSubstring("<DataRedundancyType>" + x.want + "</DataRedundancyType>")}}}})
	}
	b.Case("zones", "makes a bucket in several zones", By{
		"cos": {Clauses: "COS-XBKT-08", Want: Accepted(200)},
	}, Case{When: making(createIn("<BucketAZConfig>MAZ</BucketAZConfig>")), After: []After{{Text: "HEAD tells it", Call: ofBucket("HEAD"),
		Want: Want{}.Field("x-cos-bucket-az-type", "MAZ")}}})
	b.Case("zones-told", "makes a bucket in several zones, which the list tells", By{
		"bos": {Clauses: "BOS-BUCKET-08", Want: Accepted(200), Rests: "BOS-BUCKET-17"},
	}, Case{When: making(`{"enableMultiAz":true}`), After: []After{{Text: "the list tells it", Call: listingBuckets(),
		Want: Want{Check: ofListed(func(e listedBucket) string {
			if !e.MultiZone {
				return "enableMultiAz true"
			}
			return ""
		})}}}})
}
