package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
)

// elsewhereNames are hosts of the internet that tests have the service call.
const elsewhereNames = "127.0.0.1 localhost www.aliyun.com\n"

// stage plays the web server that callbacks of the tests go to: it answers as
// the real one does, by sending everybody to https. Its name stands in a list of
// hosts that only this process and its children see.
func stage() error {
	f, err := os.CreateTemp("", "vendors-hosts-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := f.WriteString(elsewhereNames); err != nil {
		return err
	}
	if out, err := exec.Command("mount", "--bind", f.Name(), "/etc/hosts").CombinedOutput(); err != nil {
		return fmt.Errorf("mount --bind %s /etc/hosts: %w: %s", f.Name(), err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:80")
	if err != nil {
		return err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusMovedPermanently)
	}))
	return nil
}
