package emulator

// OSS: three words for a bucket, four for an object; only the owner touches
// lists.
var ossAccess = accessing{
	everyone: "*", makes: true, wordOnly: true, onCreate: true, noOverride: "InvalidRequest",
	rights: map[string]right{
		"read": {bucket: []string{"READ"}, object: []string{"READ"}}, "list": {bucket: []string{"READ"}}, "head-bucket": {bucket: []string{"READ"}},
		"put": ossWrite, "append": ossWrite, "multipart": ossWrite, "delete": ossWrite,
	},
	bucketField: "x-oss-acl", objectField: "x-oss-object-acl",
	bucketWords: ossWords, objectWords: with(ossWords, "default"),
	bodies: aclBodies{missing: "InvalidArgument"},
}

var ossWrite = right{bucket: []string{"WRITE"}, object: []string{"WRITE"}}

var ossWords = map[string][]grant{
	"private": {}, "public-read": {share("*", "READ")}, "public-read-write": {share("*", "READ", "WRITE")},
}

// with is a table of canned lists with one more that grants nothing.
func with(words map[string][]grant, more string) map[string][]grant {
	out := map[string][]grant{more: {}}
	for word, grants := range words {
		out[word] = grants
	}
	return out
}

const (
	cosGroups   = "http://cam.qcloud.com/groups/global/"
	cosEveryone = cosGroups + "AllUsers"
	cosSigned   = cosGroups + "AuthenticatedUsers"
	s3Groups    = "http://acs.amazonaws.com/groups/global/"
	s3Everyone  = s3Groups + "AllUsers"
	s3Signed    = s3Groups + "AuthenticatedUsers"
	s3Logs      = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// COS: the permissions of S3, but objects without a list of their own follow
// their bucket, and WRITE of a bucket is all of its objects.
var cosAccess = accessing{
	everyone: cosEveryone, signed: cosSigned, wholeGrant: true, adopts: true, onCreate: true, noOverride: "AccessDenied",
	rights: map[string]right{
		"read": {bucket: []string{"READ"}, object: []string{"READ"}}, "list": {bucket: []string{"READ"}}, "head-bucket": {bucket: []string{"READ"}},
		"put": onBucket("WRITE"), "append": onBucket("WRITE"), "multipart": onBucket("WRITE"), "delete": onBucket("WRITE"), "parts": onBucket("WRITE"),
		"read-bucket-acl": onBucket("READ_ACP"), "write-bucket-acl": onBucket("WRITE_ACP"),
		"read-acl": {object: []string{"READ_ACP"}}, "write-acl": {object: []string{"WRITE_ACP"}},
	},
	bucketField: "x-cos-acl", objectField: "x-cos-acl",
	bucketWords: cannedWords(cosEveryone, cosSigned), objectWords: cosObjectWords(),
	grants: "x-cos-grant-", bucketGrants: true, grantFields: grantFields, grantItem: cosItem, account: cosAccount,
	malformed: "MalformedXML", badPermission: "MalformedXML", tooMany: "InvalidArgument",
	granteeTypes: []string{"CanonicalUser", "RootAccount", "SubAccount", "Group"},
	bodies:       aclBodies{read: xmlACL, nothing: "MissingRequestBodyError", missing: "MissingRequestBodyError", owned: true},
}

func onBucket(permissions ...string) right { return right{bucket: permissions} }

// cannedWords are the canned lists of buckets that S3 and COS have.
func cannedWords(everyone, signed string) map[string][]grant {
	owner := share(theOwner, fullControl)
	return map[string][]grant{
		"private": {owner}, "public-read": {owner, share(everyone, "READ")}, "authenticated-read": {owner, share(signed, "READ")},
		"public-read-write": {owner, share(everyone, "READ"), share(everyone, "WRITE")},
	}
}

func cosObjectWords() map[string][]grant {
	words := with(cannedWords(cosEveryone, cosSigned), "default")
	delete(words, "public-read-write")
	return ownerWords(words)
}

// ownerWords adds the lists that are for the owner of the bucket.
func ownerWords(words map[string][]grant) map[string][]grant {
	words["bucket-owner-read"] = []grant{share(theOwner, fullControl), share(theBucketOwner, "READ")}
	words["bucket-owner-full-control"] = []grant{share(theOwner, fullControl), share(theBucketOwner, fullControl)}
	return words
}

// BOS: entries in JSON. The list of an object is looked at for reading alone.
var bosAccess = accessing{
	everyone: "*",
	rights: map[string]right{
		"read": {bucket: []string{"READ", "GetObject"}, object: []string{"READ"}},
		"list": onBucket("LIST"), "head-bucket": onBucket("READ"), "parts": onBucket("READ"),
		"put": bosWrite, "append": bosWrite, "multipart": onBucket("WRITE", "PutObject"), "delete": onBucket("WRITE", "DeleteObject"),
		"read-bucket-acl": onBucket(), "write-bucket-acl": onBucket(), "cors": onBucket(),
		"read-acl": {object: []string{fullControl}}, "write-acl": {object: []string{fullControl}},
	},
	bucketField: "x-bce-acl", objectField: "x-bce-acl",
	bucketWords: map[string][]grant{"private": {share(theOwner, fullControl)}, "public-read": {share(theOwner, fullControl), share("*", "READ")},
		"public-read-write": {share(theOwner, fullControl), share("*", "READ", "WRITE")}},
	objectWords: map[string][]grant{"private": {share(theOwner, fullControl)}, "public-read": {share(theOwner, fullControl), share("*", "READ")}},
	grants:      "x-bce-grant-", grantFields: []grantField{{"read", "READ"}, {"full-control", fullControl}}, grantItem: bosItem,
	noList: "ObjectAclNotExists",
	bodies: aclBodies{read: bosACL, both: "InvalidArgument", mixed: "InvalidArgument", nothing: "MalformedJSON", missing: "MalformedJSON"},
}

var bosWrite = right{bucket: []string{"WRITE", "PutObject"}, over: []string{"MODIFY"}}

// S3: an object is its owner's; WRITE of a bucket lets make objects, not change
// those of others; new buckets have no lists.
var s3Access = accessing{
	everyone: s3Everyone, signed: s3Signed, others: []string{s3Logs}, ownObjects: true, enforced: true, onCreate: true, noOverride: "InvalidRequest",
	rights: map[string]right{
		"read": {bucket: []string{"READ"}, object: []string{"READ"}}, "list": onBucket("READ"), "head-bucket": onBucket("READ"),
		"put": onBucket("WRITE"), "multipart": onBucket("WRITE"), "delete": onBucket("WRITE"),
		"read-bucket-acl": onBucket("READ_ACP"), "write-bucket-acl": onBucket("WRITE_ACP"),
		"read-acl": {bucket: []string{"READ"}, object: []string{"READ_ACP"}}, "write-acl": {bucket: []string{"READ"}, object: []string{"WRITE_ACP"}},
	},
	bucketField: "x-amz-acl", objectField: "x-amz-acl",
	bucketWords: s3BucketWords(), objectWords: ownerWords(cannedWords(s3Everyone, s3Signed)),
	grants: "x-amz-grant-", bucketGrants: true, grantFields: grantFields, grantItem: s3Item, account: knownAccount, objectWrite: true,
	malformed: "MalformedACLError", badPermission: "MalformedACLError", tooMany: "MalformedACLError", ownerNeeded: true,
	granteeTypes: []string{"CanonicalUser", "Group", "AmazonCustomerByEmail"},
	bodies:       aclBodies{read: xmlACL, both: "UnexpectedContent", mixed: "InvalidRequest", nothing: "MissingSecurityHeader", missing: "MissingSecurityHeader"},
}

func s3BucketWords() map[string][]grant {
	words := ownerWords(cannedWords(s3Everyone, s3Signed))
	words["bucket-owner-read"], words["bucket-owner-full-control"] = words["private"], words["private"]
	words["log-delivery-write"] = []grant{share(theOwner, fullControl), share(s3Logs, "WRITE"), share(s3Logs, "READ_ACP")}
	return words
}
