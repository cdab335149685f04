package siglab

// A Cause is one way to get a signature wrong.
type Cause string

// The causes, in words that scripts may rely on.
const (
	EncodedTwice    Cause = "path-encoded-twice"
	NotEncoded      Cause = "path-not-encoded"
	SlashEncoded    Cause = "slash-encoded"
	PathCleaned     Cause = "path-cleaned"
	PathDiffers     Cause = "path-differs"
	PlusForBlank    Cause = "plus-for-blank"
	LowerEscape     Cause = "lower-case-escape"
	QueryTwice      Cause = "query-encoded-twice"
	QueryOrder      Cause = "query-order"
	QueryEmpty      Cause = "empty-parameter"
	QueryDiffers    Cause = "query-differs"
	SubResources    Cause = "sub-resources"
	BucketMissing   Cause = "bucket-missing"
	BucketDoubled   Cause = "bucket-doubled"
	HeaderUnsigned  Cause = "header-not-signed"
	HeaderDiffers   Cause = "header-differs"
	HeaderOrder     Cause = "header-order"
	ContentType     Cause = "content-type-added"
	HostPort        Cause = "host-port"
	HostDiffers     Cause = "host-differs"
	DateHeader      Cause = "date-header"
	Clock           Cause = "clock"
	WrongRegion     Cause = "wrong-region"
	WrongScope      Cause = "wrong-scope"
	PayloadHash     Cause = "payload-hash"
	MethodDiffers   Cause = "method-differs"
	TrailingNewline Cause = "trailing-newline"
	OtherKey        Cause = "other-access-key"
	UnknownKey      Cause = "unknown-access-key"
	WrongToken      Cause = "security-token"
	WrongSecret     Cause = "wrong-secret"
	ChangedAfter    Cause = "changed-after-signing"
	Unreadable      Cause = "authorization-malformed"
	TextDiffers     Cause = "text-differs"
	NotSignature    Cause = "not-the-signature"
)

// advice says what the cause is and what to do.
var advice = map[Cause]string{
	EncodedTwice:    "the path is percent-encoded once too often: give the HTTP library a path that it does not encode again; sign it encoded once, with oss-v1 and cos-sha1 decoded",
	NotEncoded:      "the path is signed as it stands and not percent-encoded: encode every byte but A-Z a-z 0-9 - . _ ~ /",
	SlashEncoded:    "the slashes of the path are encoded as %2F: keep them",
	PathCleaned:     "dot segments or repeated slashes of the path were removed: a key is sent and signed as it is",
	PathDiffers:     "the path that arrived is another one: look for a rewriting proxy, or a redirect",
	PlusForBlank:    "a blank is written as a plus sign: write %20; a plus sign is a plus sign to the server",
	LowerEscape:     "escapes are in lower case (%2f): write them in upper case (%2F)",
	QueryTwice:      "the parameters are percent-encoded once too often",
	QueryOrder:      "the parameters are not sorted as the scheme asks",
	QueryEmpty:      "a parameter without a value is signed with an equals sign where the scheme has none, or without one where it has one",
	QueryDiffers:    "the query that arrived is another one: something adds, drops or changes a parameter after signing",
	SubResources:    "the list of sub-resources is wrong: of the parameters, exactly the documented ones are signed, with decoded values",
	BucketMissing:   "the bucket is missing from the signed path",
	BucketDoubled:   "the bucket stands in the signed path where it does not belong, or twice",
	HeaderUnsigned:  "a header field is not signed that the server signs, or the other way round",
	HeaderDiffers:   "a header field arrived with another value than was signed: look for a proxy or library that changes it",
	HeaderOrder:     "the header fields are not sorted as the scheme asks",
	ContentType:     "Content-Type is not what was signed: HTTP libraries add or extend it; set it yourself before signing",
	HostPort:        "Host is signed with a port and sent without one, or the other way round: the default port (80, 443) is not written",
	HostDiffers:     "the Host that arrived is another one: a proxy or custom domain changes it",
	DateHeader:      "two dates are used: read the clock once, and take header and string to sign from that",
	Clock:           "the clock is off, or local time is taken for UTC: set it by a time server, and format in UTC",
	WrongRegion:     "the credential scope names another region than the bucket's",
	WrongScope:      "the credential scope is not the expected one: day, region, service and terminator must fit the request",
	PayloadHash:     "the payload hash is not that of the body that was sent, or not the word that stands for it",
	MethodDiffers:   "the method that is signed is not the one that is sent: upper case, and after redirects the new one",
	TrailingNewline: "a line feed at an end is too much or missing: in the text that is signed, or after the secret key (read from a file)",
	OtherKey:        "the request was signed with another access key than HARNESS_ACCESS_KEY",
	UnknownKey:      "the server does not know the access key: look at the endpoint, and whether the key is disabled",
	WrongToken:      "the security token is missing, has ended, or belongs to other keys",
	WrongSecret:     "the texts agree: the secret key does not belong to the access key",
	ChangedAfter:    "the signature is right for this request: what arrived was changed after signing, or the server has another secret",
	Unreadable:      "the authorization cannot be read, or a part of it is missing",
	NotSignature:    "the server's code is not that of a refused signature: the request was refused for something else",
	TextDiffers:     "the texts part in a way that is none of the known mistakes",
}

// Advice says in one sentence what the cause is and what to do.
func (c Cause) Advice() string { return advice[c] }

// Causes are all causes, without order.
func Causes() (all []Cause) {
	for c := range advice {
		all = append(all, c)
	}
	return all
}
