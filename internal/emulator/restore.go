package emulator

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"objectharness/internal/emulator/store"
)

// restoring is what a dialect says of objects that are archived: they are read
// only after they were restored.
type restoring struct {
	takes    map[string]time.Duration // storage classes that are restored, and how long that takes
	longest  int                      // days that a restored object may stay so; 0 for no bound
	finished string                   // code for removing what is being restored
	fresh    string                   // code for restoring what is not archived
	named    bool                     // refusals name the class that an object is archived in
}

// ossRestoring: how long it takes is what the documents call the usual.
var ossRestoring = restoring{
	takes:    map[string]time.Duration{"Archive": time.Minute, "ColdArchive": 2 * time.Hour, "DeepColdArchive": 12 * time.Hour},
	longest:  365,
	finished: "ArchiveRestoreNotFinished", fresh: "OperationNotSupported",
}

// s3Restoring: the longest time that the guide names for the tier Standard.
var s3Restoring = restoring{
	takes: map[string]time.Duration{"GLACIER": 5 * time.Hour, "DEEP_ARCHIVE": 12 * time.Hour},
	fresh: "InvalidObjectState", named: true,
}

// restoredAt is where an object keeps when it is restored, and until when.
const restoredAt = "restored"

// restoration is what an object keeps of being restored: it is between ready
// and ends.
type restoration struct{ ready, ends time.Time }

func (r restoration) text() string {
	return r.ready.UTC().Format(time.RFC3339) + " " + r.ends.UTC().Format(time.RFC3339)
}

// restorationOf is the one that o keeps, zero where there is none.
func restorationOf(o *store.Object) (r restoration) {
	ready, ends, _ := strings.Cut(o.Extra[restoredAt], " ")
	var err error
	if r.ready, err = time.Parse(time.RFC3339, ready); err != nil {
		return restoration{}
	}
	if r.ends, err = time.Parse(time.RFC3339, ends); err != nil {
		return restoration{}
	}
	return r
}

// classOn is the storage class of an object.
func (c *call) classOn(o *store.Object) string {
	if class, ok := o.Field(c.own("storage-class")); ok {
		return class
	}
	return c.classOf(c.bucket)
}

// restoreObject begins to restore an archived object, or prolongs its time.
func (c *call) restoreObject() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	days, err := c.restoreDays()
	if err != nil {
		return err
	}
	takes, archived := c.e.t.restoring.takes[c.classOn(o)]
	if err := c.require("restore.archived", archived, c.e.t.restoring.fresh); err != nil {
		return err
	}
	r := restorationOf(o)
	if r.ready.After(c.now) {
		return c.require("restore.under-way", false, "RestoreAlreadyInProgress")
	}
	switch {
	case r.ends.After(c.now):
		r.ends = c.now.AddDate(0, 0, days)
	default:
		c.status("restore.status", 202)
		r = restoration{ready: c.now.Add(takes), ends: c.now.Add(takes).AddDate(0, 0, days)}
	}
	if !c.does("restore.begins") {
		return nil
	}
	return c.note(o, restoredAt, r.text())
}

// A restoreRequest says for how many days an object is to be restored.
type restoreRequest struct {
	Days int
	Tier string `xml:"JobParameters>Tier"`
}

// restoreDays reads the document of the request; without one it is a day.
func (c *call) restoreDays() (int, error) {
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument+1))
	if err != nil {
		return 0, err
	}
	asked := restoreRequest{Days: 1}
	if len(body) > 0 && (len(body) > maxBucketDocument || wholeXML(body, &asked) != nil) {
		return 0, c.fault(c.e.t.buckets.malformed)
	}
	tiers := []string{"", "Expedited", "Standard", "Bulk"}
	if asked.Days < 0 || c.e.t.restoring.longest > 0 && asked.Days > c.e.t.restoring.longest || !slices.Contains(tiers, asked.Tier) {
		return 0, c.fault(c.e.t.buckets.malformed)
	}
	return max(asked.Days, 1), nil
}

// cleanRestored ends the time of a restored object.
func (c *call) cleanRestored() error {
	o, err := c.find()
	if err != nil {
		return err
	}
	switch r := restorationOf(o); {
	case r.ready.After(c.now):
		return c.fault(c.e.t.restoring.finished)
	case !r.ends.After(c.now):
		return c.fault("OperationNotSupported")
	}
	return c.note(o, restoredAt, "")
}

// thawed refuses to read an archived object that is not restored.
func (c *call) thawed(o *store.Object) error {
	class := c.classOn(o)
	if _, archived := c.e.t.restoring.takes[class]; !archived {
		return nil
	}
	if c.in.Method == "HEAD" {
		return c.admit("restore.head", "InvalidObjectState")
	}
	if r := restorationOf(o); !r.ready.After(c.now) && r.ends.After(c.now) {
		return nil
	}
	return c.require("restore.needed", false, "InvalidObjectState", func(f *fault) {
		if c.e.t.restoring.named && c.does("restore.class-named") {
			withExtra("StorageClass", class)(f)
		}
	})
}

// answerRestored tells whether an object is restored.
func (c *call) answerRestored(o *store.Object) {
	switch r := restorationOf(o); {
	case !r.ends.After(c.now):
	case r.ready.After(c.now):
		c.reply.Fields.Set(c.own("restore"), `ongoing-request="true"`)
	default:
		c.reply.Fields.Set(c.own("restore"), `ongoing-request="false", expiry-date=`+strconv.Quote(httpDate(r.ends)))
	}
}
