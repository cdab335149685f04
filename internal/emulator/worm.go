package emulator

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wormAt is where a bucket keeps its retention policy: the document that is read.
const wormAt = "worm"

// A policy that is not locked within a day ends.
const wormDraft = 24 * time.Hour

// worm is the retention policy of the bucket, nil where there is none.
func (c *call) worm() *configNode {
	doc := c.keptElement(wormAt)
	made, err := time.Parse(millis, doc.at("CreationDate"))
	if err != nil || doc.at("State") != wormLocked && !c.now.Before(made.Add(wormDraft)) {
		return nil
	}
	return doc
}

const wormLocked = "Locked"

// wormDays reads for how many days nothing is to be changed.
func (c *call) wormDays(root string) (string, error) {
	doc, err := c.shortDocument(root)
	if err != nil {
		return "", err
	}
	text := doc.at("RetentionPeriodInDays")
	if n, err := strconv.Atoi(text); err != nil || n < 1 || n > 70*365 {
		return "", c.fault(c.e.t.buckets.malformed)
	}
	return text, nil
}

func (c *call) initiateWorm() error {
	days, err := c.wormDays("InitiateWormConfiguration")
	if err != nil {
		return err
	}
	if old := c.worm(); old != nil {
		return c.fault("WORMConfigurationAlreadyExists")
	}
	seed := c.e.random()
	id := strings.ToUpper(hex.EncodeToString(seed[:]))
	c.reply.Fields.Set(c.own("worm-id"), id)
	return c.keepWorm(id, "InProgress", days, c.now.UTC().Format(millis))
}

func (c *call) keepWorm(id, state, days, made string) error {
	doc := element("WormConfiguration", leaf("WormId", id), leaf("State", state), leaf("RetentionPeriodInDays", days), leaf("CreationDate", made))
	return c.bucket.Configure(wormAt, doc.markup(""))
}

func (c *call) getWorm() error {
	doc := c.worm()
	if doc == nil {
		return c.fault("NoSuchWORMConfiguration")
	}
	return c.sendElement(doc)
}

func (c *call) abortWorm() error {
	doc := c.worm()
	switch {
	case doc == nil:
		return c.fault("NoSuchWORMConfiguration")
	case doc.at("State") == wormLocked:
		return c.fault("WORMConfigurationLocked")
	}
	c.reply.Status = 204
	return c.bucket.Configure(wormAt, "")
}

// namedWorm is the policy whose ID the request names.
func (c *call) namedWorm() (*configNode, error) {
	id, _ := c.param("wormId")
	doc := c.worm()
	if doc == nil || doc.at("WormId") != id {
		return nil, c.fault("NoSuchWORMConfiguration")
	}
	return doc, nil
}

// completeWorm locks the policy: from now on it can only be prolonged.
func (c *call) completeWorm() error {
	doc, err := c.namedWorm()
	if err != nil {
		return err
	}
	if doc.at("State") == wormLocked {
		return c.fault("WORMConfigurationLocked")
	}
	return c.keepWorm(doc.at("WormId"), wormLocked, doc.at("RetentionPeriodInDays"), doc.at("CreationDate"))
}

func (c *call) extendWorm() error {
	days, err := c.wormDays("ExtendWormConfiguration")
	if err != nil {
		return err
	}
	doc, err := c.namedWorm()
	if err != nil {
		return err
	}
	old, _ := strconv.Atoi(doc.at("RetentionPeriodInDays"))
	if n, _ := strconv.Atoi(days); doc.at("State") != wormLocked || n < old {
		return c.fault("InvalidWORMConfiguration")
	}
	return c.keepWorm(doc.at("WormId"), wormLocked, days, doc.at("CreationDate"))
}

// immutable refuses to change or remove an object that the policy of its bucket
// retains.
func (c *call) immutable() error {
	if c.bucket == nil || !slices.Contains([]string{"PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject", "PutSymlink", "AppendObject"}, c.kind) ||
		c.bucket.Setting(wormAt) == "" {
		return nil
	}
	o, doc := c.bucket.Get(c.at.Key), c.worm()
	if o == nil || doc == nil {
		return nil
	}
	days, _ := strconv.Atoi(doc.at("RetentionPeriodInDays"))
	if c.now.Before(o.Modified.AddDate(0, 0, days)) {
		return c.fault("FileImmutable")
	}
	return nil
}
