// Package oracle lets the vendors' own SDKs, and for what none of them makes a
// few lines over the standard library, confirm the signing vectors of our own.
// It knows nothing of the harness but the files: it reads ../../vectors/*/own.json
// with a reader of its own.
package oracle

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Vector is what the oracles look at of a vector. The fields are those of
// the schema that vectors/README.md explains.
type Vector struct {
	ID          string   `json:"id"`
	Algorithm   string   `json:"algorithm"`
	Mode        string   `json:"mode"`
	Time        string   `json:"time"`
	Expires     *int64   `json:"expires"`
	ConfirmedBy []string `json:"confirmed_by"`
	Deviating   []string `json:"deviating"`
	Credentials struct {
		AccessKey string `json:"access_key"`
		SecretKey string `json:"secret_key"`
		Token     string `json:"session_token"`
		PublicKey string `json:"public_key"`
	} `json:"credentials"`
	Scope   struct{ Region, Service string } `json:"scope"`
	Options struct {
		Component  string   `json:"component"`
		Signed     []string `json:"signed_headers"`
		Params     []string `json:"signed_params"`
		Additional []string `json:"additional_headers"`
		KeyTime    string   `json:"key_time"`
		SignToken  *bool    `json:"sign_token"`
		ChunkSize  int      `json:"chunk_size"`
	} `json:"options"`
	Request struct {
		Method, Scheme, Host, Path, Object, Policy, Text string
		Bucket                                           *string
		WirePath                                         string `json:"wire_path"`
		WireQuery                                        string `json:"wire_query"`
		Query                                            [][2]*string
		Headers, Trailers                                [][2]string
		Payload                                          string `json:"payload_hash"`
		Body                                             struct {
			UTF8   string
			Repeat struct {
				UTF8  string
				Count int
			}
		}
	} `json:"request"`
	Expected struct {
		Signature string `json:"signature"`
		Encoded   string `json:"encoded"`
		Chunks    []struct{ Size, Signature any }
		Trailer   *struct{ Signature string }
	} `json:"expected"`
}

// Load reads the vectors of our own.
func Load() ([]Vector, error) {
	names, err := filepath.Glob("../../vectors/*/own.json")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("oracle: no vectors: %w", err)
	}
	var all []Vector
	for _, name := range append(names, "../../vectors/oss-callback/documented.json") {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("oracle: %w", err)
		}
		var f struct{ Vectors []Vector }
		if err := json.Unmarshal(text, &f); err != nil {
			return nil, fmt.Errorf("oracle: %s: %w", name, err)
		}
		all = append(all, f.Vectors...)
	}
	return all, nil
}

func (v *Vector) at() time.Time {
	t, _ := time.Parse(time.RFC3339, v.Time)
	return t.UTC()
}

// valid is the validity in seconds, usual where the vector leaves it open.
func (v *Vector) valid(usual int64) int64 {
	if v.Expires != nil {
		return *v.Expires
	}
	return usual
}

func (v *Vector) body() []byte {
	if b := v.Request.Body; b.Repeat.Count > 0 {
		return []byte(strings.Repeat(b.Repeat.UTF8, b.Repeat.Count))
	}
	return []byte(v.Request.Body.UTF8)
}

func (v *Vector) policy64() string {
	return base64.StdEncoding.EncodeToString([]byte(v.Request.Policy))
}

// request tells whether the vector signs a request as a whole.
func (v *Vector) request() bool {
	return v.Mode == "header" || v.Mode == "query" || strings.HasPrefix(v.Mode, "chunked")
}

// params are the parameters as a map; ok is false where one is repeated, which a
// map cannot say.
func (v *Vector) params() (params map[string]string, ok bool) {
	params = map[string]string{}
	for _, p := range v.Request.Query {
		value := ""
		if p[1] != nil {
			value = *p[1]
		}
		params[*p[0]] = value
	}
	return params, len(params) == len(v.Request.Query)
}
