// Package vectors holds signing vectors as data: requests with every
// intermediate value of their signatures, and replays them against the schemes
// of internal/sign.
package vectors

import (
	"embed"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
)

const (
	schemaName    = "signing-vectors"
	schemaVersion = 1
	maxBody       = 64 << 20 // bytes that a repeated body may stand for
)

//go:embed */public.json */documented.json */own.json clauses.json
var carried embed.FS

// A Vector is one request, what a signer must make of it, and what a verifier
// must say. Pointers and nil lists are values that the vector does not give.
type Vector struct {
	ID          string      `json:"id"`
	Algorithm   string      `json:"algorithm"`
	Mode        string      `json:"mode"`
	Source      Source      `json:"source"`
	Comment     string      `json:"comment"`
	Flags       []string    `json:"flags"`
	Clauses     []string    `json:"clauses"` // ids of the clauses that it shows
	Result      string      `json:"result"`  // valid, acceptable, invalid, erratum
	Credentials Credentials `json:"credentials"`
	Scope       Scope       `json:"scope"`
	Time        string      `json:"time"`    // signing instant, RFC 3339
	Expires     *int64      `json:"expires"` // seconds from Time
	Options     Options     `json:"options"`
	Request     Request     `json:"request"`
	Expected    Expected    `json:"expected"`
	Presented   *Presented  `json:"presented"`
	Printed     *Printed    `json:"printed"` // of an erratum
	ConfirmedBy []string    `json:"confirmed_by"`
	Deviating   []string    `json:"deviating"`

	File string // where it was read
	Line int    // from 1

	notes map[string]note // of its file
}

// Source says where a vector comes from.
type Source struct {
	ID  string `json:"id"`
	Ref string `json:"ref"`
}

// Credentials are published keys of a vector, of no use anywhere else.
type Credentials struct {
	AccessKey    string `json:"access_key"`
	SecretKey    string `json:"secret_key"`
	SessionToken string `json:"session_token"`
	PublicKey    string `json:"public_key"`  // oss-callback: DER in base64
	PrivateKey   string `json:"private_key"` // oss-callback: PKCS #8 in base64, where the key is ours
}

// Scope is the credential scope of oss-v4 and aws-sigv4.
type Scope struct {
	Region  string `json:"region"`
	Service string `json:"service"`
}

// Options are what the caller of a signer may choose.
type Options struct {
	Component           string   `json:"component"`
	EncodeSlash         *bool    `json:"encode_slash"`
	SignedHeaders       []string `json:"signed_headers"`
	EmitSignedHeaders   bool     `json:"emit_signed_headers"`
	KeyTime             string   `json:"key_time"`
	SignedParams        []string `json:"signed_params"`
	MergedSign          bool     `json:"merged_sign"`
	SignToken           *bool    `json:"sign_token"`
	AdditionalHeaders   []string `json:"additional_headers"`
	NormalizePath       bool     `json:"normalize_path"`
	DoubleEncode        bool     `json:"double_encode"`
	ContentSHA256Header *bool    `json:"content_sha256_header"`
	OmitSessionToken    bool     `json:"omit_session_token"`
	ChunkSize           int      `json:"chunk_size"`
}

// A Request is the request before signing.
type Request struct {
	Method      string       `json:"method"`
	Scheme      string       `json:"scheme"`
	Host        string       `json:"host"`
	Bucket      *string      `json:"bucket"`
	Object      string       `json:"object"`
	Path        string       `json:"path"`
	WirePath    string       `json:"wire_path"`
	Query       [][2]*string `json:"query"`
	WireQuery   string       `json:"wire_query"`
	Headers     [][2]string  `json:"headers"`
	Body        *Body        `json:"body"`
	PayloadHash string       `json:"payload_hash"`
	Trailers    [][2]string  `json:"trailers"`
	Policy      string       `json:"policy"`
	Text        string       `json:"text"`
}

// A Body is given in one of three ways.
type Body struct {
	UTF8   *string `json:"utf8"`
	Base64 *string `json:"base64"`
	Repeat *Repeat `json:"repeat"`
}

// Repeat is a text so many times.
type Repeat struct {
	UTF8  string `json:"utf8"`
	Count int    `json:"count"`
}

// Expected holds the value of every step.
type Expected struct {
	AddedHeaders      [][2]string  `json:"added_headers"`
	AddedQuery        [][2]*string `json:"added_query"`
	CanonicalURI      *string      `json:"canonical_uri"`
	CanonicalQuery    *string      `json:"canonical_query"`
	CanonicalHeaders  *string      `json:"canonical_headers"`
	CanonicalResource *string      `json:"canonical_resource"`
	SignedHeaders     *string      `json:"signed_headers"`
	SignedParams      *string      `json:"signed_params"`
	PayloadHash       *string      `json:"payload_hash"`
	CanonicalRequest  *string      `json:"canonical_request"`
	StringToSign      *string      `json:"string_to_sign"`
	SigningKey        *string      `json:"signing_key"`
	Signature         *string      `json:"signature"`
	Authorization     *string      `json:"authorization"`
	URL               *string      `json:"url"`
	Form              [][2]string  `json:"form"`
	Chunks            []Chunk      `json:"chunks"`
	Trailer           *Trailer     `json:"trailer"`
	EncodedLength     *int64       `json:"encoded_length"`
	EncodedSHA256     *string      `json:"encoded_sha256"`
	Encoded           *string      `json:"encoded"`
}

