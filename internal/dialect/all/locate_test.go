package all_test

import (
	"testing"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
)

func byName(t testing.TB, name string) *dialect.Dialect {
	t.Helper()
	d, err := all.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLocate(t *testing.T) {
	const h, p = dialect.HostStyle, dialect.PathStyle
	for _, c := range []struct {
		dialect, host, target, zone string
		want                        dialect.Location
	}{
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "/k", "", dialect.Location{Bucket: "b", Key: "k", Style: h, HasKey: true}},
		{"oss", "B.OSS-cn-beijing-internal.aliyuncs.com:80", "/", "127.0.0.1", dialect.Location{Bucket: "b", Style: h}},
		{"oss", "oss-cn-hangzhou.aliyuncs.com", "/", "", dialect.Location{}},
		{"oss", "oss-cn-hangzhou.aliyuncs.com", "/b/k", "", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"oss", "oss-x.oss-accelerate.aliyuncs.com.", "/k", "", dialect.Location{Bucket: "oss-x", Key: "k", Style: h, HasKey: true}},
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "//k", "", dialect.Location{Bucket: "b", Key: "/k", Style: h, HasKey: true}},
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "", "", dialect.Location{Bucket: "b", Style: h}},
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "?acl", "", dialect.Location{Bucket: "b", Style: h}},
		{"oss", "127.0.0.1:9000", "/b", "", dialect.Location{Bucket: "b"}},
		{"oss", "127.0.0.1:9000", "/b/", "", dialect.Location{Bucket: "b"}},
		{"oss", "127.0.0.1", "/b//k", "", dialect.Location{Bucket: "b", Key: "/k", HasKey: true}},
		{"oss", "[::1]:9000", "/b/k", "", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"oss", "[::1]", "/b/k", "", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"oss", "b.localhost:9000", "/k", "localhost", dialect.Location{Bucket: "b", Key: "k", Style: h, HasKey: true}},
		{"oss", "localhost:9000", "/b/k", "localhost", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"oss", "evil-localhost", "/b/k", "localhost", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "/a%20b+c%252F", "", dialect.Location{Bucket: "b", Key: "a b+c%2F", Style: h, HasKey: true}},
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "/a%2Zb", "", dialect.Location{Bucket: "b", Key: "a%2Zb", Style: h, HasKey: true, BadEscape: true}},
		{"oss", "127.0.0.1", "/b%2Fk", "", dialect.Location{Bucket: "b/k"}},
		{"oss", "other", "http://u@b.oss-cn-hangzhou.aliyuncs.com/k?acl", "", dialect.Location{Bucket: "b", Key: "k", Style: h, HasKey: true}},
		{"oss", "other", "http://127.0.0.1:80", "", dialect.Location{}},
		{"oss", "127.0.0.1", "/b/http://x/k", "", dialect.Location{Bucket: "b", Key: "http://x/k", HasKey: true}},
		{"oss", "b.oss-cn-hangzhou.aliyuncs.com", "*", "", dialect.Location{}},
		{"oss", "", "/b/k", "", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"cos", "name-1250000000.cos.ap-beijing.myqcloud.com", "/k", "", dialect.Location{Bucket: "name-1250000000", Key: "k", Style: h, HasKey: true}},
		{"cos", "service.cos.myqcloud.com", "/", "", dialect.Location{}},
		{"cos", "cos.ap-beijing.myqcloud.com", "/", "", dialect.Location{}},
		{"cos", "n-1.cos.accelerate.myqcloud.com", "/", "", dialect.Location{Bucket: "n-1", Style: h}},
		{"cos", "n-1.cos-website.ap-beijing.myqcloud.com", "/", "", dialect.Location{Bucket: "n-1", Style: h, Website: true}},
		{"bos", "bj.bcebos.com", "/", "", dialect.Location{}},
		{"bos", "b.su.bcebos.com", "/v1/k", "", dialect.Location{Bucket: "b", Key: "v1/k", Style: h, HasKey: true}},
		{"bos", "bj.bcebos.com", "/v1/b/k", "", dialect.Location{Bucket: "b", Key: "k", Style: p, HasKey: true}},
		{"bos", "bj.bcebos.com", "/v1", "", dialect.Location{}},
		{"bos", "bj.bcebos.com", "/b/v1/k", "", dialect.Location{Bucket: "b", Key: "v1/k", HasKey: true}},
		{"bos", "bcebos.com", "/b", "", dialect.Location{Bucket: "b"}},
		{"s3", "s3.amazonaws.com", "/b/k", "", dialect.Location{Bucket: "b", Key: "k", HasKey: true}},
		{"s3", "b.s3.amazonaws.com", "/k", "", dialect.Location{Bucket: "b", Key: "k", Style: h, HasKey: true}},
		{"s3", "a.b.s3.eu-west-1.amazonaws.com", "/k", "", dialect.Location{Bucket: "a.b", Key: "k", Style: h, HasKey: true}},
		{"s3", "a.b.localhost", "/k", "localhost", dialect.Location{Bucket: "a.b", Key: "k", Style: h, HasKey: true}},
		{"s3", "s3.eu-west-1.amazonaws.com:443", "/", "", dialect.Location{}},
		{"s3", "b.s3-website-us-east-1.amazonaws.com", "/", "", dialect.Location{Bucket: "b", Style: h, Website: true}},
	} {
		if got := byName(t, c.dialect).Locate(c.host, c.target, c.zone); got != c.want {
			t.Errorf("%s: Locate(%q, %q, %q)\n got %+v\nwant %+v", c.dialect, c.host, c.target, c.zone, got, c.want)
		}
	}
}

