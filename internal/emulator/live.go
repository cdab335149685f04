package emulator

import (
	"slices"
	"strconv"
	"strings"
)

// channelAt is where a bucket keeps its live channels, each a document. Nothing
// is ever pushed to one: the emulator speaks no RTMP.
const channelAt = "live/"

// channelName bounds the name of a channel in bytes.
const channelName = 63

// channel is the channel that the request names.
func (c *call) channel() (*configNode, error) {
	if doc := c.keptElement(channelAt + c.at.Key); doc != nil {
		return doc, nil
	}
	return nil, c.fault("NoSuchLiveChannel")
}

// putChannel makes a channel, or one in its place.
func (c *call) putChannel() error {
	if len(c.at.Key) > channelName || strings.Contains(c.at.Key, "/") {
		return c.fault("InvalidChannelName")
	}
	doc, err := c.shortDocument("LiveChannelConfiguration")
	if err != nil {
		return err
	}
	status, target := orElse(doc.at("Status"), "enabled"), doc.kid("Target")
	if target.at("Type") != "HLS" || !slices.Contains(channelStates, status) || len(doc.at("Description")) > 128 {
		return c.fault("InvalidArgument")
	}
	list := orElse(target.at("PlaylistName"), "playlist.m3u8")
	for _, n := range []string{target.at("FragDuration"), target.at("FragCount")} {
		if v, err := strconv.Atoi(orElse(n, "1")); err != nil || v < 1 || v > 100 {
			return c.fault("InvalidArgument")
		}
	}
	kept := element("LiveChannelConfiguration", leaf("Description", doc.at("Description")), leaf("Status", status),
		element("Target", leaf("Type", "HLS"), leaf("FragDuration", orElse(target.at("FragDuration"), "5")),
			leaf("FragCount", orElse(target.at("FragCount"), "3")), leaf("PlaylistName", list)), leaf("LastModified", c.now.Format(millis)))
	if err := c.bucket.Configure(channelAt+c.at.Key, kept.markup("")); err != nil {
		return err
	}
	return c.sendElement(element("CreateLiveChannelResult", c.channelAddresses(c.at.Key, list)...))
}

var channelStates = []string{"enabled", "disabled"}

// channelAddresses are where a channel is pushed to and played from.
func (c *call) channelAddresses(name, list string) []*configNode {
	host := c.field("Host")
	if !strings.HasPrefix(host, c.at.Bucket+".") {
		host = c.at.Bucket + "." + host
	}
	return []*configNode{element("PublishUrls", leaf("Url", "rtmp://"+host+"/live/"+name)), element("PlayUrls", leaf("Url", "http://"+host+"/"+name+"/"+list))}
}

func (c *call) getChannel() error {
	doc, err := c.channel()
	if err != nil {
		return err
	}
	doc.Kids = slices.DeleteFunc(doc.Kids, func(k *configNode) bool { return k.Name == "LastModified" })
	return c.sendElement(doc)
}

func (c *call) channelStat() error {
	doc, err := c.channel()
	if err != nil {
		return err
	}
	state := map[string]string{"enabled": "Idle", "disabled": "Disabled"}[doc.at("Status")]
	return c.sendElement(element("LiveChannelStat", leaf("Status", state)))
}

func (c *call) channelHistory() error {
	if _, err := c.channel(); err != nil {
		return err
	}
	return c.sendElement(element("LiveChannelHistory"))
}

func (c *call) putChannelStatus() error {
	doc, err := c.channel()
	if err != nil {
		return err
	}
	status, _ := c.param("status")
	if !slices.Contains(channelStates, status) {
		return c.fault("InvalidArgument")
	}
	doc.kid("Status").Text = status
	return c.bucket.Configure(channelAt+c.at.Key, doc.markup(""))
}

// deleteChannel removes a channel, whether it is there or not.
func (c *call) deleteChannel() error {
	if len(c.at.Key) > channelName {
		return c.fault("InvalidChannelName")
	}
	c.reply.Status = 204
	return c.bucket.Configure(channelAt+c.at.Key, "")
}

// vodPlaylist refuses: a channel that nothing was pushed to has no pieces to
// list.
func (c *call) vodPlaylist() error {
	name, _, _ := strings.Cut(c.at.Key, "/")
	if c.keptElement(channelAt+name) == nil {
		return c.fault("NoSuchLiveChannel")
	}
	return c.fault("InvalidArgument")
}

// listChannels answers the channels of a bucket, a page at a time.
func (c *call) listChannels() error {
	prefix, _ := c.param("prefix")
	marker, _ := c.param("marker")
	size, err := c.channelsPerPage()
	if err != nil {
		return err
	}
	var entries []*configNode
	next := ""
	for _, setting := range c.bucket.Settings(channelAt + prefix) {
		name := strings.TrimPrefix(setting, channelAt)
		doc := c.keptElement(setting)
		if name <= marker || doc == nil {
			continue
		}
		if len(entries) == size {
			next = entries[size-1].at("Name")
			break
		}
		entry := element("LiveChannel", leaf("Name", name), leaf("Description", doc.at("Description")), leaf("Status", doc.at("Status")),
			leaf("LastModified", doc.at("LastModified")))
		entry.Kids = append(entry.Kids, c.channelAddresses(name, doc.at("Target/PlaylistName"))...)
		entries = append(entries, entry)
	}
	list := element("ListLiveChannelResult", leaf("Prefix", prefix), leaf("Marker", marker), leaf("MaxKeys", strconv.Itoa(size)),
		leaf("IsTruncated", strconv.FormatBool(next != "")), leaf("NextMarker", next))
	list.Kids = append(list.Kids, entries...)
	return c.sendElement(list)
}

func (c *call) channelsPerPage() (int, error) {
	text, ok := c.param("max-keys")
	if !ok {
		return 100, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1000 {
		return 0, c.fault("InvalidArgument")
	}
	return n, nil
}
