package suites

import (
	"context"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// lockFree has a bucket of the case's own removed when the case ends, locked
// versions and all: the ordinary way removes none of them.
func (s *Scene) lockFree(bucket string) {
	if s.Subject != s.home || s.ReadOnly {
		return
	}
	s.close = append(s.close, func() {
		if s.unanswered {
			return
		}
		ctx, cancel := s.home.outlive(s.Ctx)
		defer cancel()
		s.lockClear(ctx, bucket)
	})
}

// lockClear removes what is left of a bucket.
func (s *Scene) lockClear(ctx context.Context, bucket string) {
	r, err := s.home.Owner.Do(ctx, client.Call{Method: "GET", Bucket: bucket, Query: configQuery("versions"), Note: client.CleanUp})
	if err != nil || r.Status/100 != 2 {
		return
	}
	told, err := versionsTold(r)
	if err != nil {
		return
	}
	for _, v := range told {
		if !s.lockRemove(ctx, bucket, v) {
			return
		}
	}
	s.remove(ctx, s.home, made{bucket: bucket}) // what it does not remove stays in the ledger
}

// lockRemove sets a version free and removes it. Servers that give not even the
// owner of a bucket the permission to bypass are asked for it.
func (s *Scene) lockRemove(ctx context.Context, bucket string, v versionTold) bool {
	m := made{bucket: bucket, key: v.Key, version: v.ID}
	free := withDigest(client.Call{Method: "PUT", Bucket: bucket, Key: v.Key, Body: []byte(lockHolding("OFF")(s)), Note: client.CleanUp,
		Query: append(configQuery("legal-hold"), wire.Param{Name: "versionId", Value: v.ID})})
	plain := withDigest(client.Call{Method: "PUT", Bucket: bucket, Query: configQuery("object-lock"), Body: []byte(lockConfig()), Note: client.CleanUp})
	permit := withDigest(client.Call{Method: "PUT", Bucket: bucket, Query: configQuery("policy"), Note: client.CleanUp,
		Body: []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:BypassGovernanceRetention","Resource":"arn:aws:s3:::` + bucket + `/*"}]}`)})
	remove := m.removal()
	remove.Fields = append(remove.Fields, Field(lockBypassField, "true"))
	for _, before := range [][]client.Call{nil, {free}, {plain, permit}} {
		for _, call := range before {
			if _, err := s.home.Owner.Do(ctx, call); err != nil {
				return false
			}
		}
		r, err := s.home.Owner.Do(ctx, remove)
		if err != nil {
			return false
		}
		if r.Status/100 == 2 || r.Status == 404 {
			if s.home.Gone != nil {
				s.home.Gone(m.kind(), m.bucket, m.key, m.id())
			}
			return true
		}
	}
	return true
}