// A Chunk is one chunk of an aws-chunked body.
type Chunk struct {
	Size         *int    `json:"size"`
	StringToSign *string `json:"string_to_sign"`
	Signature    *string `json:"signature"`
}

// A Trailer is the signed end of an aws-chunked body.
type Trailer struct {
	Canonical    *string `json:"canonical"`
	StringToSign *string `json:"string_to_sign"`
	Signature    *string `json:"signature"`
}

// Presented is the signature of a request that must be refused, and why.
type Presented struct {
	Signature string `json:"signature"`
	Reason    string `json:"reason"`
	VerifyAt  string `json:"verify_at"`
}

// Printed is what a document prints where another value is right, and why that
// is so. Field is one of canonical_request, string_to_sign, signature, encoded.
type Printed struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Why   string `json:"why"`
}

// file is a vector file with its head.
type file struct {
	Schema      string            `json:"schema"`
	Version     int               `json:"schema_version"`
	Title       string            `json:"title"`
	Audience    string            `json:"audience"`
	Conventions []string          `json:"conventions"`
	Fields      map[string]string `json:"fields"`
	Algorithms  map[string]string `json:"algorithms"`
	Notes       map[string]note   `json:"notes"`
	Sources     map[string]origin `json:"sources"`
	Number      *int              `json:"number_of_vectors"`
	Counts      map[string]counts `json:"counts"`
	Vectors     []Vector          `json:"vectors"`
}

type note struct {
	Kind        string `json:"kind"`
	Description string `json:"description"`
}

type origin struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

type counts struct {
	Total      int `json:"total"`
	Valid      int `json:"valid"`
	Acceptable int `json:"acceptable"`
	Invalid    int `json:"invalid"`
}

// All returns the public vectors that the package carries, scheme by scheme. They
// are checked by tests: an error here is a broken build.
func All() ([]Vector, error) {
	all, err := loadAll("*/public.json")
	if err != nil {
		return nil, err
	}
	return all, nameClauses(all)
}

// nameClauses gives the public vectors the ids of the clauses that they show:
// those of their flags, then those of their mode.
func nameClauses(all []Vector) error {
	const name = "clauses.json"
	text, err := fs.ReadFile(carried, name)
	if err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	var of map[string]map[string][]string // by algorithm, by flag or mode
	if err := decode(name, text, &of); err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	for i := range all {
		v := &all[i]
		for _, word := range append(slices.Clone(v.Flags), v.Mode) {
			for _, id := range of[v.Algorithm][word] {
				if !slices.Contains(v.Clauses, id) {
					v.Clauses = append(v.Clauses, id)
				}
			}
		}
	}
	return nil
}

// Documented returns the worked examples of the vendors' documents, as All does
// the public vectors.
func Documented() ([]Vector, error) { return loadAll("*/documented.json") }

// Own returns the vectors of our own: what the other two sets do not show.
func Own() ([]Vector, error) { return loadAll("*/own.json") }

func loadAll(pattern string) ([]Vector, error) {
	names, err := fs.Glob(carried, pattern)
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	var all []Vector
	for _, name := range names {
		vs, err := Load(carried, name)
		if err != nil {
			return nil, err
		}
		all = append(all, vs...)
	}
	return all, nil
}

// Load reads a vector file. It takes no field that the schema does not have: its
// errors name file, line, field and what was expected.
func Load(fsys fs.FS, name string) ([]Vector, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	return Parse(name, text)
}

// Parse is Load for a file whose text is at hand; name is for messages.
func Parse(name string, text []byte) ([]Vector, error) {
	var f file
	if err := decode(name, text, &f); err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	if f.Schema != schemaName || f.Version != schemaVersion {
		return nil, fmt.Errorf("vectors: %s: expected schema %q version %d, got %q version %d", name, schemaName, schemaVersion, f.Schema, f.Version)
	}
	if f.Number != nil && *f.Number != len(f.Vectors) {
		return nil, fmt.Errorf("vectors: %s: number_of_vectors is %d, the file has %d", name, *f.Number, len(f.Vectors))
	}
	seen := map[string]bool{}
	for i := range f.Vectors {
		v := &f.Vectors[i]
		v.File, v.notes = name, f.Notes
		if err := v.valid(f.Notes); err != nil {
			return nil, fmt.Errorf("vectors: %s:%d: vector %q: %w", name, v.Line, v.ID, err)
		}
		if seen[v.ID] {
			return nil, fmt.Errorf("vectors: %s:%d: vector %q: the id is there twice", name, v.Line, v.ID)
		}
		seen[v.ID] = true
	}
	return f.Vectors, nil
}

