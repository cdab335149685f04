package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// store puts the parts of an upload and completes it.
func (s *trial) store(ctx context.Context, key string, bodies [][]byte) ([]Part, error) {
	upload, err := s.Begin(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	var parts []Part
	for i, body := range bodies {
		part, err := s.Part(ctx, key, upload, i+1, body)
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", i+1, err)
		}
		parts = append(parts, part)
	}
	return parts, s.Complete(ctx, key, upload, parts)
}

// inParts stores 12 MiB in parts of odd sizes. All but the last are over 5 MiB,
// which is enough in every dialect.
func inParts(ctx context.Context, s *trial) error {
	const key, first, second = "parts/中+ %.bin", 5<<20 + 1, 5<<20 + 77_777
	bodies := [][]byte{content(first), content(second), content(12<<20 - first - second)}
	if _, err := s.store(ctx, key, bodies); err != nil {
		return err
	}
	got, err := s.Get(ctx, key, Query{})
	if err != nil {
		return err
	}
	return s.holds(got, Object{Body: bytes.Join(bodies, nil)})
}

// multipartCopied has a second part that is copied out of an object.
func multipartCopied(ctx context.Context, s *trial) error {
	const key, from = "parts/copied.bin", "parts/source 中+%.bin"
	source, first := content(300_001), content(5<<20+3)
	if err := s.Put(ctx, from, Object{Body: source}); err != nil {
		return err
	}
	upload, err := s.Begin(ctx, key)
	if err != nil {
		return err
	}
	one, err := s.Part(ctx, key, upload, 1, first)
	if err != nil {
		return fmt.Errorf("part 1: %w", err)
	}
	two, err := s.PartFrom(ctx, key, upload, 2, from, 7, 200_006)
	if err != nil {
		return fmt.Errorf("part 2: %w", err)
	}
	if err := s.Complete(ctx, key, upload, []Part{one, two}); err != nil {
		return err
	}
	got, err := s.Get(ctx, key, Query{})
	if err != nil {
		return err
	}
	return s.holds(got, Object{Body: append(first, source[7:200_007]...)})
}

// multipartLists looks at parts and uploads, in pages smaller than the whole.
func multipartLists(ctx context.Context, s *trial) error {
	keys := []string{"listed/1", "listed/2 中+%", "listed/3"}
	uploads := map[string]string{}
	for _, key := range keys {
		upload, err := s.Begin(ctx, key)
		if err != nil {
			return err
		}
		uploads[key] = upload
	}
	got, err := s.Uploads(ctx, "listed/", 2)
	if err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	if !slices.Equal(got, keys) {
		return fmt.Errorf("uploads: got %q, want %q", got, keys)
	}
	if err := s.listParts(ctx, keys[1], uploads[keys[1]]); err != nil {
		return err
	}
	for key, upload := range uploads {
		if err := s.Abort(ctx, key, upload); err != nil {
			return fmt.Errorf("abort %q: %w", key, err)
		}
	}
	return nil
}

func (s *trial) listParts(ctx context.Context, key, upload string) error {
	var want []Part
	for _, n := range []int{1, 3, 7} {
		part, err := s.Part(ctx, key, upload, n, content(100+n))
		if err != nil {
			return fmt.Errorf("part %d: %w", n, err)
		}
		want = append(want, Part{n, bare(part.ETag), int64(100 + n)})
	}
	got, err := s.Parts(ctx, key, upload, 2)
	if err != nil {
		return fmt.Errorf("parts: %w", err)
	}
	for i := range got {
		got[i].ETag = bare(got[i].ETag)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("parts: got %v, want %v", got, want)
	}
	return nil
}

// bare is an ETag without its quotes: SDKs differ in keeping them.
func bare(tag string) string { return strings.ToLower(strings.Trim(tag, `"`)) }

// multipartAbort wants the upload to be gone, with no object in its place.
func multipartAbort(ctx context.Context, s *trial) error {
	const key = "parts/aborted.bin"
	upload, err := s.Begin(ctx, key)
	if err != nil {
		return err
	}
	if _, err := s.Part(ctx, key, upload, 1, content(1000)); err != nil {
		return err
	}
	if err := s.Abort(ctx, key, upload); err != nil {
		return err
	}
	_, err = s.Part(ctx, key, upload, 2, content(1000))
	if err := refused(s, err, 404, "NoSuchUpload"); err != nil {
		return err
	}
	_, err = s.Get(ctx, key, Query{})
	return refused(s, err, 404, "NoSuchKey")
}

// list takes the keys in pages of size, folded at a delimiter if one is given.
func list(delimiter string, size int) func(context.Context, *trial) error {
	return func(ctx context.Context, s *trial) error {
		keys := []string{"list/a+b%", "list/b c", "list/d e+/1", "list/d e+/2", "list/e&<", "list/中", "list/中/x"}
		for _, key := range append(keys, "lisu/no") {
			if err := s.Put(ctx, key, plain); err != nil {
				return err
			}
		}
		want := Listing{Keys: keys}
		if delimiter != "" {
			want = Listing{[]string{"list/a+b%", "list/b c", "list/e&<", "list/中"}, []string{"list/d e+/", "list/中/"}}
		}
		got, err := s.List(ctx, "list/", delimiter, size)
		if err != nil {
			return err
		}
		if !slices.Equal(got.Keys, want.Keys) || !slices.Equal(got.Prefixes, want.Prefixes) {
			return fmt.Errorf("got %q, want %q", got, want)
		}
		return nil
	}
}
