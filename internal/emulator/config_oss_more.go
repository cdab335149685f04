package emulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// ossMoreConfigs are documents of a bucket of OSS that only its later editions
// and its SDK V2 know.
var ossMoreConfigs = configs{
	"UserDefinedLogFieldsConfig": {name: "userDefinedLogFields", none: "NoSuchUserDefinedLogFieldsConfig", form: mustForm(`
UserDefinedLogFieldsConfiguration
  HeaderSet?
    header*
  ParamSet?
    parameter*
`)},
	"BucketOverwriteConfig": {name: "overwriteConfig", none: "NoSuchBucketOverwriteConfig", form: mustForm(`
OverwriteConfiguration
  Rule+
    ID?
    Action forbid
    Prefix?
    Suffix?
    Principals?
      Principal*
`)},
	"BucketStorageQuota": {name: "quota", form: mustForm(`
QuotaConfiguration
  StorageQuota int
  Mode? Strict|Loose
  CurrentUsage? int
`), initial: "<QuotaConfiguration><StorageQuota>-1</StorageQuota></QuotaConfiguration>"},
	"BucketObjectWormConfiguration": {name: "objectWorm", none: "NoSuchObjectWormConfiguration", form: mustForm(`
ObjectWormConfiguration
  ObjectWormEnabled Enabled
  Rule?
    DefaultRetention
      Mode COMPLIANCE|GOVERNANCE
      Days? int
      Years? int
`)},
	"BucketQoSInfo": {name: "qosInfo", none: "NoSuchBucketQosInfo", form: mustForm(`
QoSConfiguration
  TotalUploadBandwidth? int
  IntranetUploadBandwidth? int
  ExtranetUploadBandwidth? int
  TotalDownloadBandwidth? int
  IntranetDownloadBandwidth? int
  ExtranetDownloadBandwidth? int
  TotalQps? int
  IntranetQps? int
  ExtranetQps? int
`)},
	"BucketResponseHeader": {name: "responseHeader", none: "NoSuchBucketResponseHeader", form: mustForm(`
ResponseHeaderConfiguration
  Rule+
    ...
    Name
`)},
}

// and adds documents to a list.
func (list configs) and(more configs) configs {
	all := maps.Clone(list)
	maps.Copy(all, more)
	return all
}

// defaultGroup is the resource group of buckets that name none.
const defaultGroup = "rg-default"

// knownGroup refuses resource groups that there are not; none is the usual one.
func (c *call) knownGroup(doc *configNode, _ []byte) error {
	group := doc.kid("ResourceGroupId")
	switch group.Text {
	case defaultGroup:
	case "":
		group.Text = defaultGroup
	default:
		return c.fault("ResourceGroupIdPreCheckError")
	}
	return nil
}

// tagsLeft are the tags of a bucket but those that the request names.
func (c *call) tagsLeft(doc *configNode) *configNode {
	names, _ := c.param("tagging")
	if names == "" || doc == nil {
		return nil
	}
	gone := strings.Split(names, ",")
	set := doc.kid("TagSet")
	set.Kids = slices.DeleteFunc(set.Kids, func(tag *configNode) bool { return slices.Contains(gone, tag.at("Key")) })
	if len(set.Kids) == 0 {
		return nil
	}
	return doc
}

// hasTag tells whether a bucket has a tag that a list of buckets asks for: by
// key and value, or by texts as "key":"value".
func (c *call) hasTag(b *store.Bucket) bool {
	key, byKey := c.param("tag-key")
	value, byValue := c.param("tag-value")
	texts, byText := c.param("tagging")
	if !byKey && !byText {
		return true
	}
	doc, err := configXML([]byte(b.Setting("tagging")))
	if err != nil {
		return false
	}
	for _, tag := range doc.kid("TagSet").all("Tag") {
		k, v := tag.at("Key"), tag.at("Value")
		if byKey && k == key && (!byValue || v == value) || byText && slices.Contains(strings.Split(texts, ","), strconv.Quote(k)+":"+strconv.Quote(v)) {
			return true
		}
	}
	return false
}
