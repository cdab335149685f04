package dialect

import (
	"net/netip"
	"strings"

	"objectharness/internal/wire"
)

// Hosts says how a vendor names its public endpoints. A star in a name stands
// for one label or for a part of one.
type Hosts struct {
	Endpoint string   // the ordinary endpoint; its star is the region: oss-*.aliyuncs.com
	Others   []string // further names: internal, accelerated, dual-stack
	Sites    []string // names that serve websites
	Version  string   // a path segment that may stand before the bucket in path style, or ""
}

// Host is the name of the region's ordinary endpoint.
func (h Hosts) Host(region string) string { return strings.Replace(h.Endpoint, "*", region, 1) }

// Locate is Dialect.Locate for these names. The authority of a target in
// absolute-form takes the place of host.
func (h Hosts) Locate(host, target, zone string) Location {
	if authority, ok := authority(target); ok {
		host = authority
	}
	path, _ := wire.SplitTarget(target)
	if path == "*" {
		return Location{}
	}
	path = strings.TrimPrefix(path, "/")
	at := h.place(hostname(host), strings.ToLower(zone))
	if at.Style == PathStyle {
		at.Bucket, path = h.cutBucket(path)
	}
	at.HasKey = path != ""
	bucket, ok1 := wire.Unescape(at.Bucket)
	key, ok2 := wire.Unescape(path)
	at.Bucket, at.Key, at.BadEscape = bucket, key, !ok1 || !ok2
	return at
}

// Region is Dialect.RegionOf for these names.
func (h Hosts) Region(host string) string {
	host = hostname(host)
	if _, ok := cutName(host, h.Endpoint); !ok {
		return ""
	}
	labels, names := strings.Split(host, "."), strings.Split(h.Endpoint, ".")
	for i, name := range names {
		if prefix, suffix, star := strings.Cut(name, "*"); star {
			label := labels[len(labels)-len(names)+i]
			return label[len(prefix) : len(label)-len(suffix)]
		}
	}
	return ""
}

// place finds the bucket that a host name holds.
func (h Hosts) place(host, zone string) Location {
	if _, err := netip.ParseAddr(host); err == nil || host == zone {
		return Location{}
	}
	if bucket, ok := strings.CutSuffix(host, "."+zone); ok && zone != "" && bucket != "" {
		return Location{Bucket: bucket, Style: HostStyle}
	}
	if at, ok := public(host, h.Sites); ok {
		at.Website = true
		return at
	}
	if at, ok := public(host, h.Others); ok {
		return at
	}
	at, _ := public(host, []string{h.Endpoint})
	return at
}

// public matches a host with the names of public endpoints. What stands before
// the name is the bucket.
func public(host string, names []string) (Location, bool) {
	for _, name := range names {
		bucket, ok := cutName(host, name)
		if ok && bucket != "" {
			return Location{Bucket: bucket, Style: HostStyle}, true
		}
		if ok {
			return Location{}, true
		}
	}
	return Location{}, false
}

// cutName takes the labels of name off the end of host.
func cutName(host, name string) (rest string, ok bool) {
	for name != "" {
		var label, want string
		name, want = cutLabel(name)
		host, label = cutLabel(host)
		prefix, suffix, star := strings.Cut(want, "*")
		if !star && label != want {
			return "", false
		}
		if star && (len(label) <= len(prefix)+len(suffix) || !strings.HasPrefix(label, prefix) || !strings.HasSuffix(label, suffix)) {
			return "", false
		}
	}
	return host, true
}

func cutLabel(name string) (rest, label string) {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return "", name
}

func (h Hosts) cutBucket(path string) (bucket, key string) {
	bucket, key, _ = strings.Cut(path, "/")
	if h.Version != "" && bucket == h.Version {
		bucket, key, _ = strings.Cut(key, "/")
	}
	return bucket, key
}

// authority is the host of a target in absolute-form.
func authority(target string) (string, bool) {
	i := strings.Index(target, "://")
	if i <= 0 || strings.ContainsAny(target[:i], "/?") {
		return "", false
	}
	host := target[i+3:]
	if j := strings.IndexAny(host, "/?"); j >= 0 {
		host = host[:j]
	}
	return host[strings.LastIndexByte(host, '@')+1:], true
}

// hostname is a Host value in lower case without port, brackets and final dot.
func hostname(host string) string {
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// Address is the inverse of Locate: the Host value and the escaped path that
// address a bucket and a key behind endpoint (a host with or without a port).
// An empty bucket addresses the service, an empty key the bucket. An endpoint
// that is an IP address cannot carry a bucket in its name, and none can carry one
// with capitals, because hosts have no case: path style is used.
func (d *Dialect) Address(style Style, endpoint, bucket, key string) (host, path string) {
	if bucket == "" {
		return endpoint, "/"
	}
	if style == HostStyle {
		if !isAddress(hostname(endpoint)) && bucket == strings.ToLower(bucket) {
			return bucket + "." + endpoint, pathOf("", key)
		}
	}
	return endpoint, pathOf(bucket, key)
}

// isAddress tells whether a host is an IP address. Names, whose last label begins
// with a letter, are told at a glance.
func isAddress(host string) bool {
	if strings.IndexByte(host, ':') < 0 && (host == "" || host[len(host)-1] < '0' || host[len(host)-1] > '9') {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// pathOf is the escaped path of a key, behind a bucket where it is not "".
func pathOf(bucket, key string) string {
	var room [256]byte
	path := append(room[:0], '/')
	if bucket != "" {
		path = append(wire.AppendEscape(path, bucket), '/')
	}
	return string(wire.AppendEscapePath(path, key))
}
