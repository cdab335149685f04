package emulator

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// s3Policies: which operation is which action stands in the service
// authorization reference.
var s3Policies = policing{
	arn: "arn:aws:s3:::", prefix: "s3:",
	actions: map[string]string{
		"HeadObject": "GetObject", "SelectObjectContent": "GetObject", "CopyObject": "PutObject", "PostObject": "PutObject", "CreateMultipartUpload": "PutObject",
		"UploadPart": "PutObject", "UploadPartCopy": "PutObject", "CompleteMultipartUpload": "PutObject", "ListParts": "ListMultipartUploadParts",
		"DeleteObjects": "DeleteObject", "ListObjects": "ListBucket", "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket",
		"ListObjectVersions": "ListBucketVersions", "ListMultipartUploads": "ListBucketMultipartUploads", "ListBuckets": "ListAllMyBuckets",
		"DeleteBucketCors": "PutBucketCORS", "GetBucketCors": "GetBucketCORS", "PutBucketCors": "PutBucketCORS", "DeleteBucketTagging": "PutBucketTagging",
		"GetBucketLifecycleConfiguration": "GetLifecycleConfiguration", "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration", "DeleteBucketLifecycle": "PutLifecycleConfiguration",
		"GetBucketEncryption": "GetEncryptionConfiguration", "PutBucketEncryption": "PutEncryptionConfiguration", "DeleteBucketEncryption": "PutEncryptionConfiguration",
		"GetObjectLockConfiguration": "GetBucketObjectLockConfiguration", "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
		"GetPublicAccessBlock": "GetBucketPublicAccessBlock", "PutPublicAccessBlock": "PutBucketPublicAccessBlock", "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
		"DeleteBucketOwnershipControls": "PutBucketOwnershipControls", "GetBucketReplication": "GetReplicationConfiguration", "PutBucketReplication": "PutReplicationConfiguration",
	},
	further: []string{"GetObjectVersion", "DeleteObjectVersion", "GetObjectVersionAcl", "PutObjectVersionAcl", "GetObjectVersionTagging", "PutObjectVersionTagging",
		"DeleteObjectVersionTagging", "GetObjectVersionAttributes", "BypassGovernanceRetention", "ReplicateObject", "ReplicateDelete", "ReplicateTags",
		"ObjectOwnerOverrideToBucketOwner", "GetObjectVersionForReplication", "PutObjectVersionTorrent"},
}

// versioned are the actions that are others where the request names a version.
var versioned = []string{"GetObject", "DeleteObject", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "GetObjectAttributes"}

// policyAsks is the action of an operation, and the name of what it is about.
func (c *call) policyAsks(b *store.Bucket, operation, key string) (action, resource string) {
	t := &c.e.t.policies
	action = orElse(t.actions[operation], operation)
	if _, named := c.param("versionId"); named && slices.Contains(versioned, action) {
		action = strings.Replace(action, "Object", "ObjectVersion", 1)
	}
	resource = t.arn + b.Name
	if key != "" || operation == "DeleteObjects" {
		resource += "/" + key
	}
	return t.prefix + action, resource
}

// byPolicy tells whether the policy of a bucket lets the caller do an operation
// with a key, and whether it forbids that: then nothing else counts.
func (c *call) byPolicy(b *store.Bucket, operation, key string) (allowed, denied bool) {
	p := c.policyOf(b)
	if p == nil {
		return false, false
	}
	action, resource := c.policyAsks(b, operation, key)
	for _, s := range p.Statement {
		if !s.means(c.who.ID, c.anonymous) || !s.does(action) || !c.policyReaches(&s, resource) || !c.policyMet(&s, b, key) {
			continue
		}
		allowed = allowed || s.Effect == "Allow"
		denied = denied || s.Effect == "Deny"
	}
	if shut := c.blocked(b, blockRestrict) || c.e.shuts(b.Owner); shut && p.public() {
		allowed = false
	}
	return allowed, denied
}

// means tells whether the statement is about an account, or about who is none.
func (s *policyStatement) means(id string, nobody bool) bool {
	if len(s.NotPrincipal) > 0 {
		return !s.NotPrincipal.names(id, nobody)
	}
	return s.Principal.names(id, nobody)
}

func (p policyPrincipal) names(id string, nobody bool) bool {
	if p.everybody() {
		return true
	}
	return !nobody && (slices.Contains(p["CanonicalUser"], id) || slices.Contains(p["AWS"], id) ||
		slices.ContainsFunc(p["AWS"], func(name string) bool { return strings.HasPrefix(name, "arn:aws:iam::"+id+":") }))
}

// does tells whether the statement is about an action.
func (s *policyStatement) does(action string) bool {
	is := func(pattern string) bool { return policyAction(pattern, action) }
	if len(s.NotAction) > 0 {
		return !slices.ContainsFunc(s.NotAction, is)
	}
	return slices.ContainsFunc(s.Action, is)
}

// policyAction tells whether a pattern, whose case does not matter, is an action.
func policyAction(pattern, action string) bool {
	return policyLike(strings.ToLower(pattern), strings.ToLower(action), '*', '?')
}

