package suites

// objectBooks write the chapter object: one object at a time, put, read and
// removed. Writing stands in object_put*.go, reading in object_get*.go.
var objectBooks = append(objectPutBooks, objectGetBooks...)
