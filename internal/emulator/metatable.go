package emulator

import (
	"hash/crc32"
	"strconv"
)

// metaTables is where a bucket keeps how its metadata is told in tables.
const metaTables = "metadata-tables"

const (
	journalTable   = "JournalTableConfiguration"
	inventoryTable = "InventoryTableConfiguration"
)

// createMetaTables keeps the document; the tables themselves belong to another
// service.
func (c *call) createMetaTables() error {
	doc, err := c.shortDocument("MetadataConfiguration")
	if err != nil {
		return err
	}
	if doc.kid(journalTable) == nil {
		return c.fault(c.e.t.buckets.malformed)
	}
	if c.bucket.Setting(metaTables) != "" {
		return c.fault("MetadataConfigurationAlreadyExists")
	}
	return c.bucket.Configure(metaTables, doc.markup(""))
}

// getMetaTables answers the document with the names of the tables.
func (c *call) getMetaTables() error {
	doc := c.keptElement(metaTables)
	if doc == nil {
		return c.fault("MetadataConfigurationNotFound")
	}
	space := "b_" + strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(c.at.Bucket))), 36)
	result := element("MetadataConfigurationResult", element("DestinationResult", leaf("TableBucketType", "oss"), leaf("TableBucketArn", "acs:osstables:"+c.bucket.Region+":"+c.bucket.Owner+":bucket/"+c.at.Bucket), leaf("TableNamespace", space)))
	for _, table := range []struct{ name, short string }{{journalTable, "journal"}, {inventoryTable, "inventory"}} {
		if kept := doc.kid(table.name); kept != nil {
			told := element(table.name+"Result", leaf("TableStatus", "ACTIVE"), leaf("TableName", table.short), leaf("TableArn", "acs:osstables:"+space+"/"+table.short))
			told.Kids = append(told.Kids, kept.Kids...)
			result.Kids = append(result.Kids, told)
		}
	}
	return c.sendElement(element("GetBucketMetadataConfigurationResult", result))
}

// updateMetaTable replaces what is kept of one table.
func (c *call) updateMetaTable() error {
	name := map[string]string{"UpdateBucketMetadataInventoryTableConfiguration": inventoryTable}[c.kind]
	table, err := c.shortDocument(orElse(name, journalTable))
	if err != nil {
		return err
	}
	doc := c.keptElement(metaTables)
	if doc == nil {
		return c.fault("MetadataConfigurationNotFound")
	}
	if old := doc.kid(table.Name); old != nil {
		*old = *table
	} else {
		doc.Kids = append(doc.Kids, table)
	}
	return c.bucket.Configure(metaTables, doc.markup(""))
}

func (c *call) deleteMetaTables() error {
	c.reply.Status = 204
	return c.bucket.Configure(metaTables, "")
}

// ossRenamed: the tables of metadata have a word of their own for keys that
// nobody has.
var ossRenamed = map[string]string{
	"CreateBucketMetadataConfiguration InvalidAccessKeyId":               "Forbidden",
	"GetBucketMetadataConfiguration InvalidAccessKeyId":                  "Forbidden",
	"DeleteBucketMetadataConfiguration InvalidAccessKeyId":               "Forbidden",
	"UpdateBucketMetadataInventoryTableConfiguration InvalidAccessKeyId": "Forbidden",
	"UpdateBucketMetadataJournalTableConfiguration InvalidAccessKeyId":   "Forbidden",
}
