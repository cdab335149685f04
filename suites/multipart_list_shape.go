package suites

import (
	"maps"

	"objectharness/internal/client"
)

// An mpShape is what the documents of one dialect name in lists of parts and of
// uploads, beyond what all of them name.
type mpShape struct {
	part, upload             map[string]string // members of the two documents
	entry                    map[string]any    // members of an entry of a list of uploads
	partChecks, uploadChecks []func(*Scene, *client.Reply) []Flaw
	wholeKeys                bool // no page of uploads ends within a key
}

var mpShapes = map[string]mpShape{
	"oss": {
		upload:       map[string]string{"UploadIdMarker": ""},
		partChecks:   mpChecks(mpRooted("ListPartsResult")),
		uploadChecks: mpChecks(mpRooted("ListMultipartUploadsResult")),
	},
	"cos": {
		part:         map[string]string{"PartNumberMarker": "0", "StorageClass": "STANDARD"},
		upload:       map[string]string{"UploadIdMarker": ""},
		entry:        map[string]any{"Owner/ID": Present, "Initiator/ID": Present, "StorageClass": "STANDARD"},
		partChecks:   mpChecks(mpRooted("ListPartsResult"), mpNames("Owner/ID", "Initiator/ID")),
		uploadChecks: mpChecks(mpRooted("ListMultipartUploadsResult")),
	},
	"bos": {
		part:       map[string]string{"PartNumberMarker": "0", "StorageClass": "STANDARD"},
		entry:      map[string]any{"Owner/ID": Present, "StorageClass": "STANDARD"},
		partChecks: mpChecks(mpNames("owner/id"), mpRecent("Initiated")),
		wholeKeys:  true,
	},
	"s3": {
		part:         map[string]string{"PartNumberMarker": "0"},
		upload:       map[string]string{"UploadIdMarker": ""},
		entry:        map[string]any{"Owner/ID": Present, "StorageClass": "STANDARD"},
		partChecks:   mpChecks(mpRooted("ListPartsResult")),
		uploadChecks: mpChecks(mpRooted("ListMultipartUploadsResult")),
	},
}

func mpChecks(list ...func(*Scene, *client.Reply) []Flaw) []func(*Scene, *client.Reply) []Flaw {
	return list
}

// mpPartShape wants a list of these parts with all that the dialect's documents
// name; is holds members that are others than usual.
func (b *Book) mpPartShape(is map[string]string, numbers ...int) Want {
	last := 0
	if len(numbers) > 0 {
		last = numbers[len(numbers)-1]
	}
	shape := mpShapes[b.Dialect]
	l := look{entry: map[string]any{"LastModified": mpTimes}, is: map[string]string{"Bucket": "@bucket", "Key": "~a", "UploadId": "#a",
		"NextPartNumberMarker": itoa(last), "MaxParts": "1000", "IsTruncated": "false"}}
	maps.Copy(l.is, shape.part)
	maps.Copy(l.is, is)
	w := l.parts(numbers...)
	return w.With(mpAll(append(mpChecks(mpTags, mpRecent("LastModified"), w.Check), shape.partChecks...)...))
}

// mpUploadShape wants a list of these uploads with all that the dialect's
// documents name; l holds what is other than usual.
func (b *Book) mpUploadShape(l look, names ...string) Want {
	shape := mpShapes[b.Dialect]
	is := map[string]string{"Bucket": "@bucket", "KeyMarker": "", "Prefix": "~", "Delimiter": "", "MaxUploads": "1000", "IsTruncated": "false"}
	entry := map[string]any{"Initiated": mpTimes}
	maps.Copy(is, shape.upload)
	maps.Copy(is, l.is)
	maps.Copy(entry, shape.entry)
	maps.Copy(entry, l.entry)
	l.is, l.entry = is, entry
	w := l.uploads(names...)
	return w.With(mpAll(append(mpChecks(w.Check, mpRecent("Initiated")), shape.uploadChecks...)...))
}
