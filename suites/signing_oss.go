package suites

// signingOSSBooks write what the OSS documents say of signatures.
var signingOSSBooks = []func(*Book){}
