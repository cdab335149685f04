package emulator

import (
	"io"
	"strconv"
	"strings"
)

// element is an element of a document with what stands in it.
func element(name string, kids ...*configNode) *configNode {
	return &configNode{Name: name, Kids: kids}
}

// leaf is an element with a text.
func leaf(name, text string) *configNode { return &configNode{Name: name, Text: text} }

// sendElement answers a document.
func (c *call) sendElement(n *configNode) error { return c.sendMarkup([]byte(n.markup(""))) }

// shortDocument reads the document of a request into the tree that it is, with
// the root that it must have.
func (c *call) shortDocument(root string) (*configNode, error) {
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument+1))
	if err != nil {
		return nil, err
	}
	doc, err := configXML(body)
	if err != nil || len(body) > maxBucketDocument || doc.Name != root {
		return nil, c.fault(c.e.t.buckets.malformed)
	}
	return doc, nil
}

// keptElement is a document that the bucket keeps, nil where there is none.
func (c *call) keptElement(setting string) *configNode {
	doc, err := configXML([]byte(c.bucket.Setting(setting)))
	if err != nil {
		return nil
	}
	return doc
}

// keptElements are those under names that begin with prefix.
func (c *call) keptElements(prefix string) (list []*configNode) {
	for _, name := range c.bucket.Settings(prefix) {
		if doc := c.keptElement(name); doc != nil {
			list = append(list, doc)
		}
	}
	return list
}

// inventoriesPerPage bounds a list of inventories.
const inventoriesPerPage = 100

// listInventories answers the inventories of a bucket, a page at a time.
func (c *call) listInventories() error {
	after, _ := c.param("continuation-token")
	list := element("ListInventoryConfigurationsResult")
	more, last := false, ""
	for _, name := range c.bucket.Settings("inventory/") {
		id := strings.TrimPrefix(name, "inventory/")
		doc := c.keptElement(name)
		if doc == nil || id <= after {
			continue
		}
		if len(list.Kids) == inventoriesPerPage {
			more = true
			break
		}
		list.Kids, last = append(list.Kids, doc), id
	}
	list.Kids = append(list.Kids, leaf("IsTruncated", strconv.FormatBool(more)))
	if more {
		list.Kids = append(list.Kids, leaf("NextContinuationToken", last))
	}
	return c.sendElement(list)
}

// putStyle keeps a style of images, and when.
func (c *call) putStyle() error {
	name, _ := c.param("styleName")
	if name == "" {
		return c.fault("InvalidArgument")
	}
	doc, err := c.shortDocument("Style")
	if err != nil {
		return err
	}
	if doc.at("Content") == "" {
		return c.fault(c.e.t.buckets.malformed)
	}
	made := httpDate(c.now)
	if old := c.keptElement("style/" + name); old != nil {
		made = old.at("CreateTime")
	}
	kept := element("Style", leaf("Name", name), leaf("Content", doc.at("Content")), leaf("CreateTime", made), leaf("LastModifyTime", httpDate(c.now)))
	if category, ok := c.param("category"); ok {
		kept.Kids = append(kept.Kids, leaf("Category", category))
	}
	return c.bucket.Configure("style/"+name, kept.markup(""))
}

func (c *call) getStyle() error {
	name, _ := c.param("styleName")
	doc := c.keptElement("style/" + name)
	if doc == nil {
		return c.fault("NoSuchStyle")
	}
	return c.sendElement(doc)
}

func (c *call) listStyles() error {
	return c.sendElement(element("StyleList", c.keptElements("style/")...))
}

func (c *call) deleteStyle() error {
	name, _ := c.param("styleName")
	c.reply.Status = 204
	return c.bucket.Configure("style/"+name, "")
}
