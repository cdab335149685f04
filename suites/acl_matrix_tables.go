package suites

const others = "second|anonymous"

// OSS: the list of the object counts where it has one, that of the bucket where
// it has none; nobody but the owner touches lists.
var ossCells = cellTable{
	buckets: []string{"private", "public-read", "public-read-write"}, objects: []string{"default", "private", "public-read", "public-read-write"}, free: "default",
	asks: []string{"get", "head", "put", "overwrite", "delete", "append", "multipart", "list", "read-acl", "write-acl", "read-bucket-acl", "write-bucket-acl"},
	lines: []cellLine{
		{"owner", "private|public-read", "*", "*", true, "OSS-ACL-01 OSS-ACL-10"},
		{"owner", "public-read-write", "*", "*", true, "OSS-ACL-01"},
		{others, "*", "*", "read-bucket-acl", false, "OSS-XACL-09"},
		{"second", "*", "*", "write-bucket-acl", false, "OSS-ACL-14 OSS-XACL-06"},
		{"anonymous", "*", "*", "write-bucket-acl", false, "OSS-ACL-14 OSS-XACL-05"},
		{others, "*", "*", "read-acl", false, "OSS-XOACL-13"},
		{others, "*", "*", "write-acl", false, "OSS-XOACL-09"},
		{others, "private", "*", "list", false, "OSS-XACL-12"},
		{others, "public-read|public-read-write", "*", "list", true, "OSS-XACL-12"},

		{others, "*", "public-read|public-read-write", "get|head", true, "OSS-XOACL-02"},
		{others, "*", "private", "get|head", false, "OSS-XOACL-03"},
		{"second", "private", "*", "get|head", false, "OSS-ACL-07 OSS-ERROR-07"},
		{"anonymous", "private", "*", "get|head", false, "OSS-ACL-05"},
		{others, "public-read", "*", "get|head", true, "OSS-ACL-08"},
		{others, "public-read-write", "*", "get|head", true, "OSS-ACL-12"},

		{others, "*", "public-read-write", "overwrite|delete|append", true, "OSS-XOACL-04"},
		{others, "*", "private|public-read", "delete", false, "OSS-XOACL-02 OSS-XDEL-05"},
		{others, "*", "private|public-read", "overwrite|append", false, "OSS-XOACL-02"},
		{"second", "private", "*", "put|overwrite", false, "OSS-ACL-07 OSS-PUT-06"},
		{"second", "private", "*", "append|multipart|delete", false, "OSS-ACL-07"},
		{"anonymous", "private", "*", "put|overwrite", false, "OSS-ACL-06 OSS-PUT-06"},
		{"anonymous", "private", "*", "append|multipart", false, "OSS-ACL-06"},
		{"anonymous", "private", "*", "delete", false, "OSS-ACL-06 OSS-XDEL-05"},
		{others, "public-read", "*", "delete", false, "OSS-ACL-09 OSS-XDEL-05"},
		{others, "public-read", "*", "put|overwrite|append|multipart", false, "OSS-ACL-09"},
		{others, "public-read-write", "*", "put|overwrite|append|multipart", true, "OSS-ACL-11"},
		{others, "public-read-write", "*", "delete", true, "OSS-ACL-13"},
	},
}

// COS: WRITE of the bucket is all of its objects; an object's list says who may
// read it.
var cosCells = cellTable{
	buckets: []string{"private", "public-read", "public-read-write", "authenticated-read"},
	objects: []string{"default", "private", "public-read", "authenticated-read"}, free: "default",
	asks: []string{"get", "head", "put", "overwrite", "delete", "append", "multipart", "list", "read-acl", "write-acl", "read-bucket-acl", "write-bucket-acl"},
	lines: []cellLine{
		{"owner", "*", "*", "*", true, "COS-ACL-16 COS-XACL-14"},
		{others, "*", "*", "read-bucket-acl|write-bucket-acl", false, "COS-XACL-17"},
		{others, "*", "*", "read-acl|write-acl", false, "COS-XACL-18"},

		{others, "*", "private", "get|head", false, "COS-ACL-27 COS-ACL-36"},
		{others, "*", "public-read", "get|head", true, "COS-ACL-28 COS-ACL-36"},
		{"second", "*", "authenticated-read", "get|head", true, "COS-ACL-34"},
		{"anonymous", "*", "authenticated-read", "get|head", false, "COS-ACL-34"},
		{others, "private", "*", "get|head|list", false, "COS-ACL-25"},
		{others, "public-read", "*", "get|head", true, "COS-ACL-21 COS-ACL-26 COS-XPUT-11"},
		{others, "public-read", "*", "list", true, "COS-ACL-22"},
		{others, "public-read-write", "*", "get|head|list", true, "COS-ACL-24"},
		{"second", "authenticated-read", "*", "get|head|list", true, "COS-ACL-34"},
		{"anonymous", "authenticated-read", "*", "get|head|list", false, "COS-ACL-34"},

		{others, "private", "*", "*", false, "COS-ACL-25"},
		{others, "public-read", "*", "*", false, "COS-ACL-23"},
		{others, "authenticated-read", "*", "*", false, "COS-ACL-34"},
		{others, "public-read-write", "*", "*", true, "COS-ACL-24"},
	},
}

