package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// uploadFile describes an upload in its folder; the parts are described in files
// that are called by their numbers.
const uploadFile = "upload"

type (
	uploadNote struct {
		Bucket, Key, ID text
		Initiated       time.Time
		Owner           text `json:",omitempty"`
		Over            text `json:",omitempty"`
		Object          objectNote
	}
	partNote struct {
		Number   int
		Body     string // name of a file
		ETag     text
		Modified time.Time
	}
)

// uploadPath is the folder of an upload, or a file in it.
func (d *disk) uploadPath(id string, file ...string) string {
	return d.path(append([]string{uploadsDir, fileName(id)}, file...)...)
}

// begin writes an upload: its folder, then its description. A store in memory
// has no disk.
func (d *disk) begin(b *Bucket, u *Upload) error {
	if d == nil {
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	if b.gone {
		return ErrNoBucket
	}
	text, err := describeUpload(b, u)
	if err == nil {
		err = d.makeDir(d.uploadPath(u.ID))
	}
	if err == nil {
		err = d.write(d.uploadPath(u.ID, uploadFile), text)
	}
	if err != nil {
		return fmt.Errorf("store: keep the upload: %w", err)
	}
	return nil
}

func describeUpload(b *Bucket, u *Upload) ([]byte, error) {
	return seal(anUpload, uploadNote{Bucket: text(b.Name), Key: text(u.Key), ID: text(u.ID), Initiated: u.Initiated.UTC(),
		Owner: text(u.Owner), Over: text(u.Over), Object: noteOf(u.Object)})
}

func (n *uploadNote) upload() *Upload {
	return &Upload{Key: string(n.Key), ID: string(n.ID), Initiated: n.Initiated, Owner: string(n.Owner), Over: string(n.Over), Object: n.Object.object()}
}

// addPart writes a part: its body, then its description. old is what it stands
// in the place of, nil for nothing.
func (d *disk) addPart(u *Upload, p, old *Part) error {
	if d == nil {
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	err := d.place(p.Blob)
	if err == nil {
		err = d.writePart(u, p)
	}
	if err != nil {
		return fmt.Errorf("store: keep the part: %w", err)
	}
	d.hold([]*Blob{p.Blob})
	if old != nil {
		d.release([]*Blob{old.Blob})
	}
	return nil
}

func (d *disk) writePart(u *Upload, p *Part) error {
	text, err := seal(aPart, partNote{Number: p.Number, Body: p.Blob.kept.name, ETag: text(p.ETag), Modified: p.Modified.UTC()})
	if err != nil {
		return err
	}
	return d.write(d.uploadPath(u.ID, strconv.Itoa(p.Number)), text)
}

// end removes an upload: its description, then what else is in its folder, which
// Open removes where a kill comes between.
func (d *disk) end(u *Upload) error {
	if d == nil {
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	if err := d.remove(d.uploadPath(u.ID, uploadFile)); err != nil {
		return fmt.Errorf("store: end the upload: %w", err)
	}
	for _, p := range u.Parts {
		_ = d.remove(d.uploadPath(u.ID, strconv.Itoa(p.Number)))
	}
	_ = d.remove(d.uploadPath(u.ID)) // what stays is found by Open
	d.release(u.blobs())
	return nil
}

// finish removes an upload whose object is there. What stays is removed before
// the object goes, by which Open would know it.
func (d *disk) finish(u *Upload) {
	if err := d.end(u); err != nil {
		d.left.Store(u.ID, u)
	}
}

// settle removes the upload of an object that is to go, where finish could not.
func (d *disk) settle(old *Object) error {
	if old == nil || old.Upload == "" {
		return nil
	}
	u, stays := d.left.Load(old.Upload)
	if !stays {
		return nil
	}
	if err := d.remove(d.uploadPath(old.Upload, uploadFile)); err != nil {
		return fmt.Errorf("store: end the upload: %w", err)
	}
	d.left.Delete(old.Upload)
	d.release(u.(*Upload).blobs())
	return nil
}

// upload reads an upload. One without a description, and one whose object is
// there, has ended.
func (l *loader) upload(name string) error {
	dir := l.path(uploadsDir, name)
	var n uploadNote
	err := readNote(filepath.Join(dir, uploadFile), anUpload, &n)
	if errors.Is(err, os.ErrNotExist) {
		return l.scrap(dir)
	}
	if err != nil {
		return err
	}
	u, b := n.upload(), l.s.buckets[string(n.Bucket)]
	switch {
	case fileName(u.ID) != name:
		return fmt.Errorf("%s: expected the description of another upload, found that of %q", dir, u.ID)
	case b == nil:
		return fmt.Errorf("%s: expected an upload of a bucket that is there, found one of %q", dir, n.Bucket)
	}
	if slices.ContainsFunc(b.line(u.Key).all(), func(o *Object) bool { return o.Upload == u.ID }) {
		return l.scrap(dir)
	}
	if err := l.parts(dir, u); err != nil {
		return err
	}
	b.uploads.Set(place(u.Key, u.ID), u)
	return nil
}

// parts reads the parts of an upload.
func (l *loader) parts(dir string, u *Upload) error {
	return each(dir, func(file string) error {
		if file == uploadFile {
			return nil
		}
		var n partNote
		path := filepath.Join(dir, file)
		if err := readNote(path, aPart, &n); err != nil {
			return err
		}
		if strconv.Itoa(n.Number) != file || n.Number < 1 {
			return fmt.Errorf("%s: expected the description of another part, found that of %d", path, n.Number)
		}
		b, err := l.piece(n.Body)
		if err != nil {
			return fmt.Errorf("%s: expected the body that it names: %w", path, err)
		}
		b.kept.refs++
		made, _ := u.with(&Part{Number: n.Number, Blob: b, ETag: string(n.ETag), Modified: n.Modified.UTC()})
		*u = *made
		return nil
	})
}

// scrap removes the folder of an upload that has ended. Its description goes
// first, as when it ends.
func (l *loader) scrap(dir string) error {
	if err := l.clear(filepath.Join(dir, uploadFile)); err != nil {
		return err
	}
	if err := each(dir, func(file string) error {
		if _, err := strconv.ParseUint(file, 10, 31); err != nil {
			return fmt.Errorf("%s: expected nothing but parts of an upload that has ended", filepath.Join(dir, file))
		}
		return l.clear(filepath.Join(dir, file))
	}); err != nil {
		return err
	}
	return l.clear(dir)
}
