package emulator

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

type listedObject struct {
	Key          string
	LastModified string
	ETag         string
	Type         string `xml:",omitempty"`
	Size         int64
	StorageClass string
}

type listing struct {
	XMLName              xml.Name `xml:"ListBucketResult"`
	Name, Prefix, Marker string
	MaxKeys              int
	Delimiter            string
	IsTruncated          bool
	NextMarker           string         `xml:",omitempty"`
	Contents             []listedObject `xml:"Contents"`
	CommonPrefixes       []listedPrefix `xml:"CommonPrefixes"`
}

type listedPrefix struct{ Prefix string }

// listObjects answers a page of the bucket in byte order of the keys.
func (c *call) listObjects() error {
	l := listing{Name: c.at.Bucket, MaxKeys: 1000}
	l.Prefix, _ = c.param("prefix")
	l.Marker, _ = c.param("marker")
	l.Delimiter, _ = c.param("delimiter")
	if text, ok := c.param("max-keys"); ok {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 {
			l.MaxKeys = min(n, 1000)
		}
	}
	c.page(&l)
	return c.sendListing(&l)
}

// page fills the listing: objects and common prefixes share max-keys.
func (c *call) page(l *listing) {
	c.bucket.Scan(max(l.Prefix, l.Marker), func(o *store.Object) bool {
		switch {
		case !strings.HasPrefix(o.Key, l.Prefix):
			return o.Key < l.Prefix
		case o.Key <= l.Marker:
			return true
		}
		if group, ok := commonPrefix(o.Key, l.Prefix, l.Delimiter); ok {
			return l.addPrefix(group)
		}
		if l.full(o.Key) {
			return false
		}
		l.Contents = append(l.Contents, listedObject{Key: o.Key, LastModified: o.Modified.UTC().Format(time.RFC3339),
			ETag: c.etag(o.ETag), Type: c.listedType(o), Size: o.Size, StorageClass: "Standard"})
		return true
	})
}

func commonPrefix(key, prefix, delimiter string) (string, bool) {
	if delimiter == "" {
		return "", false
	}
	i := strings.Index(key[len(prefix):], delimiter)
	if i < 0 {
		return "", false
	}
	return key[:len(prefix)+i+len(delimiter)], true
}

func (l *listing) addPrefix(group string) bool {
	n := len(l.CommonPrefixes)
	if n > 0 && l.CommonPrefixes[n-1].Prefix == group || group <= l.Marker {
		return true
	}
	if l.full(group) {
		return false
	}
	l.CommonPrefixes = append(l.CommonPrefixes, listedPrefix{group})
	return true
}

// full closes the page before the entry called next when there is no room.
func (l *listing) full(next string) bool {
	if len(l.Contents)+len(l.CommonPrefixes) < l.MaxKeys {
		return false
	}
	l.IsTruncated = true
	l.NextMarker = l.last()
	return true
}

func (l *listing) last() string {
	var key string
	if n := len(l.Contents); n > 0 {
		key = l.Contents[n-1].Key
	}
	if n := len(l.CommonPrefixes); n > 0 {
		key = max(key, l.CommonPrefixes[n-1].Prefix)
	}
	return key
}

// sendListing answers a listing in the dialect's form.
func (c *call) sendListing(l *listing) error { return c.sendXML(l) }
