package runner

import (
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// roots are what stands before the interesting part of this build's source
// positions: the module's folder (with -trimpath its name), Go's own sources,
// the module cache.
var roots = func() (found []string) {
	_, file, _, _ := runtime.Caller(0)
	for _, at := range []struct{ file, part string }{
		{file, "internal/runner/"}, {source(strings.Cut), "strings/"}, {source(ginkgo.Fail), "github.com/"},
	} {
		if i := strings.LastIndex(at.file, at.part); i > 0 {
			found = append(found, at.file[:i])
		}
	}
	return found
}()

// source is the file that holds the function f.
func source(f any) string {
	file, _ := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).FileLine(0)
	return file
}

// clean makes the source positions of s module-relative and drops what takes
// much memory and says little: Ginkgo's timeline, its goroutine dumps, which are
// full of machine paths, and all forms of a report entry but the one read by Entry.
func clean(s *types.SpecReport) {
	s.SpecEvents, s.ProgressReports = nil, nil
	s.LeafNodeLocation = relative(s.LeafNodeLocation)
	s.ContainerHierarchyLocations = slices.Clone(s.ContainerHierarchyLocations)
	for i, l := range s.ContainerHierarchyLocations {
		s.ContainerHierarchyLocations[i] = relative(l)
	}
	s.ReportEntries = slices.Clone(s.ReportEntries)
	for i := range s.ReportEntries {
		e := &s.ReportEntries[i]
		e.Location = relative(e.Location)
		if e.Value.AsJSON != "" {
			e.Value = types.ReportEntryValue{AsJSON: e.Value.AsJSON}
		}
	}
	s.Failure = cleanFailure(s.Failure)
	s.AdditionalFailures = slices.Clone(s.AdditionalFailures)
	for i := range s.AdditionalFailures {
		s.AdditionalFailures[i].Failure = cleanFailure(s.AdditionalFailures[i].Failure)
	}
}

func cleanFailure(f types.Failure) types.Failure {
	f.Location = relative(f.Location)
	f.FailureNodeLocation = relative(f.FailureNodeLocation)
	f.ProgressReport = types.ProgressReport{}
	if f.AdditionalFailure != nil {
		inner := *f.AdditionalFailure
		inner.Failure = cleanFailure(inner.Failure)
		f.AdditionalFailure = &inner
	}
	return f
}

func relative(l types.CodeLocation) types.CodeLocation {
	for _, root := range roots {
		l.FileName = strings.TrimPrefix(l.FileName, root)
		l.FullStackTrace = strings.ReplaceAll(l.FullStackTrace, root, "")
	}
	return l
}
