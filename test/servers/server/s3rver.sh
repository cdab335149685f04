about='s3rver 3.7.1, files, header signatures unchecked, MIT licence'
dies=yes                       # on unexpected parts, keys and forms: that is what it is here for
access=S3RVER secret=S3RVER    # it knows no others

install() { npm_install s3rver "$here/s3rver"; }

start() {
  mkdir -p "$2/data"
  node "$cache/s3rver/node_modules/s3rver/bin/s3rver.js" -s -a 127.0.0.1 -p "$1" -d "$2/data" >>"$2/server.log" 2>&1 &
  pids+=($!)
}
