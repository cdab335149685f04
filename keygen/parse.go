package keygen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Strategy is a way to name objects, as Parse reads it.
type Strategy struct {
	Name   string // the text that Parse read, such as hashed:md5:2
	Rule   string // the same in words
	Append Append

	// Listings is the price of a scan: how many prefixes have to be listed to
	// find all keys that shared a directory before their names were changed,
	// within one group where there are groups. Pages of a listing are not
	// counted. It is 16 to the power of the digits of a hash, 1 where the
	// directory's new name can be computed, and 0 for random keys, which have
	// no directory.
	Listings int
}

// A Form is a word that the text of a strategy may begin with.
type Form struct {
	Word    string
	Options string // what may follow; SEQUENCE is one of the last four forms
	Rule    string

	parse func(*parser) (Strategy, error)
}

const plainOptions = "[:SEQUENCE]"

// Forms lists the words, each with what may follow it. Every option may be left
// out; the dated sequence is what the others are made from unless they say
// otherwise, so that they differ in nothing but the change.
func Forms() []Form {
	return append([]Form{
		{"sequential", plainOptions, "keys in sequence, dated unless it says which", (*parser).plain},
		{"hashed", "[:sha1|:md5][:2|:3|:4]" + plainOptions, "4 digits of the SHA-1 of the key and a hyphen in front of it", (*parser).hashed},
		{"enumerated", "[:hashed[:sha1|:md5][:2|:3|:4]]", "logs and images in turn; a hash, if any, behind the group's word", (*parser).enumerated},
		{"reversed", plainOptions, "the first path segment backwards", (*parser).reversed},
		{"random", "", "16 hexadecimal digits without order, from the seed: the control", (*parser).random},
	}, sequences...)
}

// sequences are the forms that others can be made from.
var sequences = []Form{
	{"numbered", "", "numbers that count up: image001/indexpage1.jpg", func(*parser) (Strategy, error) {
		return Strategy{Rule: "numbers that count up", Listings: 1, Append: Numbered}, nil
	}},
	{"dated", "[:STEP]", "day and time, a step of 5m apart: 20170701/log120000.tar.gz", (*parser).dated},
	{"lettered", "[:LETTERS]", "day and letter, 2 a day: 20170701/log0701A.tar.gz", (*parser).lettered},
	{"id", "", "ids that count up: id16777216/album/hongkong/img20170701121314.jpg", func(*parser) (Strategy, error) {
		return Strategy{Rule: "ids that count up", Listings: 1, Append: ID}, nil
	}},
}

// An Error is a text that is no strategy.
type Error struct {
	Text  string   // the whole of it
	Got   string   // the part that is wrong
	Want  string   // what could have stood there
	Words []string // the words among those
}

func (e *Error) Error() string {
	if e.Got == e.Text {
		return fmt.Sprintf("expected %s, got %q", e.Want, e.Got)
	}
	return fmt.Sprintf("%s: expected %s, got %q", e.Text, e.Want, e.Got)
}

// Parse reads the text of a strategy: a word of Forms and its options, with
// colons between, such as sequential, dated:1s, hashed, hashed:md5:2:numbered,
// enumerated:hashed, reversed:id or random. The seed is for random keys only.
// Any error is an *Error.
func Parse(text string, seed uint64) (Strategy, error) {
	p := &parser{text: text, rest: strings.Split(text, ":"), seed: seed}
	s, err := p.choose(Forms())
	if err == nil && len(p.rest) > 0 {
		err = p.wrong("nothing more", nil)
	}
	if err != nil {
		return Strategy{}, err
	}
	s.Name = text
	return s, nil
}

// A parser takes the words of a text one by one.
type parser struct {
	text string
	rest []string
	seed uint64
}

// next is the word to read, "" at the end.
func (p *parser) next() string {
	if len(p.rest) == 0 {
		return ""
	}
	return p.rest[0]
}

