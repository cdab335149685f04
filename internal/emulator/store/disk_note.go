package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A description is a line that says what it is and what the rest sums up to,
// and JSON.
const (
	aBucket  = "bucket"
	anObject = "object"
	aStore   = "store"
	anUpload = "upload"
	aPart    = "part"

	noteMax = 64 << 20 // bytes of a description
)

// objectNote describes an object.
type objectNote struct {
	Key      text
	Bodies   []string `json:",omitempty"` // names of files
	Size     int64
	ETag     text
	CRC64    uint64
	MD5      []byte `json:",omitempty"`
	Modified time.Time
	Kind     text       `json:",omitempty"`
	Fields   []pairNote `json:",omitempty"`
	ACL      text       `json:",omitempty"`
	Owner    text       `json:",omitempty"`
	Upload   text       `json:",omitempty"`
	Extra    []pairNote `json:",omitempty"`
	Version  text       `json:",omitempty"`
	Marker   bool       `json:",omitempty"`
	Order    uint64     `json:",omitempty"`
}

type pairNote struct{ Name, Value text }

// bucketNote describes a bucket.
type bucketNote struct {
	Name    text
	Created time.Time
	Owner   text
	Region  text
	// Settings are what the bucket is configured with.
	Settings []pairNote `json:",omitempty"`
}

// storeNote says what a directory is.
type storeNote struct {
	Label string // whose store it is; others are refused
	Seed  uint64
}

// A text is a string of any bytes; JSON would change those that are no UTF-8.
type text string

const raw = "base64:"

func (t text) MarshalText() ([]byte, error) {
	if utf8.ValidString(string(t)) && !strings.HasPrefix(string(t), raw) {
		return []byte(t), nil
	}
	return base64.StdEncoding.AppendEncode([]byte(raw), []byte(t)), nil
}

func (t *text) UnmarshalText(p []byte) error {
	rest, ok := bytes.CutPrefix(p, []byte(raw))
	if !ok {
		*t = text(p)
		return nil
	}
	bytes, err := base64.StdEncoding.DecodeString(string(rest))
	*t = text(bytes)
	return err
}

func describeObject(o *Object) ([]byte, error) { return seal(anObject, noteOf(o)) }

func noteOf(o *Object) objectNote {
	n := objectNote{Key: text(o.Key), Size: o.Size, ETag: text(o.ETag), CRC64: o.CRC64, MD5: o.MD5, Modified: o.Modified.UTC(),
		Kind: text(o.Kind), ACL: text(o.ACL), Owner: text(o.Owner), Upload: text(o.Upload),
		Version: text(o.Version), Marker: o.Marker, Order: o.order}
	for _, b := range o.Blobs {
		n.Bodies = append(n.Bodies, b.kept.name)
	}
	for _, p := range o.Fields {
		n.Fields = append(n.Fields, pairNote{text(p.Name), text(p.Value)})
	}
	n.Extra = pairsOf(o.Extra)
	return n
}

// object is what n describes, without its body.
func (n *objectNote) object() *Object {
	o := &Object{Key: string(n.Key), Size: n.Size, ETag: string(n.ETag), CRC64: n.CRC64, MD5: n.MD5, Modified: n.Modified.UTC(),
		Kind: string(n.Kind), ACL: string(n.ACL), Owner: string(n.Owner), Upload: string(n.Upload),
		Version: string(n.Version), Marker: n.Marker, order: n.Order}
	for _, p := range n.Fields {
		o.Fields = append(o.Fields, Pair{string(p.Name), string(p.Value)})
	}
	o.Extra = mapOf(n.Extra)
	return o
}

func describeBucket(b *Bucket, settings map[string]string) ([]byte, error) {
	return seal(aBucket, bucketNote{text(b.Name), b.Created.UTC(), text(b.Owner), text(b.Region), pairsOf(settings)})
}

func (n *bucketNote) bucket() *Bucket {
	return &Bucket{Name: string(n.Name), Created: n.Created, Owner: string(n.Owner), Region: string(n.Region), settings: mapOf(n.Settings)}
}

// pairsOf lists a map in byte order of its names.
func pairsOf(m map[string]string) (list []pairNote) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, pairNote{text(name), text(m[name])})
	}
	return list
}

// mapOf is what pairsOf was given, nil for nothing.
func mapOf(list []pairNote) map[string]string {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]string, len(list))
	for _, p := range list {
		m[string(p.Name)] = string(p.Value)
	}
	return m
}

// seal writes a description of what kind says.
func seal(kind string, note any) ([]byte, error) {
	body, err := json.Marshal(note)
	if err != nil {
		return nil, fmt.Errorf("describe the %s: %w", kind, err)
	}
	if len(body) > noteMax {
		return nil, fmt.Errorf("the description of the %s has %d bytes; at most %d can be read again", kind, len(body), noteMax)
	}
	return append(head(kind, body), body...), nil
}

func head(kind string, body []byte) []byte {
	return fmt.Appendf(nil, "objectharness %s 1 %08x\n", kind, crc32.Checksum(body, castagnoli))
}

// unseal reads a description of what kind says into note.
func unseal(kind string, sealed []byte, note any) error {
	first, body, _ := bytes.Cut(sealed, []byte("\n"))
	if want := head(kind, body); string(first) != string(bytes.TrimSuffix(want, []byte("\n"))) {
		return fmt.Errorf("expected a description of the %s that begins with %q, found %.60q: the file is torn or not of this store", kind, bytes.TrimSpace(want), first)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(note); err != nil {
		return fmt.Errorf("expected a description of the %s: %w", kind, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("expected nothing behind the description of the %s", kind)
	}
	return nil
}

// fileName is the name of a version's file; that of a version with an ID begins
// as no key's does.
func (o *Object) fileName() string {
	if o.Version == "" {
		return fileName(o.Key)
	}
	return "=" + fileName(place(o.Key, o.Version))
}

// fileName is the name of a file for a key or a bucket: one that every file
// system takes, also one that knows no capitals. What would be too long is
// named by its digest.
func fileName(key string) string {
	const longest = 200
	var name strings.Builder
	for _, c := range []byte(key) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
			name.WriteByte(c)
		default:
			fmt.Fprintf(&name, "%%%02x", c)
		}
		if name.Len() > longest {
			sum := sha256.Sum256([]byte(key))
			return "+" + hex.EncodeToString(sum[:])
		}
	}
	return name.String() + ".json"
}
