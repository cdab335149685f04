about='rclone/gofakes3 v0.0.12, embedded, in memory, checks V4, MIT licence' # pinned in go.mod

install() { go build -C "$here" -o "$bin/rclone-gofakes3" ./rclone-gofakes3; }

start() { HARNESS_ACCESS_KEY=$access HARNESS_SECRET_KEY=$secret "$bin/rclone-gofakes3" "127.0.0.1:$1" >"$2/server.log" 2>&1 & pids+=($!); }
