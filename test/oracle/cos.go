package oracle

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"
)

// byCOS asks cos-go-sdk-v5. It has no lists of its own: it signs all that it is
// given, so it is given what the vector signs. The signature of a URL is that of
// the same request with Authorization.
func byCOS(v *Vector) (string, error) {
	cos.SetNeedSignHeaders("date", true)
	token := v.Credentials.Token
	r := v.asked(func(name string) bool {
		return v.Options.Signed != nil && v.signed(name) || v.Options.Signed == nil && name != "date"
	})
	if v.Mode == "query" && token != "" {
		if v.Options.SignToken == nil || *v.Options.SignToken {
			r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+"&x-cos-security-token="+url.QueryEscape(token), "&")
		}
		token = ""
	}
	if v.Options.Params != nil {
		q := r.URL.Query()
		for name := range q {
			if !slices.Contains(v.Options.Params, name) {
				q.Del(name)
			}
		}
		r.URL.RawQuery = q.Encode()
	}
	start, end := v.at(), v.at().Add(time.Duration(v.valid(300))*time.Second)
	window := &cos.AuthTime{SignStartTime: start, SignEndTime: end, KeyStartTime: start, KeyEndTime: end}
	if from, to, ok := strings.Cut(v.Options.KeyTime, ";"); ok {
		window.KeyStartTime, window.KeyEndTime = epoch(from), epoch(to)
	}
	cos.AddAuthorizationHeader(v.Credentials.AccessKey, v.Credentials.SecretKey, token, r, window)
	return after(r.Header.Get("Authorization"), "q-signature="), nil
}

func epoch(text string) time.Time {
	n, _ := strconv.ParseInt(text, 10, 64)
	return time.Unix(n, 0)
}
