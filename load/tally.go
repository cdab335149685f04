package load

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"objectharness/load/stat"
)

// A Tally is what was measured of one arm. Its size does not grow with the
// number of requests, and the tally of a union is the merged tally of its parts.
// Service and response times are those of successes: a refusal is quick.
type Tally struct {
	Requests uint64             `json:"requests"`
	Classes  map[Class]uint64   `json:"classes"`
	Statuses map[int]uint64     `json:"statuses"` // 0: no reply
	Failures map[Failure]uint64 `json:"failures"` // at most failuresMax and those with the code "other"
	Sent     int64              `json:"sent"`     // bytes of bodies
	Read     int64              `json:"read"`
	Good     int64              `json:"good"` // bytes of bodies of successes, both ways
	Checked  uint64             `json:"checked"`

	Service  stat.Histogram     `json:"service"`  // from the actual start
	Response stat.Histogram     `json:"response"` // from the planned start; the actual one in a closed loop
	Lateness stat.Histogram     `json:"lateness"` // actual minus planned start, of all requests
	Ops      map[Op]*OpTally    `json:"ops"`
	Step     time.Duration      `json:"step_ns"` // of the timeline
	Moments  []*Moment          `json:"moments"` // nil where nothing was measured
	Hotkeys  map[string]*Sample `json:"samples"` // of the keys: all, and throttled
}

// A Failure is one way in which requests fail.
type Failure struct {
	Class  Class
	Status int    // 0: no reply
	Code   string // of the target, or why there was no reply
}

// MarshalText implements encoding.TextMarshaler: class, status and code.
func (f Failure) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%s %d %s", f.Class, f.Status, f.Code), nil
}

// UnmarshalText reads what MarshalText wrote.
func (f *Failure) UnmarshalText(text []byte) error {
	words := strings.SplitN(string(text), " ", 3)
	if len(words) == 3 {
		status, err := strconv.Atoi(words[1])
		if f.Class, f.Status, f.Code = Class(words[0]), status, words[2]; err == nil {
			return nil
		}
	}
	return fmt.Errorf("load: a failure %q; expected class, status and code", text)
}

// An OpTally is what was measured of one operation.
type OpTally struct {
	Requests uint64         `json:"requests"`
	OK       uint64         `json:"ok"`
	Response stat.Histogram `json:"response"`
}

// A Moment is one step of the timeline.
type Moment struct {
	Requests  uint64         `json:"requests"`
	OK        uint64         `json:"ok"`
	Throttled uint64         `json:"throttled"`
	Response  stat.Histogram `json:"response"`
	Covered   time.Duration  `json:"covered_ns"` // of the step in which the arm was sent
	Ranges    []RangeCount   `json:"ranges"`     // by the arm's key ranges
}

// A RangeCount is what went to one range of keys.
type RangeCount struct {
	Requests  uint32 `json:"requests"`
	Throttled uint32 `json:"throttled"`
}

const (
	failuresMax = 100
	codeMax     = 80 // bytes of a code: it is the target's to choose
	momentsMax  = 100
	rangesMax   = 24
	sampleMax   = 512
)

func newTally(step time.Duration) *Tally {
	return &Tally{Classes: map[Class]uint64{}, Statuses: map[int]uint64{}, Failures: map[Failure]uint64{}, Ops: map[Op]*OpTally{},
		Step: step, Hotkeys: map[string]*Sample{}}
}

// A measured hit is what a recorder is told.
type measured struct {
	hit      Hit
	key      string
	bucket   int           // range of the key
	at       time.Duration // start since that of the run
	lateness time.Duration
	out      outcome
	checked  bool
}

// A recorder adds up what the workers of an arm measure.
type recorder struct {
	mu    sync.Mutex
	tally *Tally
}

func (r *recorder) record(m *measured) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tally
	t.Requests++
	t.Classes[m.out.class]++
	t.Statuses[m.out.status]++
	t.Sent += m.out.sent
	t.Read += m.out.read
	if m.checked {
		t.Checked++
	}
	t.Lateness.Add(m.lateness)
	op := t.Ops[m.hit.Op]
	if op == nil {
		op = &OpTally{}
		t.Ops[m.hit.Op] = op
	}
	op.Requests++
	moment := t.moment(m.at)
	moment.Requests++
	moment.Ranges[m.bucket].Requests++
	t.sample("all", m)
	if m.out.class != OK {
		r.failed(moment, m)
		return
	}
	response := m.out.service + max(m.lateness, 0)
	t.Good += m.out.sent + m.out.read
	t.Service.Add(m.out.service)
	t.Response.Add(response)
	op.OK++
	op.Response.Add(response)
	moment.OK++
	moment.Response.Add(response)
}

// failed adds a request that was no success.
func (r *recorder) failed(moment *Moment, m *measured) {
	f := Failure{m.out.class, m.out.status, strings.ToValidUTF8(m.out.code[:min(len(m.out.code), codeMax)], "")}
	if _, known := r.tally.Failures[f]; !known && len(r.tally.Failures) >= failuresMax {
		f.Code = "other"
	}
	r.tally.Failures[f]++
	if m.out.class == Throttled {
		moment.Throttled++
		moment.Ranges[m.bucket].Throttled++
		r.tally.sample(string(Throttled), m)
	}
}

