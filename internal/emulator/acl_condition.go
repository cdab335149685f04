package emulator

import (
	"encoding/json"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// A proviso narrows an entry of a BOS list; all its members must hold.
type proviso struct {
	IP        []string `json:"ipAddress,omitempty"`
	NotIP     []string `json:"notIpAddress,omitempty"`
	Referer   *texts   `json:"referer,omitempty"`
	UserAgent *texts   `json:"userAgent,omitempty"`
	Secure    *bool    `json:"secureTransport,omitempty"`
	Time      *moments `json:"currentTime,omitempty"`
	VPC       []string `json:"vpcId,omitempty"`
}

// texts are what a header field may be.
type texts struct {
	Like   []string `json:"stringLike,omitempty"`
	Equals []string `json:"stringEquals,omitempty"`
}

// moments bound the time of a request.
type moments struct {
	Before string `json:"dateLessThan,omitempty"`
	Until  string `json:"dateLessThanEquals,omitempty"`
	After  string `json:"dateGreaterThan,omitempty"`
	Since  string `json:"dateGreaterThanEquals,omitempty"`
}

// UnmarshalJSON reads a condition, which some clients write as a list of one.
func (k *proviso) UnmarshalJSON(b []byte) error {
	type plain proviso
	var list []plain
	if len(b) > 0 && b[0] == '[' {
		if err := wholeJSON(b, &list); err != nil {
			return err
		}
		if len(list) != 1 {
			return errOddCondition
		}
		*k = proviso(list[0])
		return nil
	}
	var one plain
	if err := wholeJSON(b, &one); err != nil {
		return err
	}
	*k = proviso(one)
	return nil
}

// MarshalJSON writes a condition as an object.
func (k proviso) MarshalJSON() ([]byte, error) {
	type plain proviso
	return json.Marshal(plain(k))
}

// met tells whether a condition holds for this request.
func (c *call) met(k *proviso) bool {
	if k == nil {
		return true
	}
	for _, part := range []struct {
		rule string
		ok   bool
	}{
		{"acl.ip-address", k.IP == nil || c.from(k.IP)},
		{"acl.not-ip-address", k.NotIP == nil || !c.from(k.NotIP)},
		{"acl.referer", k.Referer.holds(c.field("Referer"))},
		{"acl.user-agent", k.UserAgent.holds(c.field("User-Agent"))},
		{"acl.secure-transport", k.Secure == nil || *k.Secure == c.in.TLS},
		{"acl.current-time", k.Time.holds(c.now)},
		{"acl.vpc", k.VPC == nil}, // nobody comes here from a private cloud
	} {
		if !part.ok && !pick(c, part.rule, false, true) {
			return false
		}
	}
	return true
}

// from tells whether the client's address is one of a list of addresses and
// networks.
func (c *call) from(list []string) bool {
	host, _, err := net.SplitHostPort(c.in.RemoteAddr)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(list, func(text string) bool {
		if p, err := netip.ParsePrefix(text); err == nil {
			return p.Contains(addr.Unmap())
		}
		one, err := netip.ParseAddr(text)
		return err == nil && one == addr.Unmap()
	})
}

func (t *texts) holds(value string) bool {
	return t == nil || slices.Contains(t.Equals, value) ||
		slices.ContainsFunc(t.Like, func(p string) bool { return wild(p, value) })
}

func (m *moments) holds(now time.Time) bool {
	if m == nil {
		return true
	}
	at := func(text string) time.Time {
		t, err := time.Parse(time.RFC3339, strings.TrimSpace(text))
		if err != nil {
			return time.Time{}
		}
		return t
	}
	return (m.Before == "" || now.Before(at(m.Before))) && (m.Until == "" || !now.After(at(m.Until))) &&
		(m.After == "" || now.After(at(m.After))) && (m.Since == "" || !now.Before(at(m.Since)))
}
