package suites

// objectGetBooks write what the chapter object says of reading, of errors and
// of the fields that every reply carries.
var objectGetBooks = []func(*Book){}
