package suites

// signingBOSBooks write what the BOS documents say of signatures.
var signingBOSBooks = []func(*Book){}
