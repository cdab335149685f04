package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Open returns the store in dir, which is made when it is not there. label says
// whose it is (a dialect, say): a directory made with another label is refused,
// and so is one that another process uses, that holds what is not a store's, or
// in which a file is torn or missing; the error names the file. seed is kept in
// a new directory for SeedOf. Bodies stay in their files; what describes them is
// in memory. Close it.
func Open(dir, label string, seed uint64) (*Store, error) {
	return open(dir, storeNote{Label: label, Seed: seed}, nil)
}

// SeedOf returns the seed that the store in dir was made with, and whether
// there is a store.
func SeedOf(dir string) (uint64, bool, error) {
	var n storeNote
	err := readNote(filepath.Join(dir, labelFile), aStore, &n)
	if errors.Is(err, os.ErrNotExist) {
		return 0, false, nil
	}
	return n.Seed, err == nil, err
}

func open(dir string, note storeNote, step func() error) (*Store, error) {
	d := &disk{dir: dir, step: step}
	s := New()
	s.disk = d
	if err := d.prepare(note); err != nil {
		return nil, fmt.Errorf("store: %w", errors.Join(err, s.Close()))
	}
	if err := d.load(s); err != nil {
		return nil, fmt.Errorf("store: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

// prepare makes the directory a store of its own.
func (d *disk) prepare(note storeNote) error {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	if err := d.onlyOurs(); err != nil {
		return err
	}
	var err error
	if d.lock, err = lock(d.path(lockFile)); err != nil {
		return fmt.Errorf("%s: expected a directory that no other process uses: end that process or name another directory: %w", d.dir, err)
	}
	if err := d.makeDir(d.path(tmpDir)); err != nil {
		return err
	}
	if err := d.labelled(note); err != nil {
		return err
	}
	for _, name := range []string{bodiesDir, bucketsDir, objectsDir, uploadsDir} {
		if err := d.makeDir(d.path(name)); err != nil {
			return err
		}
	}
	return nil
}

// onlyOurs refuses a directory that holds something else.
func (d *disk) onlyOurs() error {
	return each(d.dir, func(name string) error {
		if !slices.Contains([]string{lockFile, labelFile, tmpDir, bodiesDir, bucketsDir, objectsDir, uploadsDir}, name) {
			return fmt.Errorf("%s: expected an empty directory or one of harness serve --data, found this in it", d.path(name))
		}
		return nil
	})
}

// labelled reads whose store this is, or says so in a new one.
func (d *disk) labelled(want storeNote) error {
	var got storeNote
	path := d.path(labelFile)
	err := readNote(path, aStore, &got)
	if errors.Is(err, os.ErrNotExist) {
		return d.label(path, want)
	}
	if err == nil && got.Label != want.Label {
		err = fmt.Errorf("%s: expected a store of %s, found one of %s", path, want.Label, got.Label)
	}
	return err
}

func (d *disk) label(path string, note storeNote) error {
	for _, name := range []string{bodiesDir, bucketsDir, objectsDir, uploadsDir} {
		if _, err := os.Lstat(d.path(name)); err == nil {
			return fmt.Errorf("%s: expected this file beside %s", path, name)
		}
	}
	text, err := seal(aStore, note)
	if err != nil {
		return err
	}
	return d.write(path, text)
}

// A loader reads what a directory holds into a store and removes what a kill
// left there.
type loader struct {
	*disk
	s       *Store
	folders map[string]*Bucket // by the name of their files
	bodies  map[string]*Blob   // by their names
}

func (d *disk) load(s *Store) error {
	l := &loader{disk: d, s: s, folders: map[string]*Bucket{}, bodies: map[string]*Blob{}}
	for _, part := range []struct {
		dir   string
		visit func(name string) error
	}{{tmpDir, l.leftover}, {bucketsDir, l.bucket}, {objectsDir, l.objects}, {uploadsDir, l.upload}, {bodiesDir, l.body}} {
		if err := each(d.path(part.dir), part.visit); err != nil {
			return err
		}
	}
	return nil
}

// leftover removes a file that was being written.
func (l *loader) leftover(name string) error {
	path := l.path(tmpDir, name)
	if !isBodyName(name) {
		return fmt.Errorf("%s: expected nothing but files that a killed process left", path)
	}
	return l.clear(path)
}

// body removes a body that no object and no part names.
func (l *loader) body(name string) error {
	path := l.path(bodiesDir, name)
	switch {
	case l.bodies[name] != nil:
		return nil
	case !isBodyName(name):
		return fmt.Errorf("%s: expected nothing but bodies of objects", path)
	}
	return l.clear(path)
}

// bucket reads a bucket, as yet without objects.
func (l *loader) bucket(name string) error {
	var n bucketNote
	path := l.path(bucketsDir, name)
	if err := readNote(path, aBucket, &n); err != nil {
		return err
	}
	b := n.bucket()
	if fileName(b.Name) != name {
		return fmt.Errorf("%s: expected the description of another bucket, found that of %q", path, b.Name)
	}
	if _, err := os.Stat(l.path(objectsDir, name)); err != nil {
		return fmt.Errorf("%s: expected a folder of the bucket's objects: %w", path, err)
	}
	b.disk = l.disk
	l.s.buckets[b.Name], l.folders[name] = b, b
	return nil
}

// objects reads the objects of a bucket; the empty folder of none is removed.
func (l *loader) objects(name string) error {
	b, dir := l.folders[name], l.path(objectsDir, name)
	if b == nil {
		if err := l.clear(dir); err != nil {
			return fmt.Errorf("%s: expected an empty folder, as %s is not there: %w", dir, l.path(bucketsDir, name), err)
		}
		return nil
	}
	return each(dir, func(file string) error {
		o, err := l.object(filepath.Join(dir, file))
		if err == nil {
			b.loaded(o)
		}
		return err
	})
}

// loaded puts a version where its order says.
func (b *Bucket) loaded(o *Object) {
	all := b.line(o.Key).all()
	i, _ := slices.BinarySearchFunc(all, o, func(a, b *Object) int { return cmp.Compare(b.order, a.order) })
	b.settle(o.Key, lineOf(slices.Insert(slices.Clone(all), i, o)))
}

func (l *loader) object(path string) (*Object, error) {
	var n objectNote
	if err := readNote(path, anObject, &n); err != nil {
		return nil, err
	}
	o := n.object()
	if o.fileName() != filepath.Base(path) {
		return nil, fmt.Errorf("%s: expected the description of another object, found that of %q", path, o.Key)
	}
	for _, name := range n.Bodies {
		b, err := l.piece(name)
		if err != nil {
			return nil, fmt.Errorf("%s: expected the body that it names: %w", path, err)
		}
		b.kept.refs++
		o.Blobs = append(o.Blobs, b)
	}
	return o, nil
}

// piece is the body called name, which several objects may share.
func (l *loader) piece(name string) (*Blob, error) {
	if b := l.bodies[name]; b != nil {
		return b, nil
	}
	if !isBodyName(name) {
		return nil, fmt.Errorf("%q is no name of a body", name)
	}
	b, err := l.loadBody(name)
	if err == nil {
		l.bodies[name] = b
	}
	return b, err
}

// isBodyName tells whether name is one that place makes.
func isBodyName(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	return len(name) == 26
}

// readNote reads the description in a file.
func readNote(path, kind string, note any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, noteMax+1<<10))
	if err == nil {
		err = unseal(kind, text, note)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// each calls visit for the name of everything in a directory, a bounded number
// at a time.
func each(dir string, visit func(name string) error) error {
	const batch = 1024
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		names, err := f.Readdirnames(batch)
		for _, name := range names {
			if err := visit(name); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
