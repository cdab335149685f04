package suites

import (
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// The access matrix: who asks × the list of the bucket × the list of the object
// × what is asked, each cell a case. A table per dialect holds the answers, in
// lines; the first that fits a cell counts, and a cell that no line fits is not
// documented.

// A cellLine answers cells. Its parts name alternatives with |; * stands for any.
type cellLine struct {
	who, bucket, object, asks string
	granted                   bool
	clauses                   string
}

// A cellTable is what one dialect documents.
type cellTable struct {
	buckets, objects, asks []string // canned lists, and what can be asked
	free                   string   // the list of an object that was given none
	lines                  []cellLine
}

var cellTables = map[string]cellTable{"oss": ossCells, "cos": cosCells, "bos": bosCells, "s3": s3Cells}

// cellRoles are who asks, as the ids of the cases name them.
var cellRoles = []struct {
	name, text string
	as         Role
}{{"owner", "the owner", Owner}, {"second", "another account", Second}, {"anonymous", "anybody", Nobody}}

// A cellAsk is one thing to ask of a bucket or of an object in it.
type cellAsk struct {
	text   string
	status int  // of success: a class where that is the business of another chapter
	object bool // the object's list may count
	given  string
	bare   bool // it is about the bucket alone
	call   func(s *Scene, bucket, key, word string) client.Call
}

var cellAsks = map[string]cellAsk{
	"get":  {"read an object", 2, true, "put", false, func(s *Scene, b, k, _ string) client.Call { return aclIn(b, s.Get(k)) }},
	"head": {"ask for the head of an object", 2, true, "put", false, func(s *Scene, b, k, _ string) client.Call { return aclIn(b, s.Head(k)) }},
	"put":  {"put a new object", 2, false, "", false, func(s *Scene, b, k, _ string) client.Call { return aclIn(b, s.Put(k, "other")) }},
	"overwrite": {"put over an object", 2, true, "put", false, func(s *Scene, b, k, _ string) client.Call {
		return aclIn(b, s.Put(k, "other"))
	}},
	"delete": {"delete an object", 2, true, "put", false, func(s *Scene, b, k, _ string) client.Call { return aclIn(b, s.Delete(k)) }},
	"append": {"append to an object", 2, true, "append", false, func(s *Scene, b, k, _ string) client.Call {
		return aclIn(b, s.Append(k, "7", "more"))
	}},
	"multipart": {"begin an upload in parts", 2, false, "", false, func(s *Scene, b, k, _ string) client.Call {
		return client.Call{Method: "POST", Bucket: b, Key: k, Query: aclQuery("uploads")}
	}},
	"list": {"list a bucket", 2, false, "", true, func(s *Scene, b, _, _ string) client.Call {
		return client.Call{Method: "GET", Bucket: b, Query: []wire.Param{{Name: "prefix", Value: s.Subject.Run}}}
	}},
	"read-acl": {"read the list of an object", 200, true, "put", false, func(s *Scene, b, k, _ string) client.Call { return s.ObjectACL("GET", b, k) }},
	"write-acl": {"set the list of an object", 200, true, "put", false, func(s *Scene, b, k, _ string) client.Call {
		return s.ObjectACL("PUT", b, k, Field(s.W.ObjectACL, "private"))
	}},
	"head-bucket": {"ask for the head of a bucket", 2, false, "", true, func(s *Scene, b, _, _ string) client.Call {
		return client.Call{Method: "HEAD", Bucket: b}
	}},
	"get-other": {"read another object", 2, true, "put", false, func(s *Scene, b, _, _ string) client.Call {
		return aclIn(b, s.Get(s.Key("other")))
	}},
	"read-bucket-acl": {"read the list of a bucket", 200, false, "", true, func(s *Scene, b, _, _ string) client.Call { return s.BucketACL("GET", b) }},
	"write-bucket-acl": {"set the list of a bucket", 200, false, "", true, func(s *Scene, b, _, word string) client.Call {
		return s.BucketACL("PUT", b, Field(s.W.BucketACL, word))
	}},
}

// cellRests are the clauses that asking rests on, by dialect: the second of two
// appends comes where the first ends.
var cellRests = map[string]string{"oss append": "OSS-APPEND-04", "cos append": "COS-XAPP-02", "bos append": "BOS-APPEND-03"}

// key is the key that is asked for, entered in the ledger where asking may make
// an object.
func (a cellAsk) key(s *Scene, bucket string) string {
	if a.bare {
		return ""
	}
	return s.In(bucket, s.Key("k"))
}

// contentKept holds what the owner reads to what he has put; whether he may read
// is the business of other cells.
func contentKept(_ *Scene, r *client.Reply) []Flaw {
	if r.Status == 404 || r.Status == 200 && string(r.Body) != "content" {
		return []Flaw{{"the content that was put", describe(r) + " " + excerpt(string(r.Body))}}
	}
	return nil
}

// aclMatrix writes the cells of the dialect.
func aclMatrix(b *Book) {
	t := cellTables[b.Dialect]
	for _, role := range cellRoles {
		for _, bucket := range t.buckets {
			for _, name := range t.asks {
				ask := cellAsks[name]
				objects := t.objects
				if !ask.object {
					objects = []string{"any"}
				}
				for _, object := range objects {
					if line, ok := t.answer(role.name, bucket, object, name); ok {
						b.cell(t, line, role.as, role.name, role.text, bucket, object, name)
					}
				}
			}
		}
	}
}

// answer is the line that fits a cell.
func (t *cellTable) answer(who, bucket, object, ask string) (cellLine, bool) {
	fits := func(part, word string) bool { return part == "*" || slices.Contains(strings.Split(part, "|"), word) }
	for _, l := range t.lines {
		if fits(l.who, who) && fits(l.bucket, bucket) && fits(l.object, object) && fits(l.asks, ask) {
			return l, l.clauses != ""
		}
	}
	return cellLine{}, false
}

// cell writes one case.
func (b *Book) cell(t cellTable, line cellLine, as Role, who, whose, bucket, object, name string) {
	ask := cellAsks[name]
	text, want := "lets "+whose+" "+ask.text, Accepted(ask.status)
	if !line.granted {
		text, want = "refuses to let "+whose+" "+ask.text, Refused(403, "AccessDenied")
	}
	text += " where the bucket is " + bucket
	if object != "any" {
		text += " and the object is " + object
	}
	if name == "multipart" {
		want = want.With(func(s *Scene, r *client.Reply) []Flaw {
			s.Upload(s.Shelf(bucket), s.Key("k"), mpMember(r, "UploadId"))
			return nil
		})
	}
	c := Case{As: as, When: func(s *Scene) client.Call {
		shelf := s.Shelf(bucket)
		return ask.call(s, shelf, ask.key(s, shelf), bucket)
	}}
	if as == Second {
		c.Needs = NeedsOther
	}
	c.Given = []Given{func(s *Scene) { s.Shelf(bucket) }}
	if ask.given != "" {
		word := object
		if word == t.free {
			word = ""
		}
		c.Given = append(c.Given, func(s *Scene) { s.shelved(bucket, "k", ask.given, word) })
		if !line.granted && (name == "overwrite" || name == "delete" || name == "append") {
			c.After = []After{{Text: "the object is as it was", Want: Want{Check: contentKept},
				Call: func(s *Scene) client.Call { return aclIn(s.Shelf(bucket), s.Get(s.Key("k"))) }}}
		}
	}
	b.Case("matrix/"+who+"/"+bucket+"/"+object+"/"+name, text, By{b.Dialect: {Clauses: line.clauses, Want: want, Rests: cellRests[b.Dialect+" "+name]}}, c)
}

// shelved stores an object on a shelf, with a canned list unless word is "".
func (s *Scene) shelved(shelf, name, how, word string) {
	bucket := s.Shelf(shelf)
	key := s.In(bucket, s.Key(name))
	call := aclIn(bucket, s.Put(key, "content"))
	if how == "append" {
		call = aclIn(bucket, s.appendAt(name, true, 0, "content"))
	}
	if word != "" {
		call.Fields = append(call.Fields, Field(s.W.ObjectACL, word))
	}
	s.Must(call)
	if word != "" {
		s.assureACL(word, s.Must(s.ObjectACL("GET", bucket, key)))
	}
}
