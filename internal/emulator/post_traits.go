package emulator

import (
	"slices"
	"strings"

	"objectharness/internal/policy"
	"objectharness/internal/wire"
)

// posting is what the dialects say of form uploads. Codes that no document
// names are ours.
type posting struct {
	grammar   *policy.Grammar
	marks     map[string][]string // by scheme: fields of a form that only it has; "" where there is one scheme
	encType   string              // code for a body that is no multipart/form-data
	malformed string              // code for a form that cannot be read
	noFile    string              // code for a form without a file
	files     string              // code for a second file; "" ignores all fields behind the first
	noKey     string              // code for a form without a key
	fieldSize string              // code for fields that are too large
	badPolicy string              // code for a policy that cannot be read
	wholeMD5  string              // code for a body that is not the one of the header field Content-MD5; "" never looks
	wholeSize bool                // the limit is one of the whole body, not of the file
	partType  bool                // the Content-Type of the file outranks the field
	expands   bool                // conditions see the key with the file's name in it
	status    string              // field that chooses the status
	statuses  map[string]int      // what it may choose
	usual     int                 // status where it chooses nothing
	document  string              // status with which a document tells of the object; "" for none
	redirects []string            // fields that redirect
	query     bool                // bucket, key and etag are added to the redirection
	location  bool                // Location tells the object's URL
	answers   []string            // further fields of the reply, by name
	encrypts  map[string]string   // algorithms of encryption that the field may name; nil: not looked at
	encrypted string              // that field
	badCipher string              // code for another
	class     string              // field of the storage class, where it is checked
	classes   []string            // storage classes that there are
	tags      bool                // the field tagging holds tags
	messages  bool                // refusals name the condition
	quotes    bool                // and as it is written
	members   bool                // refusals name sizes and arguments
}

var threeStatuses = map[string]int{"200": 200, "201": 201, "204": 204}

var ossPosting = posting{
	grammar: &policy.Grammar{Fraction: true, Dollar: true},
	marks:   map[string][]string{"oss-v4": {"x-oss-signature-version", "x-oss-credential", "x-oss-signature"}},
	encType: "RequestIsNotMultiPartContent", malformed: "MalformedPOSTRequest", noFile: "InvalidArgument",
	files: "IncorrectNumberOfFilesInPOSTRequest", noKey: "InvalidArgument", fieldSize: "MaxPOSTPreDataLengthExceededError",
	badPolicy: "InvalidPolicyDocument", wholeMD5: "InvalidDigest", wholeSize: true, partType: true,
	status: "success_action_status", statuses: threeStatuses, usual: 204, document: "201", redirects: []string{"success_action_redirect"},
	encrypted: "x-oss-server-side-encryption", encrypts: map[string]string{"AES256": "AES256", "KMS": "KMS"}, badCipher: "InvalidEncryptionAlgorithmError",
}

var cosPosting = posting{
	grammar: &policy.Grammar{Fraction: true, Present: true, Exact: cosExact, Required: []string{"q-sign-algorithm", "q-ak", "q-sign-time"},
		Alias: map[string]string{"q-sign-time": "q-key-time"}},
	encType: "MalformedPOSTRequest", malformed: "MalformedPOSTRequest", noFile: "IncorrectNumberOfFilesInPostRequest",
	files: "IncorrectNumberOfFilesInPostRequest", noKey: "InvalidArgument", fieldSize: "MalformedPOSTRequest",
	badPolicy: "InvalidPolicyDocument", expands: true,
	status: "success_action_status", statuses: threeStatuses, usual: 204, redirects: []string{"success_action_redirect"},
	query: true, location: true, answers: []string{"x-cos-hash-crc64ecma"}, messages: true,
}

// cosExact are the fields for which COS allows no prefix.
func cosExact(field string) bool {
	if field == "bucket" || field == "success_action_status" || strings.HasPrefix(field, "q-") {
		return true
	}
	return strings.HasPrefix(field, "x-cos-") && !strings.HasPrefix(field, "x-cos-meta-")
}

var bosPosting = posting{
	grammar: &policy.Grammar{Wildcard: true},
	encType: "InvalidHTTPRequest", malformed: "InvalidHTTPRequest", noFile: "InvalidArgument", noKey: "InvalidArgument",
	fieldSize: "InvalidHTTPRequest", badPolicy: "InvalidPolicyDocument",
	status: "success-action-status", statuses: threeStatuses, usual: 200, redirects: []string{"success-redirect-url", "success-action-redirect"},
	answers: []string{"Content-MD5", "x-bce-content-crc32"},
}

var s3Posting = posting{
	grammar: &policy.Grammar{Fraction: true, Dollar: true, Digits: true, Late: true, Covered: true, Free: s3Free},
	encType: "PreconditionFailed", malformed: "MalformedPOSTRequest", noFile: "IncorrectNumberOfFilesInPostRequest",
	noKey: "InvalidArgument", fieldSize: "MaxPostPreDataLengthExceededError", badPolicy: "InvalidPolicyDocument",
	expands: true, status: "success_action_status", statuses: threeStatuses, usual: 204, document: "201",
	redirects: []string{"success_action_redirect", "redirect"}, query: true, location: true,
	class: "x-amz-storage-class", tags: true, members: true, quotes: true,
	classes: []string{"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"},
}

// s3Free are the fields that need no condition.
func s3Free(field string) bool {
	return slices.Contains([]string{"x-amz-signature", "file", "policy"}, field) || strings.HasPrefix(field, "x-ignore-")
}

// signer tells whether a form is signed with another scheme than the
// dialect's first one, by the fields that only that scheme has.
func (p *posting) signer(form wire.Fields) (other string) {
	for scheme, names := range p.marks {
		if slices.ContainsFunc(names, form.Has) {
			other = scheme
		}
	}
	return other
}