// BOS: the list of an object is looked at for reading alone, and READ does not
// list.
var bosCells = cellTable{
	buckets: []string{"private", "public-read", "public-read-write"}, objects: []string{"none", "private", "public-read"}, free: "none",
	asks: []string{"get", "head", "put", "overwrite", "delete", "append", "multipart", "list", "read-acl", "write-acl", "read-bucket-acl", "write-bucket-acl"},
	lines: []cellLine{
		{"owner", "*", "none", "read-acl", false, ""}, // there is none
		{"owner", "*", "*", "*", true, "BOS-ACL-37"},
		{others, "*", "*", "write-bucket-acl", false, "BOS-ACL-05"},
		{others, "*", "*", "read-bucket-acl", false, "BOS-ACL-36"},
		{others, "*", "*", "read-acl|write-acl", false, "BOS-ACL-29"},
		{others, "*", "*", "list", false, "BOS-ACL-33"},

		{others, "*", "public-read", "get|head", true, "BOS-GET-23"},
		{others, "private", "private", "get|head", false, "BOS-GET-02"},
		{others, "*", "private", "get|head", false, "BOS-ACL-27"},
		{others, "private", "none", "get|head", false, "BOS-GET-02 BOS-ERR-06"},
		{others, "public-read", "none", "get|head", true, "BOS-ACL-09 BOS-ACL-26"},
		{others, "public-read-write", "none", "get|head", true, "BOS-ACL-08 BOS-ACL-26"},

		{others, "public-read-write", "*", "*", true, "BOS-ACL-08"},
		{others, "*", "*", "delete", false, "BOS-DEL-03"},
		{others, "*", "*", "append", false, "BOS-APPEND-13"},
		{others, "private", "*", "put|overwrite", false, "BOS-PUT-03"},
		{others, "*", "*", "multipart", false, "BOS-ACL-34"},
		{others, "public-read", "*", "put|overwrite", false, "BOS-PUT-03 BOS-ACL-09"},
	},
}

// S3: an object is its owner's; WRITE of a bucket makes objects and touches none
// that is there.
var s3Cells = cellTable{
	buckets: []string{"private", "public-read", "public-read-write", "authenticated-read"},
	objects: []string{"private", "public-read", "public-read-write", "authenticated-read"}, free: "private",
	asks: []string{"get", "head", "put", "overwrite", "delete", "multipart", "list", "read-acl", "write-acl", "read-bucket-acl", "write-bucket-acl"},
	lines: []cellLine{
		{"owner", "*", "*", "*", true, "S3-ACL-33"},
		{others, "*", "*", "read-bucket-acl|write-bucket-acl", false, "S3-ACL-32"},
		{others, "*", "*", "read-acl|write-acl", false, "S3-ACL-15"},

		{others, "*", "public-read|public-read-write", "get|head", true, "S3-ACL-11"},
		{"second", "*", "authenticated-read", "get|head", true, "S3-ACL-11"},
		{others, "public-read|public-read-write", "private", "get|head", false, "S3-ACL-15 S3-ACL-18"},
		{others, "*", "*", "get|head", false, "S3-ACL-15"},

		{others, "public-read|public-read-write", "*", "list", true, "S3-ACL-16 S3-ACL-18"},
		{"second", "authenticated-read", "*", "list", true, "S3-ACL-16"},
		{others, "*", "*", "list", false, "S3-ACL-16"},

		{others, "public-read-write", "*", "put|multipart", true, "S3-ACL-17"},
		{others, "*", "*", "put|overwrite|delete|multipart", false, "S3-ACL-16"},
	},
}
