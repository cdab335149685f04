package suites

// signingCOSBooks write what the COS documents say of signatures.
var signingCOSBooks = []func(*Book){}
