package suites

import (
	"context"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/exchange"
)

// A Subject is an opened target as the cases see it: clients, a bucket and a
// few functions. Cases know nothing of how it came to be.
type Subject struct {
	Dialect string
	Owner   *client.Client // the account that owns Bucket
	Other   *client.Client // a second account; nil when there is none
	Bucket  string         // the bucket that the cases of one process share
	// OwnerID and OtherID are the canonical ids of the accounts; "" where nobody
	// has told them: the target is asked.
	OwnerID, OtherID string
	// Location is the body of the request that makes a bucket here, "" for none.
	Location string
	Run      string // a name that no other run has: keys and bucket names start with it

	// Made is told of everything before it is made, and Gone after it was
	// removed: kind is bucket, object, upload or version; a bucket has no key, and
	// only uploads and versions have IDs, by which they are known once they are made.
	Made, Gone func(kind, bucket, key, id string)
	// Private opens a fresh emulator of the same dialect that nobody else uses;
	// nil where there is none. The case's scene closes it.
	Private func(ctx context.Context, s Setup) (*Subject, func(), error)
	// Alive asks the target for any reply at all; the suites call it when one
	// transport error has followed another.
	Alive func(ctx context.Context) error
	// Now is the clock that requests are signed by, and Advance moves it together
	// with the target's: nil where the clock is not ours, as on every target but
	// a private emulator with a Setup.Time.
	Now     func() time.Time
	Advance func(time.Duration)

	// Judging, when set, is told that the case has come to the request that is
	// judged: its given steps have held.
	Judging func()
	// Judged, when set, is told that the case has ended; what it made goes now.
	Judged func()
	// Again writes what a case sent as a script that sends it once more; nil where
	// nobody else can ask the target, as with a private emulator.
	Again func(all []exchange.Exchange) string
	// Redact knows the secrets that must not stand in any evidence.
	Redact *exchange.Redactor
	// ReadOnly says that nothing that writes is sent: nothing is made, and nothing
	// has to be removed.
	ReadOnly bool
	// Windows are how long reads may lag behind writes, by kind: object, list or
	// config. Where there is none, the first look counts. Wait lets time pass
	// between two looks.
	Windows map[string]time.Duration
	Wait    func(ctx context.Context, d time.Duration) error
	// Evidence asks for the exchanges of cases that hold, too.
	Evidence bool

	// Ends is when the run's time is up: nothing is asked or cleaned up later.
	// Zero is no bound.
	Ends time.Time

	health  health
	shelves shelves
}

// A Setup is what a private emulator is made with.
type Setup struct {
	Time   time.Time // the clock stands here until Advance; zero: it runs with the system's
	Keys   []client.Keys
	Limits map[string]int64 // by the name of the limit
}

// A Provider opens the subject of one dialect when the first case needs it.
type Provider struct {
	Dialect string
	Open    func(ctx context.Context) (*Subject, error)
	Stress  int // how often each case runs; 0 is once, without a pass rate
}
