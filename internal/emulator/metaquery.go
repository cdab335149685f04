package emulator

import (
	"slices"
	"strconv"

	"objectharness/internal/emulator/store"
)

// metaIndex is where a bucket keeps that its metadata is indexed: the document
// that tells so.
const metaIndex = "meta-query"

// openMetaQuery begins to index the metadata of the bucket's objects.
func (c *call) openMetaQuery() error {
	mode, _ := c.param("mode")
	if !slices.Contains([]string{"", "basic", "semantic"}, mode) {
		return c.fault("InvalidArgument")
	}
	if c.bucket.Setting(metaIndex) != "" {
		return c.fault("MetaQueryAlreadyExist")
	}
	at := c.now.Format(millis)
	doc := element("MetaQueryStatus", leaf("State", "Running"), leaf("Phase", "IncrementalScanning"), leaf("CreateTime", at), leaf("UpdateTime", at))
	return c.bucket.Configure(metaIndex, doc.markup(""))
}

func (c *call) metaQueryStatus() error {
	doc := c.keptElement(metaIndex)
	if doc == nil {
		return c.fault("MetaQueryNotReady")
	}
	return c.sendElement(doc)
}

func (c *call) closeMetaQuery() error { return c.bucket.Configure(metaIndex, "") }

// doMetaQuery answers the aggregations that the query asks for over the sizes of
// the bucket's objects. The emulator's index holds no files: what it aggregates
// is nothing, and no file is ever found.
func (c *call) doMetaQuery() error {
	if c.bucket.Setting(metaIndex) == "" {
		return c.fault("MetaQueryNotReady")
	}
	doc, err := c.shortDocument("MetaQuery")
	if err != nil {
		return err
	}
	answer := element("MetaQuery", leaf("NextToken", ""), element("Files"))
	if asked := doc.kid("Aggregations").all("Aggregation"); len(asked) > 0 {
		list := element("Aggregations")
		for _, a := range asked {
			list.Kids = append(list.Kids, element("Aggregation", leaf("Field", a.at("Field")), leaf("Operation", a.at("Operation")), leaf("Value", "0")))
		}
		answer.Kids = append(answer.Kids, list)
	}
	return c.sendElement(answer)
}

// metaQueryAction refuses what only other kinds of resources can do.
func (c *call) metaQueryAction() error {
	f := c.fault("OperationNotSupported")
	f.said.Message = "The operation is not supported for this resource"
	return f
}

// bucketStat answers how much the bucket holds, by storage class.
func (c *call) bucketStat() error {
	type sums struct{ size, count int64 }
	all, by := sums{}, map[string]sums{}
	changed := c.bucket.Created
	c.bucket.Scan("", func(o *store.Object) bool {
		class := c.classOn(o)
		s := by[class]
		by[class] = sums{s.size + o.Size, s.count + 1}
		all = sums{all.size + o.Size, all.count + 1}
		if o.Modified.After(changed) {
			changed = o.Modified
		}
		return true
	})
	number := func(name string, n int64) *configNode { return leaf(name, strconv.FormatInt(n, 10)) }
	doc := element("BucketStat", number("Storage", all.size), number("ObjectCount", all.count), number("MultipartUploadCount", int64(c.bucket.Uploads())),
		number("LiveChannelCount", int64(len(c.bucket.Settings(channelAt)))), number("LastModifiedTime", changed.Unix()))
	for _, class := range []struct{ name, told string }{{"Standard", "Standard"}, {"IA", "InfrequentAccess"}, {"Archive", "Archive"},
		{"ColdArchive", "ColdArchive"}, {"DeepColdArchive", "DeepColdArchive"}} {
		s := by[class.name]
		doc.Kids = append(doc.Kids, number(class.told+"Storage", s.size), number(class.told+"ObjectCount", s.count))
		if class.name != "Standard" {
			doc.Kids = append(doc.Kids, number(class.told+"RealStorage", s.size))
		}
	}
	return c.sendElement(doc)
}
