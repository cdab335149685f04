about='OpenStack Swift 2.30.1 with s3api, files, V4, ACLs, Apache-2.0 licence'
access=first:user other_access=first:other other_secret=othersecretkey timeout=60m # ACCOUNT:USER: buckets are of an account, ACLs of a user

install() { deb_install 'python3-swift=2.30.1*' 'swift=2.30.1*' 'swift-account=2.30.1*' 'swift-container=2.30.1*' 'swift-object=2.30.1*' memcached; }

# swift_dir keeps the rings and swift.conf; only /etc/swift/swift.conf cannot be
# put elsewhere, so one is made there where none is.
start() {
  local dir=$2 kind at memory
  memory=$(port)
  mkdir -p "$dir/dev/d1" /etc/swift
  cd "$dir"
  [ -s /etc/swift/swift.conf ] || printf '[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n[swift-constraints]\nmax_header_size = 16384\n' >/etc/swift/swift.conf
  memcached -u "$(id -un)" -l 127.0.0.1 -p "$memory" -m 64 >memcached.log 2>&1 &
  pids+=($!)
  for kind in account container object; do
    at=$(port)
    swift-ring-builder $kind.builder create 6 1 0
    swift-ring-builder $kind.builder add "r1z1-127.0.0.1:$at/d1" 1
    swift-ring-builder $kind.builder rebalance || true # it warns that there is one device only
    back_end $kind "$at" "$dir" >$kind.conf
    swift-$kind-server "$dir/$kind.conf" >$kind.log 2>&1 &
    pids+=($!)
  done
  front_end "$1" "$memory" "$dir" >proxy.conf
  /usr/bin/python3 -c 'import sys
from swift.common.utils import parse_options
from swift.common.wsgi import run_wsgi
conf, options = parse_options()
sys.exit(run_wsgi(conf, "proxy-server", **options))' "$dir/proxy.conf" >server.log 2>&1 &
  pids+=($!)
}

# Times and errors of which the proxy makes a 503, or a bucket that is not there, are set so
# high that a slow machine is none of them.
back_end() {
  cat <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
devices = $3/dev
mount_check = false
user = $(id -un)
workers = 1
swift_dir = $3
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
conn_timeout = 10
node_timeout = 60
container_update_timeout = 60
CONF
}

front_end() {
  local filter
  cat <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $1
workers = 1
user = $(id -un)
swift_dir = $3
log_level = WARNING
[pipeline:main]
pipeline = catch_errors proxy-logging cache listing_formats bulk tempurl s3api tempauth copy slo dlo versioned_writes symlink proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
conn_timeout = 10
node_timeout = 60
error_suppression_limit = 1000000
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$2
[filter:s3api]
use = egg:swift#s3api
s3_acl = true
location = us-east-1
check_bucket_owner = true
allow_multipart_uploads = true
min_segment_size = 5242880
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_first_user = $secret .admin .reseller_admin
user_first_other = $other_secret .admin
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
CONF
  for filter in catch_errors proxy_logging listing_formats bulk tempurl copy slo dlo symlink; do
    printf '[filter:%s]\nuse = egg:swift#%s\n' "${filter/proxy_logging/proxy-logging}" "$filter"
  done
}