func TestHost(t *testing.T) {
	want := map[string]string{"oss": "oss-r1.aliyuncs.com", "cos": "cos.r1.myqcloud.com", "bos": "r1.bcebos.com", "s3": "s3.r1.amazonaws.com"}
	for _, d := range all.All() {
		if got := d.Host("r1"); got != want[d.Name] {
			t.Errorf("%s: Host = %q, want %q", d.Name, got, want[d.Name])
		}
		if at := d.Locate(d.Host(d.Region), "/", ""); at != (dialect.Location{}) {
			t.Errorf("%s: the endpoint itself is located as %+v", d.Name, at)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		style                 dialect.Style
		endpoint, bucket, key string
		host, path            string
	}{
		{dialect.HostStyle, "h", "b", "a/ +", "b.h", "/a/%20%2B"},
		{dialect.HostStyle, "h:80", "b", "", "b.h:80", "/"},
		{dialect.HostStyle, "127.0.0.1:80", "b", "k", "127.0.0.1:80", "/b/k"},
		{dialect.HostStyle, "[::1]:80", "b", "k", "[::1]:80", "/b/k"},
		{dialect.PathStyle, "h", "b", "/k", "h", "/b//k"},
		{dialect.PathStyle, "h", "b", "", "h", "/b/"},
		{dialect.PathStyle, "h", "", "", "h", "/"},
	} {
		host, path := byName(t, "oss").Address(c.style, c.endpoint, c.bucket, c.key)
		if host != c.host || path != c.path {
			t.Errorf("Address(%d, %q, %q, %q) = %q, %q, want %q, %q", c.style, c.endpoint, c.bucket, c.key, host, path, c.host, c.path)
		}
	}
}

// FuzzLocate holds Locate to being the inverse of Address, for any key, and to
// surviving any host and target.
func FuzzLocate(f *testing.F) {
	for _, seed := range []string{"", "k", "/k", "//", "a b+%/../ü", "\x00\xff", "http://x", "%zz", "?", "b.oss-x.aliyuncs.com", "[::1"} {
		f.Add(seed, "/"+seed)
	}
	f.Fuzz(func(t *testing.T, key, target string) {
		for _, d := range all.All() {
			at := d.Locate(key, target, "localhost")
			if at.HasKey == (at.Key == "") {
				t.Errorf("%s: Locate(%q, %q) = %+v", d.Name, key, target, at)
			}
			d.Operation("GET", at, wire.ParseQuery(key), nil)
			for _, endpoint := range []string{d.Host(d.Region), "localhost:9000", "127.0.0.1:9000"} {
				for _, style := range []dialect.Style{dialect.HostStyle, dialect.PathStyle} {
					host, path := d.Address(style, endpoint, "bucket-1250000000", key)
					at := d.Locate(host, path, "localhost")
					if at.Bucket != "bucket-1250000000" || at.Key != key || at.HasKey != (key != "") || at.BadEscape {
						t.Errorf("%s: Address(%d, %q, %q) = %q, %q is located as %+v", d.Name, style, endpoint, key, host, path, at)
					}
				}
			}
		}
	})
}