// moment is the step of the timeline that a time falls into; the last one takes
// all that is later.
func (t *Tally) moment(at time.Duration) *Moment {
	i := min(int(max(at, 0)/t.Step), momentsMax-1)
	for len(t.Moments) <= i {
		t.Moments = append(t.Moments, nil)
	}
	if t.Moments[i] == nil {
		t.Moments[i] = &Moment{Ranges: make([]RangeCount, rangesMax)}
	}
	return t.Moments[i]
}

// cover notes when the arm was sent: rates over time count from it.
func (t *Tally) cover(from, until time.Duration) {
	for from < until {
		end := min(until, (from/t.Step+1)*t.Step)
		if from/t.Step >= momentsMax-1 {
			end = until
		}
		t.moment(from).Covered += end - from
		from = end
	}
}

func (t *Tally) sample(class string, m *measured) {
	s := t.Hotkeys[class]
	if s == nil {
		s = &Sample{}
		t.Hotkeys[class] = s
	}
	s.add(m.key, m.hit.Seq, m.at)
}

// A Sample is a bounded choice of keys that does not depend on their order: those
// whose numbers hash least.
type Sample struct {
	Seen  uint64        `json:"seen"`
	First time.Duration `json:"first_ns"` // start of the first one
	Keys  []SampledKey  `json:"keys"`
}

// A SampledKey is a key and what it was chosen by.
type SampledKey struct {
	Rank uint64 `json:"rank"`
	Key  string `json:"key"`
}

func (s *Sample) add(key string, seq uint64, at time.Duration) {
	if s.Seen == 0 || at < s.First {
		s.First = at
	}
	s.Seen++
	s.put(SampledKey{mix64(seq ^ 0x73616d706c65), key})
}

// put keeps the sample a heap with the largest rank in front.
func (s *Sample) put(k SampledKey) {
	if len(s.Keys) < sampleMax {
		s.Keys = append(s.Keys, k)
		s.up(len(s.Keys) - 1)
		return
	}
	if k.Rank < s.Keys[0].Rank {
		s.Keys[0] = k
		s.down(0)
	}
}

func (s *Sample) up(i int) {
	for parent := (i - 1) / 2; i > 0 && s.Keys[parent].Rank < s.Keys[i].Rank; parent = (i - 1) / 2 {
		s.Keys[parent], s.Keys[i] = s.Keys[i], s.Keys[parent]
		i = parent
	}
}

func (s *Sample) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(s.Keys) {
			return
		}
		if child+1 < len(s.Keys) && s.Keys[child+1].Rank > s.Keys[child].Rank {
			child++
		}
		if s.Keys[i].Rank >= s.Keys[child].Rank {
			return
		}
		s.Keys[i], s.Keys[child] = s.Keys[child], s.Keys[i]
		i = child
	}
}

// Merge adds what another generator has measured on the same timeline.
func (t *Tally) Merge(o *Tally) {
	t.Requests += o.Requests
	addAll(t.Classes, o.Classes)
	addAll(t.Statuses, o.Statuses)
	addAll(t.Failures, o.Failures)
	t.Sent, t.Read, t.Good, t.Checked = t.Sent+o.Sent, t.Read+o.Read, t.Good+o.Good, t.Checked+o.Checked
	t.Service.Merge(&o.Service)
	t.Response.Merge(&o.Response)
	t.Lateness.Merge(&o.Lateness)
	for op, x := range o.Ops {
		if t.Ops[op] == nil {
			t.Ops[op] = &OpTally{}
		}
		t.Ops[op].merge(x)
	}
	for i, m := range o.Moments {
		if m != nil {
			t.moment(time.Duration(i) * t.Step).merge(m)
		}
	}
	for class, s := range o.Hotkeys {
		if t.Hotkeys[class] == nil {
			t.Hotkeys[class] = &Sample{}
		}
		t.Hotkeys[class].merge(s)
	}
}

func addAll[K comparable](into, from map[K]uint64) {
	for k, n := range from {
		into[k] += n
	}
}

func (o *OpTally) merge(x *OpTally) {
	o.Requests += x.Requests
	o.OK += x.OK
	o.Response.Merge(&x.Response)
}

func (m *Moment) merge(x *Moment) {
	m.Requests, m.OK, m.Throttled = m.Requests+x.Requests, m.OK+x.OK, m.Throttled+x.Throttled
	m.Response.Merge(&x.Response)
	m.Covered = max(m.Covered, x.Covered)
	for i, r := range x.Ranges {
		m.Ranges[i].Requests += r.Requests
		m.Ranges[i].Throttled += r.Throttled
	}
}

func (s *Sample) merge(x *Sample) {
	if s.Seen == 0 || x.Seen > 0 && x.First < s.First {
		s.First = x.First
	}
	s.Seen += x.Seen
	for _, k := range x.Keys {
		s.put(k)
	}
}
