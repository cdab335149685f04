package suites

// objectPutBooks write what the chapter object says of writing and removing.
var objectPutBooks = []func(*Book){}