// take reads a word if it is the given one.
func (p *parser) take(word string) bool {
	if len(p.rest) == 0 || p.rest[0] != word {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) wrong(want string, words []string) error {
	return &Error{Text: p.text, Got: p.next(), Want: want, Words: words}
}

// choose reads the word of one of the forms and what follows it. Other words
// that could have stood there go into the error.
func (p *parser) choose(forms []Form, others ...string) (Strategy, error) {
	for _, f := range forms {
		if p.take(f.Word) {
			return f.parse(p)
		}
		others = append(others, f.Word)
	}
	return Strategy{}, p.wrong(oneOf(others), others)
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func (p *parser) plain() (Strategy, error) { return p.plainOr() }

// plainOr reads a sequence, the dated one at the end of the text.
func (p *parser) plainOr(others ...string) (Strategy, error) {
	if len(p.rest) == 0 {
		return p.dated()
	}
	return p.choose(sequences, others...)
}

func (p *parser) dated() (Strategy, error) {
	step := Step
	if len(p.rest) > 0 {
		var err error
		if step, err = time.ParseDuration(p.next()); err != nil || checkStep(step) != nil {
			return Strategy{}, p.wrong("a step of whole seconds, 1s to 24h", nil)
		}
		p.rest = p.rest[1:]
	}
	return Strategy{Rule: "day and time, " + spoken(step) + " apart", Listings: 1, Append: Dated(step)}, nil
}

// spoken is a step without the zeros that package time prints.
func spoken(step time.Duration) string {
	text := step.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func (p *parser) lettered() (Strategy, error) {
	perDay := LettersPerDay
	if len(p.rest) > 0 {
		var err error
		if perDay, err = strconv.Atoi(p.next()); err != nil || perDay < 1 || perDay > 26 {
			return Strategy{}, p.wrong("1 to 26 letters a day", nil)
		}
		p.rest = p.rest[1:]
	}
	return Strategy{Rule: fmt.Sprintf("day and letter, %d a day", perDay), Listings: 1, Append: Lettered(perDay)}, nil
}

func (p *parser) reversed() (Strategy, error) {
	s, err := p.plain()
	if err != nil {
		return s, err
	}
	return Strategy{Rule: s.Rule + "; the first path segment backwards", Listings: 1, Append: Reversed(s.Append)}, nil
}

func (p *parser) random() (Strategy, error) {
	return Strategy{Rule: fmt.Sprintf("16 hexadecimal digits without order, seed %d", p.seed), Append: Random(p.seed)}, nil
}

// A hashing is what stands in front of a key.
type hashing struct {
	hash   Hash
	digits int
}

func (h hashing) String() string {
	return fmt.Sprintf("%d digits of %s in front", h.digits, map[Hash]string{SHA1: "SHA-1", MD5: "MD5"}[h.hash])
}

func (h hashing) listings() int { return 1 << (4 * h.digits) }

func (h hashing) of(base Append) Append { return Hashed(base, h.hash, h.digits) }

// hashing reads a hash and a number of digits, each if it is there, and returns
// the words that could still follow.
func (p *parser) hashing() (h hashing, could []string) {
	h = hashing{SHA1, MaxDigits}
	hashes := []string{SHA1.String(), MD5.String()}
	counts := []string{"2", "3", "4"}
	if i := slices.Index(hashes, p.next()); i >= 0 {
		p.take(p.next())
		h.hash, hashes = Hash(i), nil
	}
	if i := slices.Index(counts, p.next()); i >= 0 {
		p.take(p.next())
		h.digits = MinDigits + i
		return h, nil
	}
	return h, append(hashes, counts...)
}

func (p *parser) hashed() (Strategy, error) {
	h, could := p.hashing()
	s, err := p.plainOr(could...)
	if err != nil {
		return s, err
	}
	return Strategy{Rule: s.Rule + "; " + h.String(), Listings: h.listings(), Append: h.of(s.Append)}, nil
}

// enumerated is the document's two groups, with a hash behind each group's word
// if the text says so.
func (p *parser) enumerated() (Strategy, error) {
	logs, images := Dated(Step), Append(Numbered)
	rule, listings := "groups logs and images in turn", 1
	if p.take("hashed") {
		h, could := p.hashing()
		if len(p.rest) > 0 && could != nil {
			return Strategy{}, p.wrong(oneOf(could), could)
		}
		logs, images = h.of(logs), h.of(images)
		rule, listings = rule+"; "+h.String()+" of the rest", h.listings()
	} else if len(p.rest) > 0 {
		return Strategy{}, p.wrong("hashed", []string{"hashed"})
	}
	return Strategy{Rule: rule, Listings: listings, Append: Enumerated(Group{"logs", logs}, Group{"images", images})}, nil
}
