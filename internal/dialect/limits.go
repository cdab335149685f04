package dialect

// Binary multiples of a byte, as the limits count them.
const (
	KiB = 1 << 10
	MiB = 1 << 20
	GiB = 1 << 30
	TiB = 1 << 40
)

// Limits are the documented bounds of a dialect; each dialect's own file names
// the clause of each. Sizes are bytes. Zero means that nothing is documented.
type Limits struct {
	PutSize      int64 // body of one PutObject
	PostSize     int64 // body of one PostObject
	CopySize     int64 // source of one CopyObject
	AppendSize   int64 // an appendable object as a whole
	ObjectSize   int64 // an object made of parts
	PartSize     int64 // one part
	MinPartSize  int64 // a part that is not the last
	Parts        int   // parts of an upload, and the largest part number
	MetaSize     int   // user metadata of an object
	MetaValue    int   // one value of it
	CopyBreak    int64 // bytes after which a copy breaks off; no document names it: for those who want to see one
	Requests     int   // requests a second of the keys of a bucket; no document names it, nor the four below: for those who want to see what then happens
	Bandwidth    int64 // bytes a second of the body of a request or of its reply
	Faults       int   // requests that fail inside the service before it is well
	Settling     int   // seconds that a change of a bucket's configuration takes
	Spreading    int   // seconds that the name of a new bucket takes to be known everywhere
	BodyWait     int   // milliseconds that a server waits for more of a body; no document names it
	Buckets      int   // buckets of an account
	ListKeys     int   // entries of a page of a listing
	ListDefault  int   // the same where the request does not say
	ListParts    int   // parts, and uploads, of a page
	ListBuckets  int   // buckets of a page
	DeleteKeys   int   // keys of one multi-object delete
	DeleteSize   int64 // body of one multi-object delete
	ObjectTags   int   // tags of an object
	BucketTags   int   // tags of a bucket
	TagKey       int   // characters of a tag key
	TagValue     int   // characters of a tag value
	CORSRules    int   // CORS rules of a bucket
	Lifecycle    int   // lifecycle rules of a bucket
	RuleID       int   // characters of a rule's id
	Grants       int   // grants of an ACL
	BucketACLs   int   // ACLs of buckets that an account may have
	PolicySize   int64 // a bucket policy
	HeadSize     int   // header fields of a request
	FormSize     int   // fields of a form before the file
	ConfigSize   int64 // a configuration document
	MinRate      int64 // traffic limit, bit/s
	MaxRate      int64 // traffic limit, bit/s
	Skew         int   // seconds between request and server clock
	MaxExpires   int   // seconds that a presigned URL may be valid
	RestoreDays  int   // days that a restored object stays readable
	RoutingRules int   // routing rules of a website
}
