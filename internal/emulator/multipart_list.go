package emulator

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

type (
	partListing struct {
		XMLName              xml.Name     `xml:"ListPartsResult" json:"-"`
		Bucket               string       `json:"bucket"`
		Key                  string       `json:"key"`
		UploadID             string       `xml:"UploadId" json:"uploadId"`
		Initiated            string       `xml:"-" json:"initiated"`
		Owner                *listedOwner `xml:",omitempty" json:"owner,omitempty"`
		StorageClass         string       `json:"storageClass"`
		PartNumberMarker     int          `json:"partNumberMarker"`
		NextPartNumberMarker int          `json:"nextPartNumberMarker"`
		MaxParts             int          `json:"maxParts"`
		IsTruncated          bool         `json:"isTruncated"`
		Parts                []listedPart `xml:"Part" json:"parts"`
	}
	listedPart struct {
		PartNumber   int    `json:"partNumber"`
		LastModified string `json:"lastModified"`
		ETag         string `json:"eTag"`
		Size         int64  `json:"size"`
	}
	uploadListing struct {
		XMLName            xml.Name       `xml:"ListMultipartUploadsResult" json:"-"`
		Bucket             string         `json:"bucket"`
		KeyMarker          string         `json:"keyMarker"`
		UploadIDMarker     string         `xml:"UploadIdMarker" json:"-"`
		NextKeyMarker      string         `json:"nextKeyMarker,omitempty"`
		NextUploadIDMarker string         `xml:"NextUploadIdMarker" json:"-"`
		Delimiter          string         `json:"delimiter"`
		Prefix             string         `json:"prefix"`
		MaxUploads         int            `json:"maxUploads"`
		IsTruncated        bool           `json:"isTruncated"`
		Uploads            []listedUpload `xml:"Upload" json:"uploads"`
		CommonPrefixes     []listedPrefix `xml:"CommonPrefixes" json:"commonPrefixes,omitempty"`
	}
	listedUpload struct {
		Key          string       `json:"key"`
		UploadID     string       `xml:"UploadId" json:"uploadId"`
		Owner        *listedOwner `xml:",omitempty" json:"owner,omitempty"`
		StorageClass string       `json:"storageClass"`
		Initiated    string       `json:"initiated"`
	}
)

// listParts answers a page of the parts of an upload, by their numbers.
func (c *call) listParts() error {
	u, err := c.upload()
	if err != nil {
		return err
	}
	owner := &listedOwner{u.Owner, u.Owner}
	l := partListing{Bucket: c.at.Bucket, Key: u.Key, UploadID: u.ID, Initiated: c.listTime(u.Initiated), Owner: owner, StorageClass: c.e.t.listing.class,
		PartNumberMarker: c.count("part-number-marker", "partNumberMarker", 0),
		MaxParts:         min(c.count("max-parts", "maxParts", c.e.d.Limits.ListParts), c.e.d.Limits.ListParts), Parts: []listedPart{}}
	for _, p := range u.Parts {
		if p.Number <= l.PartNumberMarker {
			continue
		}
		if l.IsTruncated = len(l.Parts) == l.MaxParts; l.IsTruncated {
			break
		}
		tag := c.etag(p.ETag)
		if c.e.t.json {
			tag = p.ETag
		}
		l.Parts = append(l.Parts, listedPart{p.Number, c.listTime(p.Modified), tag, p.Blob.Size})
		l.NextPartNumberMarker = p.Number
	}
	return c.sendForm(l)
}

// listUploads answers a page of the open uploads of the bucket, by key and ID.
func (c *call) listUploads() error {
	l := uploadListing{Bucket: c.at.Bucket, MaxUploads: min(c.count("max-uploads", "maxUploads", c.e.d.Limits.ListParts), c.e.d.Limits.ListParts),
		Uploads: []listedUpload{}}
	l.Prefix, _ = c.param("prefix")
	l.Delimiter, _ = c.param("delimiter")
	l.KeyMarker, _ = c.param(c.spelled("key-marker", "keyMarker"))
	if l.KeyMarker != "" {
		l.UploadIDMarker, _ = c.param("upload-id-marker")
	}
	c.bucket.ScanUploads(max(l.Prefix, l.KeyMarker), "", func(u *store.Upload) bool {
		switch {
		case !strings.HasPrefix(u.Key, l.Prefix):
			return u.Key < l.Prefix
		case l.KeyMarker != "" && (u.Key < l.KeyMarker || u.Key == l.KeyMarker && (l.UploadIDMarker == "" || u.ID <= l.UploadIDMarker)):
			return true
		}
		return c.addUpload(&l, u)
	})
	return c.sendForm(l)
}

// addUpload lists an upload, or the prefix that it has in common with others.
// Both share max-uploads.
func (c *call) addUpload(l *uploadListing, u *store.Upload) bool {
	group, grouped := commonPrefix(u.Key, l.Prefix, l.Delimiter)
	n := len(l.CommonPrefixes)
	if grouped && (n > 0 && string(l.CommonPrefixes[n-1].Prefix) == group || group <= l.KeyMarker) {
		return true
	}
	if l.IsTruncated = len(l.Uploads)+n == l.MaxUploads; l.IsTruncated {
		return false
	}
	if grouped {
		l.CommonPrefixes = append(l.CommonPrefixes, listedPrefix{markup(group)})
		l.NextKeyMarker, l.NextUploadIDMarker = group, ""
		return true
	}
	l.Uploads = append(l.Uploads, listedUpload{u.Key, u.ID, &listedOwner{u.Owner, u.Owner}, c.e.t.listing.class, c.listTime(u.Initiated)})
	l.NextKeyMarker, l.NextUploadIDMarker = u.Key, u.ID
	return true
}

// spelled is a parameter's name as the dialect writes it.
func (c *call) spelled(hyphened, camelled string) string {
	if c.e.t.json {
		return camelled
	}
	return hyphened
}

// count is a number of the query, or what stands for none.
func (c *call) count(hyphened, camelled string, none int) int {
	text, _ := c.param(c.spelled(hyphened, camelled))
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		return n
	}
	return none
}

// listTime writes a time as listings do, to the second.
func (c *call) listTime(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format(c.e.t.listTime)
}
