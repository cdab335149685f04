package oracle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/minio/minio-go/v7/pkg/signer"
)

// payload is the last line of the canonical request.
func (v *Vector) payload() string {
	if v.Request.Payload != "" {
		return v.Request.Payload
	}
	if v.Mode == "query" {
		return "UNSIGNED-PAYLOAD"
	}
	sum := sha256.Sum256(v.body())
	return hex.EncodeToString(sum[:])
}

// byAWS asks the signer of aws-sdk-go-v2, as its S3 client does.
func byAWS(v *Vector) (string, error) {
	s := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping, o.DisableHeaderHoisting = true, true })
	keys := aws.Credentials{AccessKeyID: v.Credentials.AccessKey, SecretAccessKey: v.Credentials.SecretKey, SessionToken: v.Credentials.Token}
	r := v.asked(v.signed)
	if v.Mode == "query" {
		q := r.URL.Query()
		q.Set("X-Amz-Expires", strconv.FormatInt(v.valid(900), 10))
		r.URL.RawQuery = q.Encode()
		address, _, err := s.PresignHTTP(context.Background(), keys, r, v.payload(), v.Scope.Service, v.Scope.Region, v.at())
		return signatureOf(address), err
	}
	r.Header.Set("X-Amz-Content-Sha256", v.payload())
	err := s.SignHTTP(context.Background(), keys, r, v.payload(), v.Scope.Service, v.Scope.Region, v.at())
	return after(r.Header.Get("Authorization"), "Signature="), err
}

func signatureOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get("X-Amz-Signature")
}

// byMinio asks the signers of minio-go, by the clock of the bubble.
func byMinio(v *Vector) (string, error) {
	k := v.Credentials
	if v.Mode == "form" {
		return signer.PostPresignSignatureV4(v.policy64(), v.at(), k.SecretKey, v.Scope.Region), nil
	}
	r := v.asked(v.signed)
	if v.Mode == "query" {
		r = signer.PreSignV4(*r, k.AccessKey, k.SecretKey, k.Token, v.Scope.Region, v.valid(3600))
		return r.URL.Query().Get("X-Amz-Signature"), nil
	}
	r.Header.Set("X-Amz-Content-Sha256", v.payload())
	r = signer.SignV4(*r, k.AccessKey, k.SecretKey, k.Token, v.Scope.Region)
	return after(r.Header.Get("Authorization"), "Signature="), nil
}

// byMinioStream asks minio-go for the whole stream of a chunked upload and gives
// the signatures of all its chunks, then that of the trailers.
func byMinioStream(v *Vector) (string, error) {
	r := v.asked(func(name string) bool { return name == "content-encoding" })
	r.Body = io.NopCloser(bytes.NewReader(v.body()))
	if len(v.Request.Trailers) > 0 {
		r.Trailer = http.Header{}
		for _, t := range v.Request.Trailers {
			r.Trailer.Set(t[0], t[1])
		}
	}
	k := v.Credentials
	r = signer.StreamingSignV4(r, k.AccessKey, k.SecretKey, k.Token, v.Scope.Region, int64(len(v.body())), v.at(), hasher{sha256.New()})
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	found := []string{after(r.Header.Get("Authorization"), "Signature=")}
	for _, mark := range []string{";chunk-signature=", "x-amz-trailer-signature:"} {
		for part := range strings.SplitSeq(string(text), mark) {
			if len(part) >= 64 && isHex(part[:64]) {
				found = append(found, part[:64])
			}
		}
	}
	return strings.Join(found, " "), nil
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}
