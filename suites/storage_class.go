package suites

import (
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// storageBooks write the chapter storage-class: what objects are stored as.
var storageBooks = []func(*Book){storedAs}

// classed puts an object of a storage class at key.
func classed(key, class string) Given {
	return func(s *Scene) { s.Must(s.Put(s.Key(key), "content", Field(s.W.Prefix+"storage-class", class))) }
}

func storedAs(b *Book) {
	const field = "x-amz-storage-class"
	for _, method := range []string{"GET", "HEAD"} {
		for _, c := range []struct {
			name, text, class string
			want              any
		}{
			{"standard-ia", "tells with " + method + " the storage class of an object", "STANDARD_IA", "STANDARD_IA"},
			{"standard", "does not tell with " + method + " the usual storage class", "STANDARD", Absent},
		} {
			b.Case("told/"+lower(method)+"-"+c.name, c.text, By{
				"s3": {Clauses: "S3-OBJ-28", Want: Shown().Field(field, c.want)},
			}, Case{Given: []Given{classed("a", c.class)}, When: func(s *Scene) client.Call {
				return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a")}
			}})
		}
	}
	for _, class := range []string{"OUTPOSTS", "UNKNOWN"} {
		b.Case("refused/"+lower(class), "refuses the storage class "+class+", and names it", By{
			"s3": {Clauses: "S3-OBJ-29", Want: Refused(400, "InvalidStorageClass").With(elements("StorageClassRequested", class))},
		}, Case{
			When:  func(s *Scene) client.Call { return s.Put(s.Key("a"), "content", Field(field, class)) },
			After: []After{missing("a")},
		})
	}
	b.Case("refused/upload", "begins no upload of a storage class that there is not, and names it", By{
		"s3": {Clauses: "S3-OBJ-29", Want: Refused(400, "InvalidStorageClass").With(elements("StorageClassRequested", "OUTPOSTS"))},
	}, Case{When: func(s *Scene) client.Call {
		return client.Call{Method: "POST", Bucket: s.Bucket, Key: s.Key("a"), Query: configQuery("uploads"), Fields: []wire.Field{Field(field, "OUTPOSTS")}}
	}})
}

// restoreBooks write the chapter restore: archived objects, and how they come
// back.
var restoreBooks = []func(*Book){archivedReads, restoring}

// restores asks to restore the object a for a day.
func restores(s *Scene) client.Call {
	return client.Call{Method: "POST", Bucket: s.Bucket, Key: s.Key("a"), Query: configQuery("restore"), Body: []byte(xmlOf("RestoreRequest", xmlOf("Days", "1")))}
}

func archivedReads(b *Book) {
	for _, class := range []string{"GLACIER", "DEEP_ARCHIVE"} {
		b.Case("read/"+lower(class), "refuses to read an object of the class "+class+", and names the class", By{
			"s3": {Clauses: "S3-OBJ-30", Want: Refused(403, "InvalidObjectState").With(elements("StorageClass", class))},
		}, Case{Given: []Given{classed("a", class)}, When: func(s *Scene) client.Call { return s.Get(s.Key("a")) }})
		b.Case("head/"+lower(class), "tells of an object of the class "+class, By{
			"s3": {Clauses: "S3-OBJ-30", Want: Accepted(200)},
		}, Case{Given: []Given{classed("a", class)}, When: func(s *Scene) client.Call { return s.Head(s.Key("a")) }})
	}
}

func restoring(b *Book) {
	asked := func(s *Scene) { s.Must(restores(s)) }
	for _, class := range []string{"GLACIER", "DEEP_ARCHIVE"} {
		b.Case("begin/"+lower(class), "begins to restore an object of the class "+class, By{
			"s3": {Clauses: "S3-OBJ-31", Want: Accepted(202)},
		}, Case{Given: []Given{classed("a", class)}, When: restores, After: []After{{Text: "it is being restored", Call: restores, Want: Refused(409, "RestoreAlreadyInProgress")}}})
		b.Case("twice/"+lower(class), "refuses to restore an object of the class "+class+" that is being restored", By{
			"s3": {Clauses: "S3-OBJ-31", Want: Refused(409, "RestoreAlreadyInProgress")},
		}, Case{Given: []Given{classed("a", class), asked}, When: restores})
	}
	b.Case("ended", "reads an archived object when it is restored", By{
		"s3": {Clauses: "S3-OBJ-31", Want: Accepted(200).Content("content")},
	}, Case{Needs: NeedsPrivate, Given: []Given{standing, classed("a", "GLACIER"), asked, func(s *Scene) { s.Pass(5*time.Hour + time.Minute) }},
		When: func(s *Scene) client.Call { return s.Get(s.Key("a")) }})
	b.Case("standard", "refuses to restore an object that is not archived", By{
		"s3": {Clauses: "S3-OBJ-32", Want: Refused(403, "InvalidObjectState")},
	}, Case{Given: []Given{put("a", "content")}, When: restores})
}
