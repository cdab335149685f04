package suites

// A side is one condition of a pair with a value by which it holds and one by
// which it does not, and the clauses of each.
type side struct {
	name         string
	holds, fails func(*Scene) string
}

var sides = []side{
	{"If-Match", ownTag, otherTag},
	{"If-None-Match", otherTag, ownTag},
	{"If-Modified-Since", changed(-3600), changed(0)},
	{"If-Unmodified-Since", changed(3600), changed(-3600)},
}

// pairClauses are the clauses of each pair of conditions: both hold, only the
// first, only the second, none.
var pairClauses = []struct {
	first, second     int
	status            [4]int
	oss, cos, bos, s3 [4]string
}{
	{0, 1, [4]int{200, 304, 412, 412},
		[4]string{"OSS-XGET-27 OSS-XGET-28", "OSS-XGET-28", "OSS-XGET-27", "OSS-XGET-30"},
		[4]string{"COS-XGET-08 COS-XGET-09", "COS-XGET-09", "COS-XGET-08", "COS-XGET-08 COS-XGET-14"},
		[4]string{"BOS-GET-09 BOS-GET-10", "BOS-GET-10", "BOS-GET-09", "BOS-GET-30"},
		[4]string{"S3-COND-23", "S3-COND-13", "S3-COND-01", "S3-COND-12"}},
	{0, 2, [4]int{200, 304, 412, 412},
		[4]string{"OSS-XGET-27 OSS-XGET-22", "OSS-XGET-23", "OSS-XGET-27", "OSS-XGET-31"},
		[4]string{"COS-XGET-08 COS-XGET-10", "COS-XGET-10", "COS-XGET-08", "COS-XGET-08 COS-XGET-14"},
		[4]string{"BOS-GET-09 BOS-GET-11", "BOS-GET-11", "BOS-GET-09", "BOS-GET-30"},
		[4]string{"S3-COND-23", "S3-COND-04", "S3-COND-01", "S3-COND-22"}},
	{0, 3, [4]int{200, 200, 412, 412},
		[4]string{"OSS-XGET-27 OSS-XGET-25", "OSS-XGET-54", "OSS-XGET-27", "OSS-XGET-27"},
		[4]string{"COS-XGET-08 COS-XGET-11", "COS-XGET-14", "COS-XGET-08", "COS-XGET-08"},
		[4]string{"BOS-GET-09 BOS-GET-12", "BOS-GET-14", "BOS-GET-09", "BOS-GET-09"},
		[4]string{"S3-COND-23", "S3-COND-09", "S3-COND-01", "S3-COND-01"}},
	{1, 2, [4]int{200, 200, 304, 304},
		[4]string{"OSS-XGET-28 OSS-XGET-22", "OSS-XGET-55", "OSS-XGET-28 OSS-XGET-55", "OSS-XGET-28"},
		[4]string{"COS-XGET-09 COS-XGET-10", "COS-XGET-14", "COS-XGET-09", "COS-XGET-09"},
		[4]string{"BOS-GET-10 BOS-GET-11", "BOS-GET-13", "BOS-GET-10", "BOS-GET-10"},
		[4]string{"S3-COND-23", "S3-COND-11", "S3-COND-10", "S3-COND-02"}},
	{1, 3, [4]int{200, 412, 304, 412},
		[4]string{"OSS-XGET-28 OSS-XGET-25", "OSS-XGET-26", "OSS-XGET-28", "OSS-XGET-31"},
		[4]string{"COS-XGET-09 COS-XGET-11", "COS-XGET-11", "COS-XGET-09", "COS-XGET-11 COS-XGET-14"},
		[4]string{"BOS-GET-10 BOS-GET-12", "BOS-GET-12", "BOS-GET-10", "BOS-GET-30"},
		[4]string{"S3-COND-23", "S3-COND-06", "S3-COND-02", "S3-COND-22"}},
	{2, 3, [4]int{200, 412, 304, 412},
		[4]string{"OSS-XGET-29", "OSS-XGET-26 OSS-XGET-29", "OSS-XGET-23 OSS-XGET-29", "OSS-XGET-31"},
		[4]string{"COS-XGET-10 COS-XGET-11", "COS-XGET-11", "COS-XGET-10", "COS-XGET-11 COS-XGET-14"},
		[4]string{"BOS-GET-11 BOS-GET-12", "BOS-GET-12", "BOS-GET-11", "BOS-GET-30"},
		[4]string{"S3-COND-23", "S3-COND-06", "S3-COND-04", "S3-COND-22"}},
}

// conditionalPairs sends every pair of conditions, each holding or not.
func conditionalPairs(b *Book) {
	for _, p := range pairClauses {
		for i := range 4 {
			one, first := sides[p.first].as(i < 2)
			two, second := sides[p.second].as(i%2 == 0)
			decides := "If-Unmodified-Since"
			if one.name == "If-Match" {
				decides = one.name
			}
			cell{
				name:   lower(one.name) + "-" + first + "/" + lower(two.name) + "-" + second,
				text:   answerText[p.status[i]] + " where " + one.name + " " + first + " and " + two.name + " " + second,
				send:   []stipulation{one, two},
				status: p.status[i], decides: decides,
				oss: p.oss[i], cos: p.cos[i], bos: p.bos[i], s3: p.s3[i],
			}.read(b)
		}
	}
}

// as is a condition that holds, or does not, and the word for that.
func (s side) as(holds bool) (stipulation, string) {
	if holds {
		return stipulation{s.name, s.holds}, "holds"
	}
	return stipulation{s.name, s.fails}, "fails"
}
