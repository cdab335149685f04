package emulator

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// faultOf is the refusal that an error is, nil for another one.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// sendHTML answers a refusal as a page for people.
func (c *call) sendHTML(f *fault) {
	c.identify(f)
	status := orStatus(c.e.d.Codes[f.said.Code].Status, f.status)
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	var b strings.Builder
	item := func(name, value string) {
		fmt.Fprintf(&b, "<li>%s: %s</li>\n", html.EscapeString(name), html.EscapeString(value))
	}
	fmt.Fprintf(&b, "<html>\n<head><title>%s</title></head>\n<body>\n<h1>%s</h1>\n<ul>\n", title, title)
	item("Code", f.said.Code)
	item("Message", f.said.Message)
	for _, e := range f.said.Extra {
		item(e.Name, e.Value)
	}
	item("RequestId", f.said.RequestID)
	item("HostId", f.said.HostID)
	b.WriteString("</ul>\n<hr/>\n</body>\n</html>\n")
	c.reply.Fields.Set("Content-Type", "text/html; charset=utf-8")
	if c.in.Method != "HEAD" {
		c.send([]byte(b.String()))
	}
}