var (
	modes   = []string{"header", "query", "form", "chunked", "chunked-trailer", "chunked-unsigned-trailer", "rtmp", "component", "callback"}
	results = []string{"valid", "acceptable", "invalid", "erratum"}
)

// valid checks what the types leave open.
func (v *Vector) valid(notes map[string]note) error {
	switch {
	case v.ID == "":
		return fmt.Errorf("field id: expected a text, got nothing")
	case algorithms[v.Algorithm] == nil:
		return fmt.Errorf("field algorithm: expected one of bce-auth-v1, cos-sha1, oss-v1, oss-v4, aws-sigv4, oss-callback, got %q", v.Algorithm)
	case !slices.Contains(modes, v.Mode):
		return fmt.Errorf("field mode: expected one of %s, got %q", strings.Join(modes, ", "), v.Mode)
	case (v.Mode == "callback") != (v.Algorithm == "oss-callback"):
		return fmt.Errorf("field mode: expected callback with algorithm oss-callback and only there, got %q", v.Mode)
	case !slices.Contains(results, v.Result):
		return fmt.Errorf("field result: expected one of %s, got %q", strings.Join(results, ", "), v.Result)
	case (v.Result == "invalid") != (v.Presented != nil):
		return fmt.Errorf("field presented: expected it with result invalid and only there")
	case (v.Result == "erratum") != (v.Printed != nil):
		return fmt.Errorf("field printed: expected it with result erratum and only there")
	case v.Printed != nil && v.Right() == nil:
		return fmt.Errorf("field printed.field: expected canonical_request, string_to_sign, signature or encoded, and the right value in expected, got %q", v.Printed.Field)
	case v.Presented != nil && !slices.Contains(reasons, v.Presented.Reason):
		return fmt.Errorf("field presented.reason: expected one of %s, got %q", strings.Join(reasons, ", "), v.Presented.Reason)
	}
	if v.inBody() && v.Mode != "chunked" && v.Mode != "chunked-trailer" {
		return fmt.Errorf("field presented.reason: expected %s in modes chunked and chunked-trailer only", v.Presented.Reason)
	}
	if _, err := v.when(); err != nil && v.Time != "" {
		return fmt.Errorf("field time: expected a time in RFC 3339: %w", err)
	}
	if _, err := v.Request.Body.bytes(); err != nil {
		return fmt.Errorf("field request.body: %w", err)
	}
	for _, flag := range v.Flags {
		if _, ok := notes[flag]; notes != nil && !ok {
			return fmt.Errorf("field flags: expected a flag that notes explains, got %q", flag)
		}
	}
	return nil
}

// Right is the value that stands in the place of what the document prints.
func (v *Vector) Right() *string {
	switch v.Printed.Field {
	case "canonical_request":
		return v.Expected.CanonicalRequest
	case "string_to_sign":
		return v.Expected.StringToSign
	case "signature":
		return v.Expected.Signature
	case "encoded":
		return v.Expected.Encoded
	}
	return nil
}

// inBody tells whether the presented signature is one of the body: of the first
// chunk or, with signed trailers, of these.
func (v *Vector) inBody() bool {
	return v.Presented != nil && v.Presented.Reason == string(sign.BadChunk)
}

func (v *Vector) when() (time.Time, error) { return time.Parse(time.RFC3339, v.Time) }

func (b *Body) bytes() ([]byte, error) {
	switch {
	case b == nil:
		return nil, nil
	case b.UTF8 != nil && b.Base64 == nil && b.Repeat == nil:
		return []byte(*b.UTF8), nil
	case b.Base64 != nil && b.UTF8 == nil && b.Repeat == nil:
		return base64.StdEncoding.DecodeString(*b.Base64)
	case b.Repeat != nil && b.UTF8 == nil && b.Base64 == nil:
		if n := b.Repeat.Count; n < 0 || n > maxBody/max(1, len(b.Repeat.UTF8)) {
			return nil, fmt.Errorf("expected at most %d bytes, got %d times %d", maxBody, n, len(b.Repeat.UTF8))
		}
		return []byte(strings.Repeat(b.Repeat.UTF8, b.Repeat.Count)), nil
	}
	return nil, fmt.Errorf("expected one of utf8, base64, repeat")
}

// Run replays vs, writes a line for each that fails, and counts.
func Run(w io.Writer, vs []Vector) (passed, failed int) {
	for i := range vs {
		r := Check(&vs[i])
		if r.OK {
			passed++
			continue
		}
		failed++
		fmt.Fprintln(w, r)
	}
	return passed, failed
}
