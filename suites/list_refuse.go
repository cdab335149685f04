package suites

import (
	"strings"

	"objectharness/internal/client"
)

// listLengths are about parameters at the limit of their length and over it.
func listLengths(b *Book) {
	for _, p := range []struct{ name, clauses string }{
		{"prefix", "OSS-LIST-36 OSS-XLV2-10"}, {"marker", "OSS-LIST-37 -"}, {"delimiter", "OSS-LIST-38 OSS-XLV2-10"}, {"start-after", "- OSS-XLV2-10"},
	} {
		first, second, _ := strings.Cut(p.clauses, " ")
		for _, n := range []struct {
			name, text string
			length     int
			want       Want
		}{
			{"longest", "accepts a parameter of the greatest length", 1023, Accepted(200)},
			{"too-long", "refuses a parameter that is one byte longer", 1024, Refused(400, "InvalidArgument")},
			{"far-too-long", "refuses a parameter that is much longer", 3000, Refused(400, "InvalidArgument")},
		} {
			value := strings.Repeat("a", n.length)
			l := lister{keys: []string{"a"}, Case: Case{Given: []Given{listControl("")}}}
			if first != "-" {
				l.query = p.name + "=" + value
				b.list("length/"+p.name+"/"+n.name, n.text, By{"oss": {Clauses: first, Want: n.want}}, l)
			}
			if second != "-" {
				l.query = "list-type=2&" + p.name + "=" + value
				b.list("v2/length/"+p.name+"/"+n.name, n.text, By{"oss": {Clauses: second, Want: n.want}}, l)
			}
		}
	}
}

// listIn is a listing of another bucket.
func listIn(bucket func(*Scene) string, query string) Case {
	return Case{When: func(s *Scene) client.Call {
		call := s.listing(query)
		call.Bucket = bucket(s)
		return call
	}}
}

func listRefusals(b *Book) {
	absent := Refused(404, "NoSuchBucket")
	b.list("bucket-missing", "answers that the bucket is missing", By{
		"oss": {Clauses: "OSS-LIST-33", Want: absent},
		"cos": {Clauses: "COS-XLIST-17", Want: absent},
		"bos": {Clauses: "BOS-LIST-17", Want: absent},
		"s3":  {Clauses: "S3-LIST-31", Want: absent},
	}, lister{Case: listIn((*Scene).Absent, "")})
	b.list("v2/bucket-missing", "answers that the bucket is missing", By{
		"oss": {Clauses: "OSS-XLV2-12", Want: absent},
		"s3":  {Clauses: "S3-LIST-31", Want: absent},
	}, lister{Case: listIn((*Scene).Absent, "list-type=2")})
	b.list("bucket-name", "answers that a bucket is missing whose name none can have", By{
		"oss": {Clauses: "OSS-LIST-34", Want: absent},
	}, lister{Case: listIn(func(s *Scene) string { return "a_" + strings.ReplaceAll(s.Absent(), "-", "_") }, "")})
}

func listAccess(b *Book) {
	denied := Refused(403, "AccessDenied")
	b.list("access/nobody", "is refused to who does not sign", By{
		"oss":    {Clauses: "OSS-LIST-35", Want: denied},
		"oss/v2": {Clauses: "OSS-XLV2-12", Want: denied},
		"cos":    {Clauses: "COS-XLIST-16", Want: denied},
		"s3":     {Clauses: "S3-LIST-33", Want: denied},
		"s3/v2":  {Clauses: "S3-LIST-33", Want: denied},
	}, lister{keys: []string{"a"}, Case: Case{As: Nobody, Given: []Given{listControl("")}}})
	b.list("access/other", "is refused to an account that has no right to it", By{
		"oss": {Clauses: "OSS-LIST-35", Want: denied},
		"bos": {Clauses: "BOS-LIST-15", Want: denied},
	}, lister{keys: []string{"a"}, Case: Case{As: Second, Needs: NeedsOther, Given: []Given{listControl("")}}})
}
