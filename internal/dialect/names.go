package dialect

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// BucketRule says which bucket names a dialect allows. All of them take lower
// case letters, digits and hyphens, and no hyphen at either end.
type BucketRule struct {
	Min, Max int      // bytes, without the owner's number
	HostMax  int      // bytes of bucket, dot and endpoint together; 0 for no bound
	Dots     bool     // dots are allowed, but not at an end, nor two in a row
	Address  bool     // a name in the form of an IPv4 address is allowed
	Owner    bool     // the name ends in a hyphen and the owner's number: name-1250000000
	Begins   []string // reserved beginnings
	Ends     []string // reserved endings
	Code     string   // for a name that breaks the rule in any way but HostMax
	LongCode string   // for a name that is too long as a part of its host
}

// KeyRule says which object keys a dialect allows. A key that breaks it is
// refused with the code beside the rule.
type KeyRule struct {
	Max      int    // bytes
	First    string // bytes that a key must not begin with
	Without  string // bytes that a key must not hold
	Code     string // for a key that breaks the rule in any way but length
	LongCode string // for a key that is too long
}

// ValidBucket tells whether the dialect allows a bucket name, and if not, with
// which code it is refused.
func (d *Dialect) ValidBucket(name string) (code string, ok bool) {
	part, code := d.BucketFault(name)
	return code, part == ""
}

// BucketFault names the part of the rule that a bucket name breaks, and the code
// with which it is refused: owner, short, long, case, bytes, ends, dots, address,
// reserved or host; "" for a name that is allowed.
func (d *Dialect) BucketFault(name string) (part, code string) {
	r := d.BucketNames
	base := name
	if r.Owner {
		own, ok := cutOwner(name)
		if !ok {
			return "owner", r.Code
		}
		base = own
	}
	switch {
	case len(base) < r.Min:
		part = "short"
	case len(base) > r.Max:
		part = "long"
	case strings.ToLower(base) != base:
		part = "case"
	case strings.Trim(base, "-.") != base:
		part = "ends"
	case !plain(base, r.Dots):
		part = "bytes"
	case strings.Contains(base, ".."):
		part = "dots"
	case !r.Address && address(base):
		part = "address"
	case reserved(base, r):
		part = "reserved"
	case r.HostMax > 0 && len(name)+1+len(d.Host(d.Region)) > r.HostMax:
		return "host", r.LongCode
	default:
		return "", ""
	}
	return part, r.Code
}

// plain tells whether a name holds allowed bytes only.
func plain(name string, dots bool) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || dots && c == '.') {
			return false
		}
	}
	return true
}

func address(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

func reserved(name string, r BucketRule) bool {
	for _, s := range r.Begins {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	for _, s := range r.Ends {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

// cutOwner takes the owner's number off a name: name-1250000000.
func cutOwner(name string) (base string, ok bool) {
	i := strings.LastIndexByte(name, '-')
	if i <= 0 || i == len(name)-1 || strings.Trim(name[i+1:], "0123456789") != "" {
		return "", false
	}
	return name[:i], true
}

// ValidKey tells whether the dialect allows an object key, and if not, with
// which code it is refused.
func (d *Dialect) ValidKey(key string) (code string, ok bool) {
	r := d.Keys
	switch {
	case len(key) > r.Max:
		return r.LongCode, false
	case key == "" || !utf8.ValidString(key) || strings.IndexByte(r.First, key[0]) >= 0 || strings.ContainsAny(key, r.Without):
		return r.Code, false
	}
	return "", true
}
