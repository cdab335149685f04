package oracle

import (
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// hasher is a hash for minio-go.
type hasher struct{ hash.Hash }

func (hasher) Close() {}

var record = flag.String("record", "", "write what confirms each vector to this file")

// A judge makes the signature of a vector, or what else it is about.
type judge struct {
	name  string
	takes func(v *Vector) bool
	make  func(v *Vector) (string, error)
	want  func(v *Vector) string
}

const std = "go-stdlib"

func signature(v *Vector) string { return v.Expected.Signature }

// stream is the head's signature, those of the chunks, and that of the trailers.
func stream(v *Vector) string {
	all := []string{v.Expected.Signature}
	for _, c := range v.Expected.Chunks {
		all = append(all, fmt.Sprint(c.Signature))
	}
	if v.Expected.Trailer != nil {
		all = append(all, v.Expected.Trailer.Signature)
	}
	return strings.Join(all, " ")
}

func isStream(v *Vector) bool { return v.Mode == "chunked" || v.Mode == "chunked-trailer" }

func once(v *Vector) bool { _, ok := v.params(); return ok }

func mode(name string) func(*Vector) bool { return func(v *Vector) bool { return v.Mode == name } }

var judges = []judge{
	{"alibabacloud-oss-go-sdk-v2@v1.6.1", func(v *Vector) bool { return isOSS(v) && v.request() }, byOSS2, signature},
	{"aliyun-oss-go-sdk@v3.0.2", oss1Takes, byOSS1, signature},
	{"cos-go-sdk-v5@v0.7.70", func(v *Vector) bool { return v.Algorithm == "cos-sha1" && v.request() }, byCOS, signature},
	{"bce-sdk-go@v0.9.277", func(v *Vector) bool { return v.Algorithm == "bce-auth-v1" && v.request() && once(v) }, byBOS, signature},
	{"aws-sdk-go-v2@v1.47.7", func(v *Vector) bool { return v.Algorithm == "aws-sigv4" && v.request() }, byAWS, signature},
	{"minio-go@v7.4.1", func(v *Vector) bool {
		return v.Algorithm == "aws-sigv4" && v.Options.ChunkSize == 0 && !isStream(v) || v.Mode == "chunked-unsigned-trailer"
	}, byMinio, signature},
	{"minio-go@v7.4.1", func(v *Vector) bool { return isStream(v) && (v.Options.ChunkSize == 0 || v.Options.ChunkSize == 65536) }, byMinioStream, stream},
	{std, mode("form"), formByRule, signature},
	{std, mode("rtmp"), rtmpByRule, signature},
	{std, func(v *Vector) bool { return v.Algorithm == "bce-auth-v1" && v.request() && !once(v) }, requestByRule, signature},
	{std, func(v *Vector) bool { return v.Algorithm == "oss-v4" && v.request() && !once(v) }, requestV4ByRule, signature},
	{std, isStream, streamByRule, stream},
	{std, mode("callback"), callbackByRule, signature},
	{std, mode("component"), componentByRule, func(v *Vector) string { return v.Expected.Encoded }},
}

// judged asks every judge that takes the vector, at the vector's time.
func judged(t *testing.T, v *Vector) (confirmed, deviating []string) {
	synctest.Test(t, func(t *testing.T) {
		if v.Time != "" {
			time.Sleep(time.Until(v.at())) // the bubble's clock: it goes there at once
		}
		for _, j := range judges {
			if !j.takes(v) {
				continue
			}
			got, err := j.make(v)
			switch want := j.want(v); {
			case err != nil:
				t.Errorf("%s: %s: %v", v.ID, j.name, err)
			case got == want:
				confirmed = append(confirmed, j.name)
			default:
				deviating = append(deviating, j.name)
				t.Logf("%s: %s makes %q, the vector says %q", v.ID, j.name, got, want)
			}
		}
	})
	return confirmed, deviating
}

// TestOwnVectors holds every vector of our own to those who it says confirm it,
// and to those who it says deviate: no more and no fewer.
func TestOwnVectors(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]any{}
	deviations := map[string][]string{}
	count := map[string]int{}
	for i := range all {
		v := &all[i]
		confirmed, deviating := judged(t, v)
		made[v.ID] = confirmed
		if deviating != nil {
			deviations[v.ID] = deviating
		}
		for _, name := range confirmed {
			count[name]++
		}
		if *record != "" {
			continue
		}
		if len(confirmed) == 0 {
			t.Errorf("%s: nobody confirms it", v.ID)
		}
		if !slices.Equal(confirmed, v.ConfirmedBy) || !slices.Equal(deviating, v.Deviating) {
			t.Errorf("%s: confirmed by %q and not by %q; the vector says %q and %q", v.ID, confirmed, deviating, v.ConfirmedBy, v.Deviating)
		}
	}
	t.Logf("%d vectors; confirmed by %v", len(all), count)
	if *record != "" {
		made["deviating"] = deviations
		text, err := json.MarshalIndent(made, "", " ")
		if err == nil {
			err = os.WriteFile(*record, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestOraclesNotice changes the secret, the method or the policy of every vector:
// nobody confirms it any more.
func TestOraclesNotice(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		v := all[i]
		if v.Mode == "component" || v.Mode == "callback" {
			v.Request.Text += "x"
			v.Request.Path += "x"
		}
		v.Credentials.SecretKey += "x"
		for _, j := range judges {
			if !j.takes(&v) {
				continue
			}
			if got, err := j.make(&v); err == nil && got == j.want(&v) && got != "" {
				t.Errorf("%s: %s confirms it under another secret", v.ID, j.name)
			}
		}
	}
}
