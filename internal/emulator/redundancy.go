package emulator

import (
	"encoding/hex"

	"objectharness/internal/emulator/store"
)

// transitionAt is where a bucket keeps its changes to another redundancy.
const transitionAt = "redundancy-transition/"

// createTransition begins to keep the bucket in several zones.
func (c *call) createTransition() error {
	target, _ := c.param(c.own("target-redundancy-type"))
	if target != "ZRS" {
		return c.fault("InvalidArgument")
	}
	if len(c.bucket.Settings(transitionAt)) > 0 {
		return c.fault("BucketDataRedundancyTransitionTaskAlreadyExist")
	}
	seed := c.e.random()
	id := hex.EncodeToString(seed[:])
	doc := element("BucketDataRedundancyTransition", leaf("Bucket", c.at.Bucket), leaf("TaskId", id), leaf("CreateTime", c.now.Format(millis)), leaf("Status", "Queueing"))
	if err := c.bucket.Configure(transitionAt+id, doc.markup("")); err != nil {
		return err
	}
	return c.sendElement(element("BucketDataRedundancyTransition", leaf("TaskId", id)))
}

func (c *call) transitionAsked() string {
	id, _ := c.param(c.own("redundancy-transition-taskid"))
	return transitionAt + id
}

func (c *call) getTransition() error {
	doc := c.keptElement(c.transitionAsked())
	if doc == nil {
		return c.fault("NoSuchBucketDataRedundancyTransitionTask")
	}
	return c.sendElement(doc)
}

func (c *call) deleteTransition() error {
	c.reply.Status = 204
	return c.bucket.Configure(c.transitionAsked(), "")
}

// listTransitions answers those of the bucket, or of all that the caller owns.
func (c *call) listTransitions() error {
	list := element("ListBucketDataRedundancyTransition", leaf("IsTruncated", "false"))
	buckets := []*store.Bucket{c.bucket}
	if c.bucket == nil {
		buckets = c.e.store.Buckets(c.who.ID)
	}
	for _, b := range buckets {
		for _, name := range b.Settings(transitionAt) {
			if doc, err := configXML([]byte(b.Setting(name))); err == nil {
				list.Kids = append(list.Kids, doc)
			}
		}
	}
	return c.sendElement(list)
}
