package emulator

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// bucketing is what the dialects say of buckets.
type bucketing struct {
	early       bool              // a bucket that is not there is told before the signature is looked at
	odd         map[string]string // codes of operations that say it otherwise
	hosted      bool              // the endpoint of the service takes no bucket in the path
	again       string            // code for making one's own bucket again; "" makes nothing new and succeeds
	againTagged string            // the same for one that brings tags
	home        string            // the one region where again does not hold
	inClass     bool              // a bucket has a storage class, which making it again must not change
	classes     []string          // storage classes a bucket may have
	located     bool              // a new bucket is named in Location
	arn         bool              // and by its resource name
	malformed   string            // code for a document that cannot be read
	constraint  string            // code for a location that is no region, or not this one
	misplaced   string            // code for a location that is not the endpoint's, or none, outside home
	prefix      string            // of regions, where they are told
	region      string            // field that names the region of a bucket, "" for none
	zones       string            // field that says that a bucket lies in several zones, "" for none
	plain       bool              // HEAD answers that the name is no access point
	elsewhere   string            // code for a bucket of another region
	regions     []string          // those that there are: another than the emulator's is reached by the name of its public endpoint
	cname       bool              // a host may be the name of a bucket, whole
	page        paging
	payer       payment
}

var (
	ossBuckets = bucketing{early: true, odd: map[string]string{"PutBucketOverwriteConfig": "MalformedXML", "PutBucketObjectWormConfiguration": "MalformedXML"}, hosted: true, inClass: true, classes: []string{"Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"}, located: true, malformed: "MalformedXML",
		constraint: "InvalidLocationConstraint", prefix: "oss-", elsewhere: "AccessDenied",
		regions: []string{"cn-hangzhou", "cn-beijing", "cn-shanghai", "cn-shenzhen", "us-west-1"}, page: ossPaging, payer: ossPayment}
	cosBuckets = bucketing{again: "BucketAlreadyOwnedByYou", malformed: "MalformedXML", region: "x-cos-bucket-region",
		zones: "x-cos-bucket-az-type", regions: []string{"ap-guangzhou", "ap-beijing", "ap-shanghai"}, page: cosPaging}
	bosBuckets = bucketing{again: "BucketAlreadyExists", malformed: "MalformedJSON", located: true,
		regions: []string{"bj", "gz", "su"}, page: bosPaging,
		payer: bosPayment}
	s3Buckets = bucketing{again: "BucketAlreadyOwnedByYou", againTagged: "BucketAlreadyOwnedByYou", home: "us-east-1", malformed: "MalformedXML",
		constraint: "InvalidLocationConstraint", misplaced: "IllegalLocationConstraintException", located: true, arn: true,
		region: "x-amz-bucket-region", plain: true, elsewhere: "PermanentRedirect", cname: true,
		regions: []string{"us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1", "ap-northeast-1"}, page: s3Paging, payer: s3Payment}
)

// Settings of a bucket.
const (
	classSetting      = "storage-class"
	redundancySetting = "redundancy"
	zoneSetting       = "multi-zone"
	placeSetting      = "constraint" // the location as it was asked for
	leftSetting       = "left"       // a broken rule has kept it from being removed: it must not use up what an account may have
)

// A bucketDocument is what a request to make a bucket may ask for.
type bucketDocument struct {
	XMLName    xml.Name   `xml:"CreateBucketConfiguration" json:"-"`
	Class      string     `xml:"StorageClass" json:"-"`
	Redundancy string     `xml:"DataRedundancyType" json:"-"`
	Place      *string    `xml:"LocationConstraint" json:"-"`
	Zones      string     `xml:"BucketAZConfig" json:"-"`
	Tags       []struct{} `xml:"Tags>Tag" json:"-"`
	MultiZone  bool       `xml:"-" json:"enableMultiAz"`

	none bool // there was no document
}

// maxBucketDocument bounds it; no document names a bound.
const maxBucketDocument = 64 << 10

// newBucket reads the document that makes a bucket; without one all is as usual.
func (c *call) newBucket() (*bucketDocument, error) {
	t := &c.e.t.buckets
	doc := new(bucketDocument)
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument+1))
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		doc.none = true
		return doc, nil
	}
	if len(body) > maxBucketDocument || c.parse(body, doc) != nil {
		return new(bucketDocument), c.require("bucket.document", false, t.malformed)
	}
	return doc, c.bucketChoices(doc)
}

