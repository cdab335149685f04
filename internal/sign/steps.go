package sign

// A Step is one intermediate value of a signature under the name its document
// gives it.
type Step struct {
	Name   string // "canonical request", "string to sign", …
	Value  string
	Secret bool // a key: never printed outside vectors
}

// Steps collects intermediate values in the order they are computed. A nil
// *Steps takes nothing and costs nothing.
type Steps struct{ List []Step }

// Add records a step.
func (s *Steps) Add(name string, value []byte) {
	if s != nil {
		s.List = append(s.List, Step{Name: name, Value: string(value)})
	}
}

// AddSecret records a key.
func (s *Steps) AddSecret(name string, value []byte) {
	if s != nil {
		s.List = append(s.List, Step{Name: name, Value: string(value), Secret: true})
	}
}

// Get returns the value of the step called name; ok is false when it was not
// recorded.
func (s *Steps) Get(name string) (value string, ok bool) {
	if s == nil {
		return "", false
	}
	for _, st := range s.List {
		if st.Name == name {
			return st.Value, true
		}
	}
	return "", false
}
