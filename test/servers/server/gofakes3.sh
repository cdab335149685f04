about='johannesboyne/gofakes3 v1.2.0, in memory, checks no signature, MIT licence'

install() { go_install github.com/johannesboyne/gofakes3/cmd/gofakes3 v1.2.0 gofakes3; }

start() { "$bin/gofakes3" -host "127.0.0.1:$1" -backend mem >"$2/server.log" 2>&1 & pids+=($!); }
