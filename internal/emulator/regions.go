package emulator

import (
	"strconv"
	"strings"
)

// describeRegions answers the regions that there are, or the one that is asked
// for, with their endpoints.
func (c *call) describeRegions() error {
	asked, _ := c.param("regions")
	prefix := c.e.t.buckets.prefix
	list := element("RegionInfoList")
	for _, region := range c.e.t.buckets.regions {
		if asked != "" && asked != prefix+region {
			continue
		}
		host := c.e.d.Host(region)
		label, rest, _ := strings.Cut(host, ".")
		list.Kids = append(list.Kids, element("RegionInfo", leaf("Region", prefix+region), leaf("InternetEndpoint", host),
			leaf("InternalEndpoint", label+"-internal."+rest), leaf("AccelerateEndpoint", prefix+"accelerate."+rest)))
	}
	if len(list.Kids) == 0 {
		return c.fault("NoSuchRegion")
	}
	return c.sendElement(list)
}

// policyStatus tells whether the policy of the bucket lets in everybody.
func (c *call) policyStatus() error {
	text := c.bucket.Setting(policySetting)
	if text == "" && c.e.t.policies.arn != "" {
		return c.fault("NoSuchBucketPolicy")
	}
	p, err := policyText([]byte(text))
	return c.sendElement(element("PolicyStatus", leaf("IsPublic", strconv.FormatBool(err == nil && p.public()))))
}

// Whether an account keeps the public out of all its buckets.
func (c *call) getAccountBlock() error {
	return c.sendElement(element("PublicAccessBlockConfiguration", leaf("BlockPublicAccess", map[bool]string{true: "true", false: "false"}[c.e.shuts(c.who.ID)])))
}

func (c *call) putAccountBlock() error {
	doc, err := c.shortDocument("PublicAccessBlockConfiguration")
	if err != nil {
		return err
	}
	text := doc.at("BlockPublicAccess")
	if text != "true" && text != "false" {
		return c.fault(c.e.t.buckets.malformed)
	}
	c.e.shut(c.who.ID, text == "true")
	return nil
}

func (c *call) deleteAccountBlock() error {
	c.e.shut(c.who.ID, false)
	c.reply.Status = 204
	return nil
}

// shut keeps whether an account keeps the public out, until the process ends.
func (e *Emulator) shut(account string, on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed == nil {
		e.closed = map[string]bool{}
	}
	e.closed[account] = on
}

func (e *Emulator) shuts(account string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed[account]
}
