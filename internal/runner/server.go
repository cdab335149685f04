package runner

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/onsi/ginkgo/v2/types"
)

// messageMax bounds what one message of a child may hold, in bytes.
const messageMax = 64 << 20

// A server is the parent's side of Ginkgo's parallel protocol over HTTP as
// v2.34.0 speaks it: children ask for the next spec and tell what became of it.
// Status 425 means "not yet, ask again", 410 "the process you wait for is gone".
type server struct {
	mu           sync.Mutex
	tally        *tally
	report       types.Report // of those that have ended
	next         int          // index of the next group of specs
	stop         bool         // children shall interrupt themselves
	procs        []process
	reportBefore types.SpecState // of process 1's ReportBeforeSuite
	before       beforeSuite     // of process 1's SynchronizedBeforeSuite
}

// A process is one child as the protocol sees it.
type process struct {
	reported bool // its report has come
	gone     bool // it runs no longer
}

func (p process) over() bool { return p.reported || p.gone }

// beforeSuite travels from process 1 to the others.
type beforeSuite struct {
	Data  []byte
	State types.SpecState
}

func newServer(t *tally, procs int) *server {
	return &server{tally: t, report: t.plan, procs: make([]process, procs)}
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/up", func(http.ResponseWriter, *http.Request) {})
	tell(mux, s, "/suite-will-begin", s.begun)
	tell(mux, s, "/did-run", s.tally.take)
	mux.HandleFunc("/suite-did-end", s.end)
	tell(mux, s, "/report-before-suite-completed", func(state types.SpecState) { s.reportBefore = state })
	tell(mux, s, "/before-suite-completed", func(b beforeSuite) { s.before = b })
	mux.HandleFunc("POST /abort", func(http.ResponseWriter, *http.Request) { s.abort() })
	mux.HandleFunc("/progress-report", drop)
	mux.HandleFunc("/emit-output", drop)
	ask(mux, s, "/report-before-suite-state", func() (any, int) { return s.reportBefore, s.first(s.reportBefore) })
	ask(mux, s, "/before-suite-state", func() (any, int) { return s.before, s.first(s.before.State) })
	ask(mux, s, "/have-nonprimary-procs-finished", func() (any, int) { return nil, s.others() })
	ask(mux, s, "/aggregated-nonprimary-procs-report", s.aggregated)
	ask(mux, s, "/counter", s.count)
	ask(mux, s, "GET /abort", s.aborted)
	return mux
}

// tell answers messages that bring a T.
func tell[T any](mux *http.ServeMux, s *server, path string, take func(T)) {
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		var v T
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, messageMax)).Decode(&v); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		take(v)
	})
}

// ask answers questions with a value or a status.
func ask(mux *http.ServeMux, s *server, path string, answer func() (any, int)) {
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		value, status := answer()
		text, err := json.Marshal(value)
		s.mu.Unlock()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write(text) // a child that has gone asks no more
	})
}

func drop(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.CopyN(io.Discard, r.Body, messageMax) // what children print is not part of the report
}

// begun compares a child's tree with the plan: the children share the work by
// number, so another tree would run other specs.
func (s *server) begun(r types.Report) {
	if r.PreRunStats != s.tally.plan.PreRunStats {
		s.stop = true
		s.tally.lost = append(s.tally.lost, fmt.Sprintf("process %d has %d of %d specs to run where the plan has %d of %d: every process must register the same specs from the same options",
			r.SuiteConfig.ParallelProcess, r.PreRunStats.SpecsThatWillRun, r.PreRunStats.TotalSpecs,
			s.tally.plan.PreRunStats.SpecsThatWillRun, s.tally.plan.PreRunStats.TotalSpecs))
	}
}

// end takes a child's report without its specs, which were told one by one: all
// of them with their evidence are more than one wants to hold twice.
func (s *server) end(w http.ResponseWriter, request *http.Request) {
	r, err := decodeHead(request.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended(r)
}

func (s *server) ended(r types.Report) {
	n := r.SuiteConfig.ParallelProcess
	if n < 1 || n > len(s.procs) || s.procs[n-1].reported {
		return
	}
	if s.reports() == 0 {
		s.report = r
	} else {
		s.report = s.report.Add(r)
	}
	s.procs[n-1].reported = true
}

func (s *server) reports() (n int) {
	for _, p := range s.procs {
		if p.reported {
			n++
		}
	}
	return n
}

// first answers for a state that process 1 has to tell.
func (s *server) first(state types.SpecState) int {
	switch {
	case state != types.SpecStateInvalid:
		return http.StatusOK
	case s.procs[0].over():
		return http.StatusGone
	}
	return http.StatusTooEarly
}

// others tells whether all but process 1 have ended.
func (s *server) others() int {
	for _, p := range s.procs[1:] {
		if !p.over() {
			return http.StatusTooEarly
		}
	}
	return http.StatusOK
}

func (s *server) aggregated() (any, int) {
	switch {
	case s.others() != http.StatusOK:
		return nil, http.StatusTooEarly
	case s.reports() < len(s.procs)-1:
		return nil, http.StatusGone
	}
	return s.report, http.StatusOK
}

func (s *server) count() (any, int) {
	index := s.next
	s.next++
	return struct{ Index int }{index}, http.StatusOK
}

func (s *server) aborted() (any, int) {
	if s.stop {
		return nil, http.StatusGone
	}
	return nil, http.StatusOK
}

func (s *server) abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = true
}

// leave notes the end of process n; one that did not report is lost.
func (s *server) leave(n int, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.procs[n-1].gone = true
	if !s.procs[n-1].reported {
		s.tally.lost = append(s.tally.lost, fmt.Sprintf("process %d ended before its report: %s", n, why))
	}
}
