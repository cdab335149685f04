package suites

// objectBooks write the chapter object.
var objectBooks = []func(*Book){}
