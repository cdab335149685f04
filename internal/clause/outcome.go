package clause

import "time"

// A Case is what a plan says of one case before it runs.
type Case struct {
	ID      string   `json:"id"` // oss/append/position-not-length
	Dialect string   `json:"dialect"`
	Chapter string   `json:"chapter"`
	Text    string   `json:"text"` // completes "it …"
	Clauses []string `json:"clauses"`
}

// What says which part of an answer broke a clause.
type What string

// Parts of an answer.
const (
	BrokenStatus    What = "status"
	BrokenCode      What = "code"
	BrokenField     What = "field"
	BrokenBody      What = "body"
	BrokenEffect    What = "effect"
	BrokenTransport What = "transport"
)

// Broken is one assertion that did not hold.
type Broken struct {
	Clause    string `json:"clause"`
	What      What   `json:"what"`
	Expected  string `json:"expected"`
	Got       string `json:"got"`
	GotStatus int    `json:"got_status,omitempty"` // 0 when the assertion is about no reply
	GotCode   string `json:"got_code,omitempty"`   // "" when the reply had none
	Step      int    `json:"step,omitempty"`       // position in the clause's Then, from 1; 0 when it has one only
}

// An Outcome is what running one case came to. At most one of Blocked, Error,
// NotRun and Unsupported is set, each with its reason; none of them and no
// Broken means that every requirement held.
type Outcome struct {
	CaseID      string        `json:"case"`
	Broken      []Broken      `json:"broken,omitempty"`
	Blocked     string        `json:"blocked,omitempty"`     // the given step that did not hold
	Error       string        `json:"error,omitempty"`       // what failed in the harness or the network
	NotRun      string        `json:"not_run,omitempty"`     // the role, emulator or budget that was not there
	Unsupported string        `json:"unsupported,omitempty"` // the feature that is declared absent
	Message     string        `json:"message,omitempty"`     // anything else worth saying
	Divergence  *Divergence   `json:"divergence,omitempty"`
	Behaviour   *Behaviour    `json:"behaviour,omitempty"` // nil where no reply was judged
	Exchanges   []Exchange    `json:"exchanges,omitempty"`
	Curl        string        `json:"curl,omitempty"`
	Duration    time.Duration `json:"duration,omitempty"`
	Runs        []Repeated    `json:"runs,omitempty"`   // of a case that ran many times; the rest is the worst run's
	Delays      []Delay       `json:"delays,omitempty"` // of reads after writes for which the target is granted a window
}

// Repeated is what some of the runs of a case came to, alike in each.
type Repeated struct {
	Times   int     `json:"times"`
	Outcome Outcome `json:"outcome"` // without exchanges
}

// A Delay is how long a read took to show what had been written before it.
type Delay struct {
	Step   string        `json:"step"`
	Kind   string        `json:"kind"`  // object, list or config
	Looks  int           `json:"looks"` // 1: seen at once
	Took   time.Duration `json:"took"`  // from the answer to the last write to the last look
	Window time.Duration `json:"window"`
	Seen   bool          `json:"seen"` // at the last look
}

// A Behaviour is a reply without what differs from run to run, so that those of
// two targets can be compared.
type Behaviour struct {
	Status int      `json:"status"`
	Code   string   `json:"code,omitempty"`   // "" when the reply had none
	Fields []string `json:"fields,omitempty"` // names of header fields in small letters, in order; some with their value
	Body   string   `json:"body,omitempty"`   // what it is made of; "" when it is empty
}

// A Divergence is the first step of a signature on which client and server
// disagree.
type Divergence struct {
	Step   string `json:"step"` // as the document names it: "canonical request", "string to sign", …
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
	At     int    `json:"at"` // first byte that differs, from 0
}

// An Exchange is one request with its reply, redacted and cut already.
type Exchange struct {
	Step     string        `json:"step"` // the given or then step that sent it
	Request  Message       `json:"request"`
	Reply    *Message      `json:"reply,omitempty"` // nil when none came
	Duration time.Duration `json:"duration,omitempty"`
	Note     string        `json:"note,omitempty"`
	Offset   time.Duration `json:"offset,omitempty"`  // when it began, from the first exchange of the case
	Times    int           `json:"times,omitempty"`   // how many like it came in a row
	Skipped  int           `json:"skipped,omitempty"` // exchanges left out just before it
}

// A Message is a request (Method, Target) or a reply (Status).
type Message struct {
	Method string      `json:"method,omitempty"`
	Target string      `json:"target,omitempty"`
	Status int         `json:"status,omitempty"`
	Fields [][2]string `json:"fields,omitempty"` // in wire order
	Body   []byte      `json:"body,omitempty"`   // the bytes kept
	Length int64       `json:"length,omitempty"` // bytes of the whole body
	SHA256 string      `json:"sha256,omitempty"` // of the whole body, lower-case hex
}
