package emulator

import (
	"context"
	"testing"

	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// aclCall is a call on a bucket of a fresh emulator of a dialect.
func aclCall(t testing.TB, name string) *call {
	t.Helper()
	d, err := all.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(d, Options{Accounts: []Account{{ID: "one", AccessKey: "a", SecretKey: "s"}}})
	if err != nil {
		t.Fatal(err)
	}
	c := e.newCall(context.Background(), &wire.Inbound{Request: &wire.Request{Method: "PUT", Target: "/b?acl"}})
	c.bucket = &store.Bucket{Name: "b", Owner: "one"}
	return c
}

// FuzzACLDocuments reads lists out of any bytes: a list that is taken can be
// kept, read back and asked.
func FuzzACLDocuments(f *testing.F) {
	f.Add("s3", `<AccessControlPolicy><Owner><ID>one</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>one</ID></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`)
	f.Add("cos", `<AccessControlPolicy><AccessControlList></AccessControlList></AccessControlPolicy>`)
	f.Add("bos", `{"accessControlList":[{"grantee":[{"id":"*"}],"permission":["READ"],"condition":[{"ipAddress":["0.0.0.0/0"]}],"resource":["b/p/*"]}]}`)
	f.Fuzz(func(t *testing.T, name, body string) {
		if name != "s3" && name != "cos" && name != "bos" {
			return
		}
		c := aclCall(t, name)
		for _, s := range []aclScope{c.bucketScope("one"), c.objectScope("one")} {
			list, err := c.e.t.access.bodies.read(c, []byte(body), s)
			if err != nil {
				continue
			}
			if back := parseACL(list.text()); len(back.Grants) != len(list.Grants) {
				t.Errorf("%d entries were kept of %d of %q", len(back.Grants), len(list.Grants), body)
			}
			c.grants(c.bucket, list, []string{"READ"}, "k")
			if err := c.sendACL("one", list, s.object); err != nil {
				t.Errorf("the list of %q is not told: %v", body, err)
			}
		}
	})
}

// FuzzGrantFields reads grants out of any header value.
func FuzzGrantFields(f *testing.F) {
	f.Add("s3", `uri="http://acs.amazonaws.com/groups/global/AllUsers", id="one"`)
	f.Add("cos", `id="100000000001/100000000011"`)
	f.Add("bos", `id="one",two`)
	f.Fuzz(func(t *testing.T, name, value string) {
		if name != "s3" && name != "cos" && name != "bos" {
			return
		}
		c := aclCall(t, name)
		c.in.Fields.Set(c.e.t.access.grants+"read", value)
		list, given, err := c.headerACL(c.objectScope("one"))
		if err == nil && given && len(list.Grants) == 0 {
			t.Errorf("%q grants nothing and is taken", value)
		}
	})
}

// TestWild reads patterns with stars.
func TestWild(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*b", "ab", true}, {"a*b", "ab", true}, {"a*b", "acb", true},
		{"a*b", "acc", false}, {"ab*ba", "aba", false}, {"*", "", true}, {"", "", true}, {"", "a", false}, {"a*c*e", "abcde", true}, {"a*c*e", "abde", false},
	} {
		if got := wild(c.pattern, c.text); got != c.want {
			t.Errorf("wild(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}
