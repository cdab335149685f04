package dialect

import (
	"fmt"
	"strings"

	"objectharness/internal/wire"
)

// A Level is what an operation is about.
type Level uint8

const (
	// ServiceLevel is the account: no bucket is addressed.
	ServiceLevel Level = iota
	// BucketLevel is one bucket.
	BucketLevel
	// ObjectLevel is one key of a bucket.
	ObjectLevel
)

// Level is what the location addresses.
func (l Location) Level() Level {
	switch {
	case l.HasKey:
		return ObjectLevel
	case l.Bucket != "":
		return BucketLevel
	}
	return ServiceLevel
}

// A Param is a query parameter that a route asks for, with any value when
// Value is empty.
type Param struct{ Name, Value string }

// A Route leads one form of request to the operation that it asks for.
type Route struct {
	Method    string
	Level     Level
	Params    []Param  // all of these must be in the query
	Fields    []string // all of these header fields must be there
	Kind      string   // the operation's name across dialects: that of the S3 reference where S3 has it
	Operation string   // its name in the vendor's reference
}

// A Router finds the route of a request.
type Router struct {
	routes [3]map[string][]Route // by level and method
	subs   [3]map[Param]bool     // what makes a request one for a sub-resource
}

// NewRouter prepares routes. Where several match, the first one counts.
func NewRouter(routes []Route) *Router {
	r := new(Router)
	for i := range r.routes {
		r.routes[i], r.subs[i] = map[string][]Route{}, map[Param]bool{}
	}
	for _, route := range routes {
		at := r.routes[route.Level]
		at[route.Method] = append(at[route.Method], route)
		for _, p := range route.Params {
			r.subs[route.Level][p] = true
		}
	}
	return r
}

// Find returns the route of a request; ok is false when there is none. A query
// that names a sub-resource which the method does not have leads nowhere: it
// never falls through to the plain operation. OPTIONS asks about other requests,
// whatever they are for.
func (r *Router) Find(method string, at Location, query []wire.Param, fields wire.Fields) (route Route, ok bool) {
	if at.HasKey && at.Bucket == "" {
		return Route{}, false
	}
	level := at.Level()
	for _, route := range r.routes[level][method] {
		if matches(route, query, fields) {
			return route, len(route.Params) > 0 || method == "OPTIONS" || !r.namesSub(level, query)
		}
	}
	return Route{}, false
}

// Operation is Dialect.Operation over these routes.
func (r *Router) Operation(method string, at Location, query []wire.Param, fields wire.Fields) string {
	if route, ok := r.Find(method, at, query, fields); ok {
		return route.Operation
	}
	return ""
}

func (r *Router) namesSub(level Level, query []wire.Param) bool {
	for _, p := range query {
		if r.subs[level][Param{Name: p.Name}] || r.subs[level][Param{p.Name, p.Value}] {
			return true
		}
	}
	return false
}

func matches(route Route, query []wire.Param, fields wire.Fields) bool {
	for _, want := range route.Params {
		if !asks(query, want) {
			return false
		}
	}
	for _, name := range route.Fields {
		if !fields.Has(name) {
			return false
		}
	}
	return true
}

func asks(query []wire.Param, want Param) bool {
	for _, p := range query {
		if p.Name == want.Name && (want.Value == "" || p.Value == want.Value) {
			return true
		}
	}
	return false
}

var levels = map[string]Level{"service": ServiceLevel, "bucket": BucketLevel, "object": ObjectLevel}

// ParseRoutes reads a table of routes: method, level, parameters, fields, kind
// and operation, parted by white space. The parameters are joined with &, the
// fields with commas; a dash stands for none. The operation is the rest of the
// line; where it is missing it is the kind.
func ParseRoutes(table string) ([]Route, error) {
	var routes []Route
	for n, line := range lines(table) {
		col := strings.Fields(line)
		if len(col) < 5 {
			return nil, fmt.Errorf("dialect: routes, line %d: got %d columns, want method, level, parameters, fields, kind", n, len(col))
		}
		level, ok := levels[col[1]]
		if !ok {
			return nil, fmt.Errorf("dialect: routes, line %d: level %q is none of service, bucket, object", n, col[1])
		}
		route := Route{Method: col[0], Level: level, Kind: col[4], Operation: strings.Join(col[5:], " ")}
		if route.Operation == "" {
			route.Operation = route.Kind
		}
		for _, p := range list(col[2], "&") {
			name, value, _ := strings.Cut(p, "=")
			route.Params = append(route.Params, Param{name, value})
		}
		route.Fields = list(col[3], ",")
		routes = append(routes, route)
	}
	return routes, nil
}

func list(s, sep string) []string {
	if s == "-" {
		return nil
	}
	return strings.Split(s, sep)
}
