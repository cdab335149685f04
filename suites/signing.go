package suites

// signingBooks write the chapter signing.
var signingBooks = []func(*Book){}
