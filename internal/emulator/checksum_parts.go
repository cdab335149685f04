package emulator

import (
	"encoding/xml"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// sumPlan is where an upload keeps how its object is to be summed up: name and
// type. An upload without it gets the default checksum.
const sumPlan = "checksum-plan"

// planSum reads how an upload wants its object summed up.
func (c *call) planSum(u *store.Object) error {
	if !c.e.t.sums {
		return nil
	}
	name, kind := c.field(c.own("checksum-algorithm")), c.field(c.own("checksum-type"))
	if name == "" {
		return c.require("checksum.type-alone", kind == "", "InvalidRequest")
	}
	k := c.knownSum(name)
	if err := c.require("checksum.algorithm", k != nil, "InvalidRequest"); err != nil || k == nil {
		return err
	}
	if kind == "" {
		kind = fullObject
		if k.composite {
			kind = composite
		}
	}
	possible := kind == composite && k.composite || kind == fullObject && k.whole
	if err := c.require("checksum.type-possible", possible, "InvalidRequest"); err != nil {
		return err
	}
	if u.Extra == nil {
		u.Extra = map[string]string{}
	}
	u.Extra[sumPlan] = k.name + " " + kind
	c.set("checksum.plan", c.own("checksum-algorithm"), k.name)
	c.set("checksum.plan-type", c.own("checksum-type"), kind)
	return nil
}

// plannedSum is how an upload's object is to be summed up, nil where nobody said.
func plannedSum(o *store.Object) (k *checksum, kind string) {
	name, kind, _ := strings.Cut(o.Extra[sumPlan], " ")
	return checksumOf(name), kind
}

// partSum holds the checksum of a part to its upload's.
func (c *call) partSum(u *store.Upload, of *checksum) error {
	want, kind := plannedSum(u.Object)
	if want == nil {
		return nil
	}
	if err := c.require("checksum.part-algorithm", of == nil || of == want, "InvalidRequest"); err != nil {
		return err
	}
	if of != nil {
		return nil
	}
	if kind == composite {
		return c.require("checksum.part-needed", false, "InvalidRequest")
	}
	return c.admit("checksum.part-optional", "InvalidRequest")
}

// answerPartSum answers the checksum of a part.
func (c *call) answerPartSum(of *checksum, b *store.Blob) {
	if of != nil && c.trailer.Get(c.sumField(of)) == "" {
		c.set("checksum.part", c.sumField(of), of.of(b.Range(0, b.Size)))
	}
}

// sumUp adds the checksums of parts to a list of them, where their upload said that
// there are some.
func (r *partListing) sumUp(u *store.Upload, p partPage) {
	k, kind := plannedSum(u.Object)
	if k == nil {
		return
	}
	r.Algorithm, r.SumType = k.name, kind
	for i, part := range p.parts {
		r.Parts[i].Sum = []sumElement{newSumElement(k.element(), k.of(part.Blob.Range(0, part.Blob.Size)))}
	}
}

// listedSums holds the checksums that a completion lists to those of the parts.
func (c *call) listedSums(u *store.Upload, list []namedPart, parts []*store.Part) error {
	k, kind := plannedSum(u.Object)
	if k == nil || len(list) != len(parts) {
		return nil
	}
	for i, n := range list {
		text := n.sum(k)
		if text == "" {
			if kind != composite {
				continue
			}
			if err := c.require("checksum.listed", false, "InvalidRequest"); err != nil {
				return err
			}
			continue
		}
		b := parts[i].Blob
		if err := c.require("checksum.listed-right", text == k.of(b.Range(0, b.Size)), "InvalidPart"); err != nil {
			return err
		}
	}
	return nil
}

// sum is the checksum that a completion lists for a part, "" for none.
func (p namedPart) sum(k *checksum) string {
	for _, s := range p.Sums {
		if s.XMLName.Local == k.element() {
			return strings.TrimSpace(s.Text)
		}
	}
	return ""
}

// completeSum gives an object of parts its checksum, and holds the request to it.
func (c *call) completeSum(o *store.Object, parts []*store.Part) error {
	if !c.e.t.sums {
		return nil
	}
	k, kind := plannedSum(o)
	if err := c.completeAsked(o, k, kind); err != nil || k == nil {
		return err
	}
	s := sum{k, k.of(o.Range(0, o.Size)), kind}
	if kind == composite {
		s.text = pick(c, "checksum.composite", k.ofParts(parts), s.text)
	}
	if given := c.field(c.sumField(k)); given != "" && kind == fullObject {
		if err := c.require("checksum.complete", given == s.text, "BadDigest"); err != nil {
			return err
		}
	}
	extra := map[string]string{}
	for name, value := range o.Extra {
		if name != sumPlan {
			extra[name] = value
		}
	}
	o.Extra = extra
	s.keep(o)
	return nil
}

// completeAsked holds a completion to the type of the checksum, and to the size of
// the object.
func (c *call) completeAsked(o *store.Object, k *checksum, kind string) error {
	if asked := c.field(c.own("checksum-type")); asked != "" && k != nil {
		if err := c.require("checksum.complete-type", asked == kind, "InvalidRequest"); err != nil {
			return err
		}
	}
	size := c.field(c.own("mp-object-size"))
	return c.require("checksum.complete-size", size == "" || size == strconv.FormatInt(o.Size, 10), "InvalidRequest")
}

// A sumElement is an element of a document that tells of a checksum.
type sumElement struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

func newSumElement(name, text string) sumElement {
	return sumElement{xml.Name{Local: name}, text}
}

// sumElements tell an object's checksum in a document; nil for the default one.
func (c *call) sumElements(rule string, o *store.Object) []sumElement {
	s, ok := c.sumOf(o)
	if !c.e.t.sums || !ok || o.Extra[sumKept] == "" {
		return nil
	}
	var list []sumElement
	if text := member(c, rule, s.text, otherValue(s.text)); text != nil {
		list = append(list, newSumElement(s.of.element(), *text))
	}
	return append(list, newSumElement("ChecksumType", pick(c, rule+"-type", s.kind, map[string]string{composite: fullObject, fullObject: composite}[s.kind])))
}

// copySum gives a copy its checksum: by the algorithm of the request, or by that
// of the source.
func (c *call) copySum(from, made *store.Object) error {
	if !c.e.t.sums {
		return nil
	}
	var old sum
	if from.Extra[sumKept] != "" {
		old, _ = c.sumOf(from)
	}
	k := old.of
	if name := c.field(c.own("checksum-algorithm")); name != "" {
		asked := checksumOf(name)
		if asked == nil {
			return c.fault("InvalidRequest")
		}
		if k == nil {
			k = asked
		}
		k = pick(c, "checksum.copy-asked", asked, k)
	} else if k != nil && !c.does("checksum.copy-keeps") {
		return nil
	}
	if k == nil {
		return nil
	}
	s := sum{k, k.of(made.Range(0, made.Size)), fullObject}
	if old.kind == composite && old.of == k {
		s = pick(c, "checksum.copy-whole", s, old)
	}
	s.keep(made)
	return nil
}