// bucketChoices refuses what a bucket cannot be.
func (c *call) bucketChoices(doc *bucketDocument) error {
	t := &c.e.t.buckets
	if len(t.classes) > 0 {
		if err := c.require("bucket.class-unknown", doc.Class == "" || slices.Contains(t.classes, doc.Class), "InvalidArgument"); err != nil {
			return err
		}
		if !slices.Contains([]string{"", "LRS", "ZRS"}, doc.Redundancy) {
			return c.fault("InvalidArgument")
		}
	}
	return nil
}

// settings are what the document makes of a new bucket.
func (d *bucketDocument) settings() map[string]string {
	s := map[string]string{classSetting: d.Class, redundancySetting: d.Redundancy, zoneSetting: d.Zones}
	if d.MultiZone {
		s[zoneSetting] = "MAZ"
	}
	if d.Place != nil {
		s[placeSetting] = *d.Place
	}
	return s
}

func (c *call) putBucket() error {
	if err := c.require("bucket.anonymous", !c.anonymous, "AccessDenied"); err != nil {
		return err
	}
	if err := c.validBucket(); err != nil {
		return err
	}
	settings, err := c.newBucketAccess()
	if err != nil {
		return err
	}
	doc, err := c.newBucket()
	if err != nil {
		return err
	}
	region, err := c.bucketRegion(doc)
	if err != nil {
		return err
	}
	if old := c.e.store.Bucket(c.at.Bucket); old != nil {
		return c.makeAgain(old, doc)
	}
	have := c.bucketCount()
	first := have == 0 // on which all else rests
	if err := c.atMost("bucket.count", have+1, int64(c.e.d.Limits.Buckets), "TooManyBuckets"); err != nil {
		return err
	}
	if doc.none && !first {
		if err := c.admit("bucket.no-document", c.e.t.buckets.malformed); err != nil {
			return err
		}
	}
	if first || c.does("bucket.makes") {
		if err := c.makeBucket(region, doc, settings); err != nil {
			return err
		}
	}
	c.answerMade(doc)
	return nil
}

// bucketCount is how many buckets the caller owns.
func (c *call) bucketCount() (n int64) {
	for _, b := range c.e.store.Buckets(c.who.ID) {
		if b.Setting(leftSetting) == "" {
			n++
		}
	}
	return n
}

// leaveBucket keeps a bucket that was to be removed, and no other one that was
// kept so: listings would not hold them all.
func (c *call) leaveBucket() error {
	for _, b := range c.e.store.Buckets(c.who.ID) {
		if b.Setting(leftSetting) != "" && b != c.bucket {
			if err := c.e.store.Delete(b.Name); err != nil {
				return err
			}
		}
	}
	return c.bucket.Configure(leftSetting, "yes")
}

// makeBucket stores the bucket with its first settings.
func (c *call) makeBucket(region string, doc *bucketDocument, settings map[string]string) error {
	owner := c.who.ID
	if c.anonymous {
		owner = c.e.first().ID
	}
	b, err := c.e.store.Create(&store.Bucket{Name: c.at.Bucket, Created: c.now, Owner: owner, Region: region})
	if errors.Is(err, store.ErrBucketExists) {
		return c.makeAgain(b, doc)
	}
	if err != nil {
		return err
	}
	if err := c.lockNew(b); err != nil {
		return err
	}
	for name, value := range doc.settings() {
		usual := value == c.e.t.listing.class || value == "LRS"
		if value != "" && (usual || c.does("bucket.keeps-"+name)) {
			if err := b.Configure(name, value); err != nil {
				return err
			}
		}
	}
	return c.configureNew(settings)
}

