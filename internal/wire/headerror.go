package wire

import "fmt"

// A HeadKind names what is wrong with the head of a request.
type HeadKind string

// The kinds of hostile heads, in the order in which they are looked for.
const (
	HeadTooLarge     HeadKind = "head-too-large"     // more than Server.Head bytes
	TargetTooLarge   HeadKind = "target-too-large"   // the request line alone is more than Server.Head bytes
	BadRequestLine   HeadKind = "request-line"       // not three parts with one space between
	BadMethod        HeadKind = "method"             // the method is not a token
	BadTarget        HeadKind = "target"             // neither origin-form nor absolute-form (nor * with OPTIONS)
	BadVersion       HeadKind = "version"            // neither HTTP/1.1 nor HTTP/1.0
	BareLineFeed     HeadKind = "bare-line-feed"     // a line ends without a carriage return
	FoldedField      HeadKind = "folded-field"       // a field goes on in a second line
	BadField         HeadKind = "field"              // no colon, or a name that is not a token
	ControlCharacter HeadKind = "control-character"  // in the target or in a field's value
	MissingHost      HeadKind = "missing-host"       // HTTP/1.1 without a Host field
	RepeatedHost     HeadKind = "repeated-host"      // more than one Host field
	BadHost          HeadKind = "host"               // a Host that cannot be a host and port
	LengthAndCoding  HeadKind = "length-and-coding"  // Content-Length together with Transfer-Encoding
	UnknownCoding    HeadKind = "transfer-coding"    // a Transfer-Encoding other than chunked alone, or one in HTTP/1.0
	ConflictLength   HeadKind = "conflicting-length" // several Content-Length values that differ
	RepeatedLength   HeadKind = "repeated-length"    // several Content-Length values that agree
	BadLength        HeadKind = "content-length"     // not a decimal number of at most 18 digits
)

// A HeadError says why the head of a request is refused. Method, Target and
// Fields of the Inbound hold what could be read nevertheless.
type HeadError struct {
	Kind   HeadKind
	Detail string // what was found, printable
}

// Error returns the kind and the detail.
func (e *HeadError) Error() string { return fmt.Sprintf("wire: %s: %s", e.Kind, e.Detail) }

// Unwrap returns ErrSyntax.
func (e *HeadError) Unwrap() error { return ErrSyntax }

func bad(kind HeadKind, format string, args ...any) *HeadError {
	return &HeadError{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}
