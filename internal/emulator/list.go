package emulator

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// The entries of a listing. Members that are empty are left out of XML and JSON
// alike: listings of one dialect have members that another's have not.
type (
	listedObject struct {
		Key          string       `json:"key"`
		LastModified string       `json:"lastModified"`
		ETag         string       `json:"eTag"`
		Type         string       `xml:",omitempty" json:"-"`
		Size         int64        `json:"size"`
		StorageClass string       `json:"storageClass"`
		Owner        *listedOwner `xml:",omitempty" json:"owner,omitempty"`
	}
	listedOwner struct {
		ID          string `json:"id"`
		DisplayName string `json:"displayName"`
	}
	listedPrefix struct {
		Prefix string `json:"prefix"`
	}
	listing struct {
		XMLName               xml.Name       `xml:"ListBucketResult" json:"-"`
		Name                  string         `json:"name"`
		Prefix                string         `json:"prefix"`
		Marker                string         `json:"marker"`
		StartAfter            string         `xml:",omitempty" json:"-"`
		ContinuationToken     string         `xml:",omitempty" json:"-"`
		MaxKeys               int            `json:"maxKeys"`
		Delimiter             string         `json:"delimiter"`
		EncodingType          string         `xml:",omitempty" json:"-"`
		IsTruncated           bool           `json:"isTruncated"`
		NextMarker            string         `xml:",omitempty" json:"nextMarker,omitempty"`
		NextContinuationToken string         `xml:",omitempty" json:"-"`
		KeyCount              *int           `xml:",omitempty" json:"-"`
		Contents              []listedObject `xml:"Contents" json:"contents"`
		CommonPrefixes        []listedPrefix `xml:"CommonPrefixes" json:"commonPrefixes,omitempty"`
	}
)

// listObjects answers a page of the bucket in byte order of the keys.
func (c *call) listObjects() error {
	l := c.newListing()
	l.Marker, _ = c.param("marker")
	c.page(l, l.Marker)
	return c.sendListing(l)
}

// listObjectsV2 is listObjects with opaque tokens instead of markers.
func (c *call) listObjectsV2() error {
	l := c.newListing()
	l.StartAfter, _ = c.param("start-after")
	from := l.StartAfter
	if token, ok := c.param("continuation-token"); ok {
		key, err := base64.URLEncoding.DecodeString(token)
		if err != nil {
			return c.fault("InvalidArgument")
		}
		l.ContinuationToken, from = token, string(key)
	}
	c.page(l, from)
	if l.IsTruncated {
		l.NextContinuationToken = base64.URLEncoding.EncodeToString([]byte(l.NextMarker))
	}
	n := len(l.Contents) + len(l.CommonPrefixes)
	l.NextMarker, l.KeyCount = "", &n
	return c.sendListing(l)
}

// newListing reads what the two listings have in common.
func (c *call) newListing() *listing {
	l := &listing{Name: c.at.Bucket, MaxKeys: 1000, Contents: []listedObject{}}
	l.Prefix, _ = c.param("prefix")
	l.Delimiter, _ = c.param("delimiter")
	l.EncodingType, _ = c.param("encoding-type")
	if text, ok := c.param(c.e.t.maxKeys); ok {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 {
			l.MaxKeys = min(n, 1000)
		}
	}
	return l
}

// page fills the listing: objects and common prefixes share max-keys.
func (c *call) page(l *listing, after string) {
	c.bucket.Scan(max(l.Prefix, after), func(o *store.Object) bool {
		switch {
		case !strings.HasPrefix(o.Key, l.Prefix):
			return o.Key < l.Prefix
		case after != "" && o.Key <= after:
			return true
		}
		if group, ok := commonPrefix(o.Key, l.Prefix, l.Delimiter); ok {
			return l.addPrefix(group, after)
		}
		if l.full(o.Key) {
			return false
		}
		l.Contents = append(l.Contents, c.listed(o))
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

func (l *listing) addPrefix(group, after string) bool {
	n := len(l.CommonPrefixes)
	if n > 0 && l.CommonPrefixes[n-1].Prefix == group || group <= after {
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

// listed is the entry of an object.
func (c *call) listed(o *store.Object) listedObject {
	e := listedObject{Key: o.Key, LastModified: c.listedTime(o), ETag: c.etag(o.ETag),
		Type: c.listedType(o), Size: o.Size, StorageClass: c.e.t.class}
	if c.e.t.json {
		e.ETag = o.ETag
		e.Owner = &listedOwner{ID: o.Owner, DisplayName: o.Owner}
	}
	return e
}

// sendListing answers a listing in the dialect's form.
func (c *call) sendListing(l *listing) error {
	if c.e.t.json {
		return c.sendJSON(l)
	}
	if l.EncodingType == "url" {
		l.escape()
	}
	return c.sendXML(l)
}

// escape writes the texts that come from keys as encoding-type=url asks.
func (l *listing) escape() {
	for _, p := range []*string{&l.Prefix, &l.Marker, &l.NextMarker, &l.Delimiter, &l.StartAfter} {
		*p = wire.Escape(*p)
	}
	for i := range l.Contents {
		l.Contents[i].Key = wire.Escape(l.Contents[i].Key)
	}
	for i := range l.CommonPrefixes {
		l.CommonPrefixes[i].Prefix = wire.Escape(l.CommonPrefixes[i].Prefix)
	}
}

// sendJSON answers v as BOS writes JSON.
func (c *call) sendJSON(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.set("json.content-type", "Content-Type", "application/json; charset=utf-8")
	c.send(body)
	return nil
}

// listTimes: OSS, COS and S3 write milliseconds, BOS whole seconds.
const (
	millis  = "2006-01-02T15:04:05.000Z"
	seconds = time.RFC3339
)

// listedTime is when the object was last modified, to the second.
func (c *call) listedTime(o *store.Object) string {
	t := o.Modified.UTC().Truncate(time.Second)
	return pick(c, "list.last-modified", t, t.Add(time.Second)).Format(c.e.t.listTime)
}