// makeAgain answers a request for a name that is taken.
func (c *call) makeAgain(old *store.Bucket, doc *bucketDocument) error {
	t := &c.e.t.buckets
	var err error
	switch {
	case old.Owner != c.who.ID:
		err = c.require("bucket.taken", false, "BucketAlreadyExists", c.bucketName)
	case t.again != "" && c.region != t.home:
		err = c.require("bucket.again", false, t.again, c.bucketName)
	case t.againTagged != "" && len(doc.Tags) > 0:
		err = c.require("bucket.again-tagged", false, t.againTagged, c.bucketName)
	case t.inClass && doc.Class != "" && doc.Class != c.classOf(old):
		err = c.require("bucket.again-class", false, "BucketAlreadyExists", c.bucketName)
	case t.home != "":
		err = c.admit("bucket.again-home", "BucketAlreadyOwnedByYou")
	}
	if err != nil {
		return err
	}
	c.answerMade(doc)
	return nil
}

func (c *call) answerMade(doc *bucketDocument) {
	t, name := &c.e.t.buckets, c.at.Bucket
	c.status("bucket.status", 200)
	if !c.does("bucket.no-body") {
		c.send([]byte("OK"))
	}
	if t.located {
		location := "/" + name
		if t.arn && doc.Place != nil && *doc.Place != "" {
			location = "http://" + name + "." + c.e.d.Host(c.e.d.Region) + "/"
		}
		c.set("bucket.location-field", "Location", location)
	}
	if t.arn {
		c.set("bucket.arn", "x-amz-bucket-arn", "arn:aws:s3:::"+name)
	}
}

// classOf is the storage class of a bucket, and of what is put into it without
// one.
func (c *call) classOf(b *store.Bucket) string {
	if class := b.Setting(classSetting); class != "" {
		return class
	}
	return c.e.t.listing.class
}

// validBucket refuses names that the dialect does not allow.
func (c *call) validBucket() error {
	name := c.written()
	part, code := c.e.d.BucketFault(name)
	if part != "" {
		return c.require("bucket.name-"+part, false, code, c.bucketName)
	}
	r := &c.e.d.BucketNames
	for _, allowed := range []struct {
		rule string
		ok   bool
	}{
		{"bucket.name-shortest", !r.Owner && len(name) == r.Min}, {"bucket.name-longest", !r.Owner && len(name) == r.Max},
		{"bucket.name-digit", !r.Owner && name[0] <= '9'},
		{"bucket.name-dot-hyphen", strings.Contains(name, ".-") || strings.Contains(name, "-.")},
		{"bucket.name-fits", r.HostMax > 0 && len(name)+1+len(c.e.d.Host(c.e.d.Region)) == r.HostMax},
	} {
		if allowed.ok {
			if err := c.admit(allowed.rule, r.Code); err != nil {
				return err
			}
		}
	}
	return nil
}

// written is the name as the request writes it: where it stands in the host, the
// letters may be capitals, which names of hosts do not tell apart.
func (c *call) written() string {
	host := c.field("Host")
	if n := len(c.at.Bucket); len(host) > n && strings.EqualFold(host[:n], c.at.Bucket) && host[n] == '.' {
		return host[:n]
	}
	return c.at.Bucket
}

func (c *call) deleteBucket() error {
	objects, uploads := !c.bucket.Empty(), false
	c.bucket.ScanUploads("", "", func(*store.Upload) bool { uploads = true; return false })
	var err error
	if objects || uploads || c.does("bucket.deletes") {
		err = c.dropBucket()
	} else {
		err = c.leaveBucket()
	}
	switch {
	case errors.Is(err, store.ErrNotEmpty) && !objects:
		err = c.require("bucket.uploads", false, "BucketNotEmpty", c.bucketName)
	case errors.Is(err, store.ErrNotEmpty) && c.bucket.Len() == 0:
		err = c.require("version.keeps-bucket", false, "BucketNotEmpty", c.bucketName)
	case errors.Is(err, store.ErrNotEmpty):
		err = c.require("bucket.not-empty", false, "BucketNotEmpty", c.bucketName)
	case errors.Is(err, store.ErrNoBucket):
		err = nil // a broken rule has let the request pass
	case err == nil && uploads:
		err = c.admit("bucket.uploads-go", "BucketNotEmpty")
	}
	if err != nil {
		return err
	}
	c.status("bucket.delete-status", 204)
	return nil
}

