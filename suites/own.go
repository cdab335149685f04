package suites

import "objectharness/internal/client"

// own makes a bucket of the case's own, for cases that are about buckets, their
// settings or all that is in them. s.Own(name) is its name afterwards.
func own(name string) Given {
	return func(s *Scene) {
		s.Must(s.CreateBucket(s.Own(name)))
		s.Must(client.Call{Method: "HEAD", Bucket: s.Own(name)})
	}
}

// CreateBucket makes a bucket in the region of the target.
func (s *Scene) CreateBucket(bucket string) client.Call {
	return client.Call{Method: "PUT", Bucket: bucket, Body: []byte(s.Location)}
}

// theirs makes a bucket of the second account's own, for a case that needs it.
// s.Theirs(name) is its name afterwards.
func theirs(name string) Given {
	return func(s *Scene) {
		bucket := s.Theirs(name)
		if r := s.DoAs(s.Other, s.CreateBucket(bucket)); r.Status/100 != 2 {
			s.Block("the second account cannot make a bucket: %s", describe(r))
		}
	}
}

// Theirs is Own for a bucket of the second account.
func (s *Scene) Theirs(name string) string {
	bucket := s.Own(name)
	if s.alien == nil {
		s.alien = map[string]bool{}
	}
	s.alien[bucket] = true
	return bucket
}
