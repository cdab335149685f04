package all_test

import (
	"regexp"
	"strings"
	"testing"

	"objectharness/internal/dialect/all"
)

func TestValidBucket(t *testing.T) {
	long := strings.Repeat("a", 63)
	const bad = "InvalidBucketName"
	for _, c := range []struct {
		dialect, name, code string
	}{
		{"oss", "abc", ""}, {"oss", long, ""}, {"oss", "1a-", bad}, {"oss", "-ab", bad}, {"oss", "ab", bad}, {"oss", long + "a", bad},
		{"oss", "Abc", bad}, {"oss", "a_b", bad}, {"oss", "a.b", bad}, {"oss", "", bad}, {"oss", "ab\xff", bad},
		{"cos", "a-1250000000", ""}, {"cos", strings.Repeat("a", 19) + "-1250000000", ""}, {"cos", strings.Repeat("a", 20) + "-1250000000", "BucketNameTooLong"},
		{"cos", "a", bad}, {"cos", "a-", bad}, {"cos", "-1", bad}, {"cos", "a--1", bad}, {"cos", "a-b", bad}, {"cos", "qwe_123-1", bad}, {"cos", strings.Repeat("a", 51) + "-1", bad},
		{"bos", "1bc", ""}, {"bos", long, ""}, {"bos", "ab", bad}, {"bos", "aaa-", bad}, {"bos", "a.b", bad},
		{"s3", "foo.bar", ""}, {"s3", "foo.-bar", ""}, {"s3", "foo..bar", bad}, {"s3", ".foo", bad}, {"s3", "foo.", bad}, {"s3", "192.168.5.4", bad},
		{"s3", "xn--foo", bad}, {"s3", "foo--ol-s3", bad}, {"s3", "foo_bar", bad}, {"s3", long, ""}, {"s3", long + "a", bad},
	} {
		if code, ok := byName(t, c.dialect).ValidBucket(c.name); code != c.code || ok != (c.code == "") {
			t.Errorf("%s: ValidBucket(%q) = %q, %v, want %q", c.dialect, c.name, code, ok, c.code)
		}
	}
}

// The bound on the whole host name depends on the region: COS-XBKT-02 counts
// 21 characters for ap-beijing.
func TestHostNameBound(t *testing.T) {
	d := byName(t, "cos")
	d.Region = "ap-beijing"
	for n, want := range map[int]bool{21: true, 22: false} {
		if _, ok := d.ValidBucket(strings.Repeat("a", n) + "-1250000000"); ok != want {
			t.Errorf("a name of %d characters: %v, want %v", n, ok, want)
		}
	}
}

func TestValidKey(t *testing.T) {
	key := func(n int) string { return strings.Repeat("a", n) }
	for _, c := range []struct {
		dialect, key, code string
	}{
		{"oss", key(1023), ""}, {"oss", key(1024), "InvalidObjectName"}, {"oss", "/k", "InvalidObjectName"}, {"oss", `\k`, "InvalidObjectName"},
		{"oss", "\xff\xfe", "InvalidObjectName"}, {"oss", "\x01\a", ""}, {"oss", "a//b", ""}, {"oss", "", "InvalidObjectName"},
		{"cos", key(850), ""}, {"cos", key(851), "KeyTooLong"}, {"cos", "a\x19", "InvalidObjectName"}, {"cos", "/k", "InvalidObjectName"}, {"cos", "a\x17", ""},
		{"bos", key(1024), ""}, {"bos", key(1025), "InvalidObjectName"}, {"bos", "/k", ""},
		{"s3", key(1024), ""}, {"s3", strings.Repeat("語", 342), "KeyTooLongError"}, {"s3", "/foo", ""}, {"s3", "\xff", "InvalidURI"},
	} {
		if code, ok := byName(t, c.dialect).ValidKey(c.key); code != c.code || ok != (c.code == "") {
			t.Errorf("%s: ValidKey(%.20q, %d bytes) = %q, %v, want %q", c.dialect, c.key, len(c.key), code, ok, c.code)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	seed := [16]byte{0xab, 1, 2, 3, 4, 5, 0xff, 7, 0xff, 9, 10, 11, 12, 13, 14, 15}
	for name, form := range map[string]string{
		"oss": `^[0-9A-F]{24}$`,
		"cos": `^[A-Za-z0-9+/]{22}==$`,
		"bos": `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		"s3":  `^[0-9A-F]{16}$`,
	} {
		d := byName(t, name)
		if id := d.NewRequestID(seed); !regexp.MustCompile(form).MatchString(id) || id == d.NewRequestID([16]byte{}) {
			t.Errorf("%s: request id %q, want one of the form %s that depends on the seed", name, id, form)
		}
	}
}

func TestRegion(t *testing.T) {
	for _, c := range []struct{ dialect, host, region string }{
		{"oss", "oss-cn-x.aliyuncs.com", "cn-x"}, {"oss", "b.oss-cn-x.aliyuncs.com:80", "cn-x"}, {"oss", "aliyuncs.com", ""}, {"oss", "127.0.0.1", ""},
		{"cos", "b-1.cos.ap-x.myqcloud.com", "ap-x"}, {"bos", "b.bj.bcebos.com", "bj"}, {"bos", "bj.bcebos.com", "bj"},
		{"s3", "s3.amazonaws.com", ""}, {"s3", "a.b.s3.eu-x.amazonaws.com", "eu-x"}, {"oss", "b.xoss-cn-x.aliyuncs.com", ""},
	} {
		if got := byName(t, c.dialect).RegionOf(c.host); got != c.region {
			t.Errorf("%s: the region of %q is %q, want %q", c.dialect, c.host, got, c.region)
		}
	}
}

// A request id of an unknown form is still one.
func TestRequestIDWithoutForm(t *testing.T) {
	d := all.All()[0]
	d.Replies = nil
	if id := d.NewRequestID([16]byte{}); id != strings.Repeat("0", 32) {
		t.Errorf("request id is %q", id)
	}
}