func (c *call) headBucket() error {
	c.status("bucket.head-status", 200)
	if c.e.t.buckets.plain {
		c.set("bucket.head-type", "Content-Type", "application/xml")
		c.set("bucket.head-plain", "x-amz-access-point-alias", "false")
	}
	return nil
}

// tellRegion answers where the bucket lies.
func (c *call) tellRegion() {
	t := &c.e.t.buckets
	if c.bucket == nil || t.region == "" || c.reply.Status/100 != 2 || !slices.Contains([]string{"HeadBucket", "ListObjects", "ListObjectsV2"}, c.kind) {
		return
	}
	c.set("bucket.region-field", t.region, c.bucket.Region)
	if t.zones != "" && c.bucket.Setting(zoneSetting) != "" {
		c.set("bucket.zones-field", t.zones, c.bucket.Setting(zoneSetting))
	}
}

type bucketPlace struct {
	XMLName xml.Name `xml:"LocationConstraint" json:"-"`
	Space   string   `xml:"xmlns,attr,omitempty" json:"-"`
	Place   string   `xml:",chardata" json:"locationConstraint"`
}

func (c *call) getLocation() error {
	t := &c.e.t.buckets
	p := bucketPlace{Place: t.prefix + c.bucket.Region}
	if t.home != "" {
		p.Space = pick(c, "bucket.location-space", "http://s3.amazonaws.com/doc/2006-03-01/", "")
		if p.Place = c.bucket.Setting(placeSetting); p.Place != "EU" {
			p.Place = strings.TrimPrefix(c.bucket.Region, t.home)
		}
	}
	p.Place = pick(c, "bucket.location", p.Place, otherValue(p.Place))
	if c.e.t.json {
		return c.sendJSON(p)
	}
	return c.sendXML(p)
}

type bucketInfo struct {
	XMLName xml.Name
	Bucket  struct {
		CreationDate     string
		ExtranetEndpoint string
		IntranetEndpoint string
		Location         string
		Name             string
		Owner            struct{ ID, DisplayName string }
		Grant            string `xml:"AccessControlList>Grant"`
		StorageClass     string
		Redundancy       string `xml:"DataRedundancyType,omitempty"`
		More             []namedText
		Cipher           string    `xml:"ServerSideEncryptionRule>SSEAlgorithm"`
		Key              string    `xml:"ServerSideEncryptionRule>KMSMasterKeyID,omitempty"`
		Data             string    `xml:"ServerSideEncryptionRule>KMSDataEncryption,omitempty"`
		Log              logTarget `xml:"BucketPolicy"`
	}
}

// A logTarget is where the log of a bucket goes.
type logTarget struct{ LogBucket, LogPrefix string }

// configured adds what the bucket's documents say.
func (i *bucketInfo) configured(c *call) {
	b := &i.Bucket
	on := func(enabled bool) string { return map[bool]string{true: "Enabled", false: "Disabled"}[enabled] }
	b.More = []namedText{
		{xml.Name{Local: "AccessMonitor"}, orElse(c.keptElement("accessMonitor").at("Status"), "Disabled")},
		{xml.Name{Local: "TransferAcceleration"}, on(c.keptElement("acceleration").at("Enabled") == "true")},
		{xml.Name{Local: "CrossRegionReplication"}, "Disabled"},
		{xml.Name{Local: "ResourceGroupId"}, orElse(c.keptElement("resourceGroup").at("ResourceGroupId"), defaultGroup)},
		{xml.Name{Local: "BlockPublicAccess"}, strconv.FormatBool(c.blocked(c.bucket, blockAll))},
	}
	if c.versioning != "" {
		b.More = append(b.More, namedText{xml.Name{Local: "Versioning"}, c.versioning})
	}
	rule := c.keptElement("encryption").kid("ApplyServerSideEncryptionByDefault")
	b.Cipher, b.Key, b.Data = orElse(rule.at("SSEAlgorithm"), "None"), rule.at("KMSMasterKeyID"), rule.at("KMSDataEncryption")
	log := c.keptElement("logging").kid("LoggingEnabled")
	b.Log = logTarget{log.at("TargetBucket"), log.at("TargetPrefix")}
}

