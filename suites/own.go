package suites

import "objectharness/internal/client"

// own makes a bucket of the case's own, for cases that are about buckets, their
// settings or all that is in them. s.Own(name) is its name afterwards.
func own(name string) Given {
	return func(s *Scene) { s.Must(s.CreateBucket(s.Own(name))) }
}

// CreateBucket makes a bucket in the region of the target.
func (s *Scene) CreateBucket(bucket string) client.Call {
	return client.Call{Method: "PUT", Bucket: bucket, Body: []byte(s.Location)}
}
