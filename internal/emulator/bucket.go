package emulator

// access lets nobody list buckets who does not say who he is.
func (c *call) access() error {
	if c.at.Bucket == "" {
		return c.require("access.anonymous-service", !c.anonymous, "AccessDenied")
	}
	return nil
}

// bucketName names the bucket that a refusal is about.
func (c *call) bucketName(f *fault) {
	if c.e.t.reading.named && c.does("error.bucket-name") {
		withExtra("BucketName", c.at.Bucket)(f)
	}
}