// getBucketInfo tells what the bucket is. Each member can be left out or wrong.
func (c *call) getBucketInfo() error {
	t, b := &c.e.t.buckets, c.bucket
	info := bucketInfo{}
	i := &info.Bucket
	i.CreationDate, i.Name, i.Location = b.Created.UTC().Format(millis), b.Name, t.prefix+b.Region
	i.ExtranetEndpoint, i.IntranetEndpoint = c.endpoints(b)
	i.Owner.ID, i.Owner.DisplayName = b.Owner, b.Owner
	i.Grant, i.StorageClass, i.Redundancy = c.listOf(b).Word, c.classOf(b), "LRS"
	if kept := b.Setting(redundancySetting); kept != "" {
		i.Redundancy = kept
	}
	for _, m := range []struct {
		rule  string
		value *string
	}{{"created", &i.CreationDate}, {"extranet", &i.ExtranetEndpoint}, {"intranet", &i.IntranetEndpoint}, {"location", &i.Location}, {"name", &i.Name},
		{"owner", &i.Owner.ID}, {"owner-name", &i.Owner.DisplayName}, {"grant", &i.Grant}, {"redundancy", &i.Redundancy}} {
		if !c.does("bucket.info-" + m.rule) {
			*m.value = ""
		}
	}
	info.configured(c)
	info.XMLName.Local = pick(c, "bucket.info-root", "BucketInfo", "Bucket")
	return c.sendXML(info)
}

// endpoints are the public and the internal host of the bucket's region.
func (c *call) endpoints(b *store.Bucket) (extranet, intranet string) {
	extranet = c.e.d.Host(b.Region)
	label, rest, _ := strings.Cut(extranet, ".")
	return extranet, label + "-internal." + rest
}

// payment is how a dialect writes who pays for requests.
type payment struct {
	wrong string // code for a payer that there is not
}

var (
	ossPayment = payment{"MalformedXML"}
	bosPayment = payment{"InvalidArgument"}
	s3Payment  = payment{"MalformedXML"}
)

const payerSetting = "payer"

type payerDocument struct {
	XMLName xml.Name `xml:"RequestPaymentConfiguration" json:"-"`
	Payer   string   `xml:"Payer" json:"requestPayment"`
}

// payers are those who may pay for requests.
var payers = []string{"BucketOwner", "Requester"}

func (c *call) putPayer() error {
	doc, t := payerDocument{}, &c.e.t.buckets
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument))
	if err != nil {
		return err
	}
	if c.parse(body, &doc) != nil {
		return c.fault(t.malformed)
	}
	if err := c.require("bucket.payer-unknown", slices.Contains(payers, doc.Payer), t.payer.wrong); err != nil {
		return err
	}
	c.status("bucket.payer-status", 200)
	if !c.does("bucket.payer-stores") {
		return nil
	}
	return c.bucket.Configure(payerSetting, doc.Payer)
}

// payerOf is who pays for requests to a bucket.
func payerOf(b *store.Bucket) string {
	if p := b.Setting(payerSetting); p != "" {
		return p
	}
	return payers[0]
}

func (c *call) getPayer() error {
	payer := payerOf(c.bucket)
	doc := payerDocument{Payer: pick(c, "bucket.payer-get", payer, map[string]string{"Requester": "BucketOwner", "BucketOwner": "Requester"}[payer])}
	if c.e.t.json {
		return c.sendJSON(doc)
	}
	return c.sendXML(doc)
}

// pays refuses requests of others to a bucket whose requesters pay, unless they
// say that they do.
func (c *call) pays() error {
	if c.bucket == nil || c.e.t.buckets.payer.wrong == "" || payerOf(c.bucket) != "Requester" {
		return nil
	}
	if c.bucket.Owner == c.who.ID {
		if c.kind == "GetObject" {
			return c.admit("bucket.payer-owner", "AccessDenied")
		}
		return nil
	}
	if err := c.require("bucket.payer-anonymous", !c.anonymous, "AccessDenied"); err != nil || c.anonymous {
		return err
	}
	agrees := c.field(c.own("request-payer")) == "requester"
	if err := c.require("bucket.payer-agrees", agrees, "AccessDenied"); err != nil || !agrees {
		return err
	}
	c.set("bucket.payer-charged", c.own("request-charged"), "requester")
	return nil
}
