package suites

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"objectharness/internal/clause"
	"objectharness/vectors"
)

// signingVectorBooks and presignVectorBooks write a case for every carried
// vector: those of URLs belong to the chapter presign. They judge the
// harness's own signer and verifier, which all other cases rest on.
var (
	signingVectorBooks = []func(*Book){func(b *Book) { b.vectorCases(false) }}
	presignVectorBooks = []func(*Book){func(b *Book) { b.vectorCases(true) }}
)

// vectorDialect is the dialect that signs by an algorithm.
var vectorDialect = map[string]string{
	"oss-v1": "oss", "oss-v4": "oss", "oss-callback": "oss", "cos-sha1": "cos", "bce-auth-v1": "bos", "aws-sigv4": "s3",
}

// carriedVectors reads the vectors once. They are part of the program: one that
// cannot be read is a broken build, which every test of vectors shows.
var carriedVectors = sync.OnceValue(func() (all []vectors.Vector) {
	for _, load := range []func() ([]vectors.Vector, error){vectors.All, vectors.Documented, vectors.Own} {
		set, err := load()
		if err != nil {
			panic(fmt.Sprintf("suites: %v", err))
		}
		all = append(all, set...)
	}
	return all
})

func (b *Book) vectorCases(urls bool) {
	for i := range carriedVectors() {
		v := &carriedVectors()[i]
		if inURL := v.Mode == "query" || v.Mode == "rtmp"; vectorDialect[v.Algorithm] == b.Dialect && inURL == urls {
			b.cases = append(b.cases, VectorCase(b.Chapter, v))
		}
	}
}

// VectorCase is the case of one vector in a chapter: signed as documented at
// every step that the vector gives, verified, or refused for its reason.
func VectorCase(chapter string, v *vectors.Vector) Case {
	dialect := vectorDialect[v.Algorithm]
	return Case{
		ID: dialect + "/" + chapter + "/vector/" + v.ID, Dialect: dialect, Chapter: chapter, Offline: true,
		Text:    vectorText(v),
		Clauses: slices.Clone(v.Clauses[:min(len(v.Clauses), 3)]),
		Run:     func(s *Scene) { s.vector(v) },
	}
}

// vectorText says what is asked, and of whom: of no target.
func vectorText(v *vectors.Vector) string {
	what := map[string]string{
		"valid":      "makes every value of",
		"acceptable": "makes every value of, or refuses, the open case",
		"invalid":    "refuses",
		"erratum":    "makes the right value, not the printed one, of",
	}[v.Result]
	text := "(the harness's own signer) " + what + " vector " + v.ID + ": " + v.Comment
	if v.Presented != nil {
		text += ", for " + v.Presented.Reason
	}
	return text
}

// vector replays v and names the first step that differs.
func (s *Scene) vector(v *vectors.Vector) {
	r := vectors.Check(v)
	if r.OK && (r.Note == "" || r.Refused) {
		return
	}
	for _, id := range s.Case.Clauses {
		s.Fail(id, clause.BrokenField, fmt.Sprintf("%s of vector %s: %s", r.Step, v.ID, excerpt(r.Want)),
			strings.TrimSpace(excerpt(r.Got)+fmt.Sprintf(", which differs at byte %d", r.Index)))
	}
}
