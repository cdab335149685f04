package emulator

import (
	"encoding/hex"
	"time"
)

// cnameToken is where a bucket keeps the token of a domain, a document.
const cnameToken = "cname-token/"

// cnameDomain is the domain that the request's document names.
func (c *call) cnameDomain() (string, error) {
	doc, err := c.shortDocument("BucketCnameConfiguration")
	if err != nil {
		return "", err
	}
	domain := doc.at("Cname/Domain")
	if domain == "" {
		return "", c.fault(c.e.t.buckets.malformed)
	}
	return domain, nil
}

// createCnameToken makes the token by which the owner of a domain shows that it
// is theirs.
func (c *call) createCnameToken() error {
	domain, err := c.cnameDomain()
	if err != nil {
		return err
	}
	doc := c.keptElement(cnameToken + domain)
	if doc == nil {
		seed := c.e.random()
		doc = element("CnameToken", leaf("Bucket", c.at.Bucket), leaf("Cname", domain), leaf("Token", hex.EncodeToString(seed[:])),
			leaf("ExpireTime", c.now.Add(72*time.Hour).Format(millis)))
	}
	if err := c.bucket.Configure(cnameToken+domain, doc.markup("")); err != nil {
		return err
	}
	return c.sendElement(doc)
}

func (c *call) getCnameToken() error {
	domain, _ := c.param("cname")
	doc := c.keptElement(cnameToken + domain)
	if doc == nil {
		return c.fault("CnameTokenNotFound")
	}
	return c.sendElement(doc)
}

// putCname never succeeds: that a domain holds the token stands in the names of
// the internet, which the emulator does not look up.
func (c *call) putCname() error {
	if _, err := c.cnameDomain(); err != nil {
		return err
	}
	return c.fault("NeedVerifyDomainOwnership")
}

func (c *call) listCnames() error {
	return c.sendElement(element("ListCnameResult", leaf("Bucket", c.at.Bucket), leaf("Owner", c.bucket.Owner)))
}

func (c *call) deleteCname() error {
	_, err := c.cnameDomain()
	return err
}
