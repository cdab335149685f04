package emulator

import (
	"encoding/json"
	"encoding/xml"
)

type (
	bucketList struct {
		XMLName xml.Name      `xml:"ListAllMyBucketsResult" json:"-"`
		Owner   listedOwner   `json:"owner"`
		Buckets listedBuckets `json:"buckets"`
	}
	// listedBuckets are an element around the buckets in XML, a list in JSON.
	listedBuckets struct{ Bucket []listedBucket }
	listedBucket  struct {
		CreationDate string `json:"creationDate"`
		Location     string `json:"location"`
		Name         string `json:"name"`
	}
)

// MarshalJSON writes the plain list.
func (l listedBuckets) MarshalJSON() ([]byte, error) { return json.Marshal(l.Bucket) }

func (c *call) listBuckets() error {
	l := bucketList{Owner: listedOwner{c.who.ID, c.who.ID}, Buckets: listedBuckets{Bucket: []listedBucket{}}}
	for _, b := range c.e.store.Buckets(c.who.ID) {
		l.Buckets.Bucket = append(l.Buckets.Bucket, listedBucket{b.Created.UTC().Format(c.e.t.listTime), b.Region, b.Name})
	}
	if c.e.t.json {
		return c.sendJSON(l)
	}
	return c.sendXML(l)
}
