about='versitygw v1.8.0, files, versions, strict V4, Apache-2.0 licence'

install() { go_install github.com/versity/versitygw/cmd/versitygw v1.8.0 versitygw; }

# A load wants --keep-alive too: without it every request has a connection of its own.
start() {
  mkdir "$2/data" "$2/versions"
  "$bin/versitygw" --quiet --access "$access" --secret "$secret" --region us-east-1 --port "127.0.0.1:$1" \
    posix --versioning-dir "$2/versions" "$2/data" >"$2/server.log" 2>&1 &
  pids+=($!)
}
