package misbehave

import (
	"bufio"
	"io"
	"net"
)

// hang takes what comes and never answers.
func hang(_ *Proxy, conn *net.TCPConn) { io.Copy(io.Discard, conn) }

// reset cuts the connection as soon as the first bytes have come.
func reset(_ *Proxy, conn *net.TCPConn) {
	conn.Read(make([]byte, 1))
	conn.SetLinger(0)
}

// garbage answers with bytes that are not HTTP.
func garbage(_ *Proxy, conn *net.TCPConn) {
	if _, err := readHead(bufio.NewReader(conn)); err == nil {
		io.WriteString(conn, "\x16\x03\x01\x00\xa5 this is not a reply\r\n\r\n")
	}
	finish(conn)
}

const page = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>"

// html answers everything with a page, as a portal or a wrong port does.
func html(_ *Proxy, conn *net.TCPConn) {
	q, err := readHead(bufio.NewReader(conn))
	if err == nil {
		h := head{start: "HTTP/1.1 200 OK\r\n", end: "\r\n"}
		h.set("Content-Type", "text/html")
		h.set("Connection", "close")
		body := page
		if len(q.start) > 4 && q.start[:4] == "HEAD" {
			body = ""
		}
		conn.Write(append(h.bytes(), body...))
	}
	finish(conn)
}

// finish lets the client take what was written.
func finish(conn *net.TCPConn) {
	conn.CloseWrite()
	io.Copy(io.Discard, conn)
}
