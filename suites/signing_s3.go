package suites

// signingS3Books write what the S3 documents say of signatures.
var signingS3Books = []func(*Book){}
