about='Ceph radosgw 16.2.15, objects in memory, V4 and V2, ACLs, LGPL-2.1'
other_access=otherkey other_secret=othersecretkey
kills=/s3.policy.size/ # a long resource of a policy ends the process

install() { deb_install 'radosgw=16.2.15*' 'ceph-mon=16.2.15*' 'ceph-osd=16.2.15*' 'ceph-common=16.2.15*'; }

# The smallest cluster: a monitor, a store in memory, a gateway; nobody
# authenticates. Without "ms mon client mode = crc" the gateway wants an
# encrypted link to the monitor, and waits for ever; without tcp_nodelay every
# reply with a body comes 40 ms late.
configure() {
  cat <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = v2:127.0.0.1:$2/0
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 1000
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
run dir = $3
admin socket = $3/\$name.asok
log file = $3/\$name.log
keyring = $3/keyring
[mon]
mon data = $3/mon
mon cluster log file = $3/cluster.log
[osd]
osd data = $3/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *
[client.rgw]
ms mon client mode = crc
rgw frontends = beast endpoint=127.0.0.1:$1 tcp_nodelay=1
rgw dns name = localhost
rgw crypt require ssl = false
rgw data = $3/rgw
CONF
}

start() {
  local dir=$2 monitor name disk
  monitor=$(port)
  mkdir "$dir/mon" "$dir/osd" "$dir/rgw"
  cd "$dir"
  configure "$1" "$monitor" "$dir" >ceph.conf
  ceph-authtool --create-keyring keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  for name in mon. client.rgw osd.0; do ceph-authtool keyring --gen-key -n $name --cap mon 'allow *' --cap osd 'allow *'; done
  monmaptool --create --clobber --addv a "[v2:127.0.0.1:$monitor]" --fsid "$(sed -n 's/^fsid = //p' ceph.conf)" --enable-all-features monmap
  ceph-mon -c ceph.conf --mkfs -i a --monmap monmap --keyring keyring
  ceph-mon -c ceph.conf -i a -f >mon.out 2>&1 &
  pids+=($!)
  disk=$(cat /proc/sys/kernel/random/uuid)
  timeout 60 ceph -c ceph.conf osd new "$disk"
  ceph-osd -c ceph.conf -i 0 --mkfs --osd-uuid "$disk"
  ceph-osd -c ceph.conf -i 0 -f >osd.out 2>&1 &
  pids+=($!)
  radosgw -c ceph.conf -n client.rgw -f >server.log 2>&1 &
  pids+=($!)
  account first "$access" "$secret"
  account other "$other_access" "$other_secret"
}

account() { timeout 60 radosgw-admin -c ceph.conf user create --uid "$1" --display-name "$1" --access-key "$2" --secret "$3"; }
