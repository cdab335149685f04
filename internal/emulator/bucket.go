package emulator

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// access lets the owner of the accounts' buckets in and nobody else: what
// access control lists grant comes with their chapter.
func (c *call) access() error {
	if c.at.Bucket == "" {
		return c.require("access.anonymous-service", !c.anonymous, "AccessDenied")
	}
	return nil
}

// openBucket finds the bucket of the request and checks that the caller may use
// it. Creating one is the only operation that needs none.
func (c *call) openBucket() error {
	if c.at.Bucket == "" || c.kind == "CreateBucket" {
		return nil
	}
	b := c.e.store.Bucket(c.at.Bucket)
	if b == nil {
		return c.refuse("bucket.missing", "NoSuchBucket", withExtra("BucketName", c.at.Bucket))
	}
	c.bucket = b
	return c.require("access.owner-only", b.Owner == c.who.ID && !c.anonymous, "AccessDenied")
}

func (c *call) putBucket() error {
	_, err := c.e.store.Create(&store.Bucket{Name: c.at.Bucket, Created: c.now, Owner: c.who.ID, Region: c.e.d.Region})
	if old := c.e.store.Bucket(c.at.Bucket); err != nil && old.Owner != c.who.ID {
		return c.fault("BucketAlreadyExists")
	}
	c.reply.Fields.Set("Location", "/"+c.at.Bucket)
	return nil
}

func (c *call) deleteBucket() error {
	err := c.e.store.Delete(c.at.Bucket)
	switch {
	case errors.Is(err, store.ErrNotEmpty):
		return c.fault("BucketNotEmpty")
	case err != nil:
		return c.fault("NoSuchBucket")
	}
	c.reply.Status = 204
	return nil
}

func (c *call) headBucket() error { return nil }

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
			ETag: c.etag(o.ETag), Type: o.Kind, Size: o.Size, StorageClass: "Standard"})
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

type bucketList struct {
	XMLName xml.Name `xml:"ListAllMyBucketsResult"`
	Owner   listedOwner
	Buckets struct{ Bucket []listedBucket }
}

type listedOwner struct{ ID, DisplayName string }

type listedBucket struct{ CreationDate, Location, Name string }

func (c *call) listBuckets() error {
	l := bucketList{Owner: listedOwner{c.who.ID, c.who.ID}}
	for _, b := range c.e.store.Buckets(c.who.ID) {
		l.Buckets.Bucket = append(l.Buckets.Bucket, listedBucket{b.Created.UTC().Format(time.RFC3339), b.Region, b.Name})
	}
	return c.sendXML(l)
}

// sendListing answers a listing in the dialect's form.
func (c *call) sendListing(l *listing) error { return c.sendXML(l) }
