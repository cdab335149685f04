package suites

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"objectharness/internal/client"
	"objectharness/internal/exchange"
	"objectharness/internal/wire"
)

// aclBooks write the chapter acl: who may do what, and how that is said.
var aclBooks = []func(*Book){aclMatrix, aclGrants, aclWords, aclTold, aclRefused, aclBuckets, aclObjects, aclUnsigned, aclS3, aclCOS, aclBOS, aclConditions}

// Steps and looks that the cases of access share.

// shelves are the buckets that the cases of a process share for the access
// control list that they have: a bucket for each case would be slow on a cloud.
type shelves struct {
	mu   sync.Mutex
	made map[string]bool             // by bucket that is there: it is set up
	how  map[string]exchange.Passage // by bucket: the requests that set it up
}

// Shelf is a bucket with a canned list.
func (s *Scene) Shelf(word string) string {
	return s.shelf(word, func(bucket string) { s.setBucketACL(bucket, word) })
}

// shelf is a bucket that goes by a name and is set up when the first case asks
// for it. It goes when the target is closed.
func (s *Scene) shelf(name string, set func(bucket string)) string {
	s.shelves.mu.Lock()
	defer s.shelves.mu.Unlock()
	bucket := s.named(shortHash("shelf " + name))
	ready, there := s.shelves.made[bucket]
	rec := exchange.FromContext(s.Ctx)
	if ready {
		rec.Precede(s.shelves.how[bucket])
		return bucket
	}
	mark := rec.Mark()
	if s.Made != nil {
		s.Made("bucket", bucket, "", "")
	}
	if s.shelves.made == nil {
		s.shelves.made, s.shelves.how = map[string]bool{}, map[string]exchange.Passage{}
	}
	if !there {
		s.enableACL(bucket)
		s.shelves.made[bucket] = false // what set does may fail, and is tried again then
	}
	set(bucket)
	s.shelves.made[bucket], s.shelves.how[bucket] = true, rec.Since(mark)
	return bucket
}

// enableACL makes a bucket whose access goes by lists, also where a new bucket's
// does not, and which the public is not kept out of. An attempt before this one
// may have made it and got no further.
func (s *Scene) enableACL(bucket string) {
	call := s.CreateBucket(bucket)
	call.Fields = append(call.Fields, s.W.WithACL...)
	if r := s.Do(call); r.Status/100 != 2 && r.Status != 409 {
		s.Block("a bucket with lists cannot be made: %s", describe(r))
	}
	if s.W.PublicBlock && s.knowsBlock(bucket) {
		s.Do(client.Call{Method: "DELETE", Bucket: bucket, Query: aclQuery("publicAccessBlock")})
	}
}

// knowsBlock tells whether a target may know of public access blocks. One that
// does not, and answers with a listing of the bucket instead, takes the removal of
// the block for that of the bucket: Swift does.
func (s *Scene) knowsBlock(bucket string) bool {
	r := s.Do(client.Call{Method: "GET", Bucket: bucket, Query: aclQuery("publicAccessBlock")})
	return r.Status/100 != 2 || strings.Contains(string(r.Body), "PublicAccessBlockConfiguration")
}

// setBucketACL gives a bucket a canned list and makes sure of it.
func (s *Scene) setBucketACL(bucket, word string) {
	s.Must(s.BucketACL("PUT", bucket, Field(s.W.BucketACL, word)))
	s.assureACL(word, s.Must(s.BucketACL("GET", bucket)))
}

// assureACL blocks the case unless a list looks like the canned one.
func (s *Scene) assureACL(word string, r *client.Reply) {
	text := string(r.Body)
	has := func(marks ...string) bool {
		for _, m := range marks {
			if strings.Contains(text, m) {
				return true
			}
		}
		return false
	}
	for _, sign := range []struct{ has, want bool }{
		{has("AllUsers", `"*"`, ">public-"), strings.HasPrefix(word, "public-")},
		{has(">WRITE<", `"WRITE"`, "read-write<"), strings.HasSuffix(word, "-write")},
		{has("AuthenticatedUsers"), word == "authenticated-read"},
		{has(">default<") || !has("<Grant>", "grantee"), word == "default"},
	} {
		if sign.has != sign.want {
			s.Block("the list set by %s is told as %s", word, excerpt(text))
		}
	}
}

// own bucket with lists: aclOwn makes one that s.Own(name) names.
func aclOwn(name, word string) Given {
	return func(s *Scene) {
		s.enableACL(s.Own(name))
		if word != "" {
			s.setBucketACL(s.Own(name), word)
		}
	}
}

// BucketACL reads or sets the list of a bucket.
func (s *Scene) BucketACL(method, bucket string, fields ...wire.Field) client.Call {
	return client.Call{Method: method, Bucket: bucket, Query: aclQuery("acl"), Fields: fields}
}

// ObjectACL reads, sets or removes the list of an object.
func (s *Scene) ObjectACL(method, bucket, key string, fields ...wire.Field) client.Call {
	return client.Call{Method: method, Bucket: bucket, Key: key, Query: aclQuery("acl"), Fields: fields}
}

// aclQuery is a query of one parameter without a value.
func aclQuery(name string) []wire.Param { return []wire.Param{{Name: name, Bare: true}} }

// aclIn is a call turned to another bucket.
func aclIn(bucket string, call client.Call) client.Call { call.Bucket = bucket; return call }

var ownerForm = regexp.MustCompile(`(?s)<Owner>\s*<ID>([^<]+)</ID>|"owner"\s*:\s*\{[^}]*"id"\s*:\s*"([^"]+)"`)

// OwnID is the canonical id of the account of a role. A target that has not told
// it is asked for the buckets of the account, once in a case: some look at each of
// them before they answer.
func (s *Scene) OwnID(as Role) string {
	id := s.OwnerID
	if as == Second {
		id = s.OtherID
	}
	name := fmt.Sprint("account of ", as)
	if id == "" {
		id = s.keep[name]
	}
	if id != "" {
		return id
	}
	r := s.DoBy(as, client.Call{Method: "GET"})
	m := ownerForm.FindStringSubmatch(string(r.Body))
	if m == nil {
		s.Block("a listing of the account's buckets answered %s without the account's id", describe(r))
	}
	s.Keep(name, m[1]+m[2])
	return s.Kept(name)
}
