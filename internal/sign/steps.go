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
		s.add(name, string(value), false)
	}
}

// AddText records a step that is a string already.
func (s *Steps) AddText(name, value string) {
	if s != nil {
		s.add(name, value, false)
	}
}

// AddSecret records a key.
func (s *Steps) AddSecret(name string, value []byte) {
	if s != nil {
		s.add(name, string(value), true)
	}
}

func (s *Steps) add(name, value string, secret bool) {
	s.List = append(s.List, Step{Name: name, Value: value, Secret: secret})
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

// Names of steps that several documents share. A scheme whose document uses
// other words names them in its own package.
const (
	StepURI       = "canonical URI"
	StepQuery     = "canonical query string"
	StepFields    = "canonical headers"
	StepNames     = "signed headers"
	StepPayload   = "payload hash"
	StepRequest   = "canonical request"
	StepKey       = "signing key"
	StepText      = "string to sign"
	StepSignature = "signature"
)

// Divergence finds the first step of a whose value differs in b, or that b does
// not have, and the index of the first byte that differs in it. ok is false
// when all steps of a are in b with the same values.
func Divergence(a, b *Steps) (step string, index int, ok bool) {
	if a == nil {
		return "", 0, false
	}
	for _, s := range a.List {
		other, _ := b.Get(s.Name)
		if s.Value == other {
			continue
		}
		i := 0
		for i < min(len(s.Value), len(other)) && s.Value[i] == other[i] {
			i++
		}
		return s.Name, i, true
	}
	return "", 0, false
}
