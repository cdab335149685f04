package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
)

// postForm sends a file in a form, as a page would. The file is the last field.
func postForm(ctx context.Context, web *http.Client, url string, fields map[string]string, file []byte) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		form.WriteField(name, value) // a Buffer refuses nothing
	}
	if part, err := form.CreateFormFile("file", "page.bin"); err == nil {
		part.Write(file)
	}
	form.Close()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, &body)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	reply, err := web.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode != 204 {
		text, _ := io.ReadAll(io.LimitReader(reply.Body, 1000))
		return fmt.Errorf("want 204 for the form, got %d %s", reply.StatusCode, text)
	}
	return nil
}

// canned names the ACL under which everybody has these permissions.
func canned(public []string) string {
	has := func(permission string) bool {
		return slices.Contains(public, permission) || slices.Contains(public, "FULL_CONTROL")
	}
	switch {
	case has("READ") && has("WRITE"):
		return "public-read-write"
	case has("READ"):
		return "public-read"
	case len(public) == 0:
		return "private"
	}
	return fmt.Sprint("none of the canned ones: ", public)
}