// policyReaches tells whether the statement is about a resource.
func (c *call) policyReaches(s *policyStatement, resource string) bool {
	is := func(pattern string) bool { return c.policyNames(pattern, resource) }
	if len(s.NotResource) > 0 {
		return !slices.ContainsFunc(s.NotResource, is)
	}
	return slices.ContainsFunc(s.Resource, is)
}

// policyNames tells whether a pattern is a resource; the mistakes are to know no
// question mark, to take it for a star, and to let a star end at a slash.
func (c *call) policyNames(pattern, resource string) bool {
	right := policyLike(pattern, resource, '*', '?')
	right = pick(c, "policy.one-letter", right, policyLike(pattern, resource, '*', 0))
	right = pick(c, "policy.one-letter-alone", right, policyLike(strings.ReplaceAll(pattern, "?", "*"), resource, '*', 0))
	slashes := strings.Count(pattern, "/") == strings.Count(resource, "/")
	return pick(c, "policy.any-text", right, right && slashes)
}

// policyLike matches a text with a pattern in which any stands for any text and one
// for one character.
func policyLike(pattern, text string, any, one rune) bool {
	p, t := []rune(pattern), []rune(text)
	star, back := -1, 0
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == any:
			star, back = i, j
			i++
		case i < len(p) && (p[i] == t[j] || one != 0 && p[i] == one):
			i, j = i+1, j+1
		case star >= 0:
			back++
			i, j = star+1, back
		default:
			return false
		}
	}
	for i < len(p) && p[i] == any {
		i++
	}
	return i == len(p)
}

// policyOperators compare what a request says with a value of a condition.
var policyOperators = map[string]func(c *call, said, value string) bool{
	"StringEquals":           func(_ *call, said, value string) bool { return said == value },
	"StringEqualsIgnoreCase": func(_ *call, said, value string) bool { return strings.EqualFold(said, value) },
	"StringLike":             func(_ *call, said, value string) bool { return policyLike(value, said, '*', '?') },
	"Bool":                   func(_ *call, said, value string) bool { return strings.EqualFold(said, value) },
	"IpAddress":              func(c *call, _, value string) bool { return c.from([]string{value}) },
	"NumericEquals":          func(_ *call, said, value string) bool { return said == value },
	"NumericLessThanEquals": func(_ *call, said, value string) bool {
		a, err := strconv.Atoi(said)
		b, other := strconv.Atoi(value)
		return err == nil && other == nil && a <= b
	},
}

// policyNegations are the operators that are another one's contrary.
var policyNegations = map[string]string{"StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase", "StringNotLike": "StringLike",
	"NotIpAddress": "IpAddress", "NumericNotEquals": "NumericEquals"}

// policyOperator finds an operator by its name.
func policyOperator(name string) (compare func(*call, string, string) bool, not, optional bool) {
	name, optional = strings.CutSuffix(name, "IfExists")
	if of, ok := policyNegations[name]; ok {
		return policyOperators[of], true, optional
	}
	return policyOperators[name], false, optional
}

// policyJudges tells whether conditions have operators that there are.
func policyJudges(conditions map[string]map[string]policyWords) bool {
	for name := range conditions {
		if compare, _, _ := policyOperator(name); compare == nil && name != "Null" {
			return false
		}
	}
	return true
}

// policyMet tells whether all conditions of a statement hold.
func (c *call) policyMet(s *policyStatement, b *store.Bucket, key string) bool {
	for name, keys := range s.Condition {
		compare, not, optional := policyOperator(name)
		for of, values := range keys {
			said, there := c.policySaid(strings.ToLower(of), b, key)
			if name == "Null" {
				if slices.Contains(values, "true") == there {
					return false
				}
				continue
			}
			if !there && optional {
				continue
			}
			is := there && slices.ContainsFunc(values, func(v string) bool { return compare(c, said, v) })
			if is == not {
				return false
			}
		}
	}
	return true
}

// policySaid is what a request says of a key of conditions.
func (c *call) policySaid(of string, b *store.Bucket, key string) (said string, there bool) {
	space, name, _ := strings.Cut(of, ":")
	switch {
	case of == "aws:sourceip":
		return "", true
	case of == "aws:securetransport":
		return strconv.FormatBool(c.in.TLS), true
	case of == "aws:referer", of == "aws:useragent":
		field := map[string]string{"aws:referer": "Referer", "aws:useragent": "User-Agent"}[of]
		return c.field(field), c.in.Fields.Has(field)
	case space != "s3":
		return "", false
	case strings.HasPrefix(name, "existingobjecttag/"):
		return policyTag(b.Get(key), strings.TrimPrefix(name, "existingobjecttag/"))
	case strings.HasPrefix(name, c.e.d.Prefix):
		return c.field(name), c.in.Fields.Has(name)
	}
	if name == "versionid" {
		name = "versionId"
	}
	return c.param(name)
}

// policyTag is a tag of an object, by its name in lower case.
func policyTag(o *store.Object, name string) (value string, there bool) {
	var t tagging
	if o == nil || xml.Unmarshal([]byte(o.Extra[tagsOf]), &t) != nil {
		return "", false
	}
	i := slices.IndexFunc(t.Tags, func(t tag) bool { return strings.ToLower(t.Key) == name })
	if i < 0 {
		return "", false
	}
	return t.Tags[i].Value, true
}
