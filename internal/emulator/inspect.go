package emulator

// Objects is the number of objects in a bucket, -1 when there is no such bucket.
func (e *Emulator) Objects(bucket string) int {
	b := e.store.Bucket(bucket)
	if b == nil {
		return -1
	}
	return b.Len()
}

// Uploads is the number of uploads in a bucket that nobody has ended, -1 when
// there is no such bucket.
func (e *Emulator) Uploads(bucket string) int {
	b := e.store.Bucket(bucket)
	if b == nil {
		return -1
	}
	return b.Uploads()
}
