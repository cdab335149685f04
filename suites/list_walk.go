package suites

import (
	"fmt"
	"slices"
	"strings"
)

// walked are the rows of cases that read a listing page by page: what they come
// to is in the documents as one requirement each.
func walked() By {
	return By{
		"oss":    {Clauses: "OSS-LIST-27"},
		"oss/v2": {Clauses: "OSS-XLV2-05"},
		"cos":    {Clauses: "COS-XLIST-06"},
		"bos":    {Clauses: "BOS-LIST-10"},
		"s3":     {Clauses: "S3-LIST-07"},
		"s3/v2":  {Clauses: "S3-LIST-24"},
	}
}

// walks adds the case of a walk, for both versions where there are two.
func (b *Book) walks(name, text string, by By, given []Given, needs Need, run func(*Scene, walk)) {
	for _, v2 := range []bool{false, true} {
		row, ok := by[b.Dialect]
		at := name
		if v2 {
			row, ok = by[b.Dialect+"/v2"]
			at = "v2/" + name
		}
		if ok {
			b.Case(at, text, By{b.Dialect: row}, Case{Needs: needs, Given: given, Run: func(s *Scene) { run(s, walk{v2: v2}) }})
		}
	}
}

func listWalks(b *Book) {
	keys := []string{"a", "b", "c", "d", "e"}
	b.walks("pages/each-once", "leads through all keys, each once and in order", walked(), []Given{listPut(keys...)}, 0, func(s *Scene, w walk) {
		w.size = 2
		w.holds(s, keys, nil)
	})
	nested := []string{"f/sub/1", "f/sub/2", "f/a", "f/b", "f/tub/1"}
	by := walked()
	by["s3"], by["s3/v2"] = Row{Clauses: "S3-LIST-07 S3-LIST-29"}, Row{Clauses: "S3-LIST-29"}
	b.walks("pages/folded", "leads through keys and common prefixes, each once", by, []Given{listPut(nested...)}, 0, func(s *Scene, w walk) {
		w.size, w.query, w.delimiter = 1, "prefix=~f/", "/"
		w.holds(s, []string{"f/a", "f/b"}, []string{"f/sub/", "f/tub/"})
	})
	many, top, folders := tree(90)
	private := []Given{func(s *Scene) { s.NewPrivate(Setup{}) }, listPut(many...)}
	b.walks("pages/every-size", "comes to the same keys whatever the size of the pages", walked(), private, NeedsPrivate, func(s *Scene, w walk) {
		for _, size := range []int{1, 2, 3, 7, 44, 45, 89, 90, 91, 1000} {
			w.size = size
			w.holds(s, many, nil)
		}
	})
	b.walks("pages/every-size-folded", "comes to the same keys and prefixes whatever the size of the pages", by, private, NeedsPrivate, func(s *Scene, w walk) {
		w.delimiter = "/"
		for _, size := range []int{1, 2, 3, 5, 8, 13, 40, 1000} {
			w.size = size
			w.holds(s, top, folders)
		}
	})
	listWriting(b)
}

// tree is n keys in order, a third of them in folders, the keys outside of
// folders, and the folders.
func tree(n int) (all, top, folders []string) {
	for i := range n {
		key := fmt.Sprintf("k%03d", i*7%n)
		if i%3 == 0 {
			key = fmt.Sprintf("k%03d/%d/x", i*7%n/10*10, i)
		}
		all = append(all, key)
	}
	slices.Sort(all)
	for _, key := range all {
		if folder, _, ok := strings.Cut(key, "/"); !ok {
			top = append(top, key)
		} else if !slices.Contains(folders, folder+"/") {
			folders = append(folders, folder+"/")
		}
	}
	return all, top, folders
}

// listWriting lists while others write.
func listWriting(b *Book) {
	var stay []string
	for i := range 12 {
		stay = append(stay, fmt.Sprintf("k%02d", i))
	}
	run := func(s *Scene, w walk) {
		w.size = 2
		w.between = func(s *Scene, page int) {
			s.Must(s.Put(s.Key(fmt.Sprintf("j%02d", page)), "before all"))
			s.Must(s.Put(s.Key(fmt.Sprintf("k%02d-new", page)), "somewhere"))
			s.Must(s.Delete(s.Key(fmt.Sprintf("k%02d-old", page))))
		}
		keys, _ := w.read(s)
		steady := slices.DeleteFunc(keys, func(k string) bool { return len(k) != 3 || k[0] != 'k' })
		if !slices.Equal(steady, stay) {
			w.fail(s, "the keys that stayed, each once and in order: "+excerpt(fmt.Sprintf("%q", stay)), excerpt(fmt.Sprintf("%q", steady)))
		}
	}
	given := []Given{listPut(stay...), func(s *Scene) {
		for _, k := range stay {
			s.Must(s.Put(s.Key(k+"-old"), "soon gone"))
		}
	}}
	b.walks("pages/while-writing", "leads through the keys that stay, each once, while others come and go", walked(), given, 0, run)
}
