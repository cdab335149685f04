about='MinIO v0.0.0-20260212201848-7aac2a2c5b7c, files, V4 and V2, AGPLv3: run, never linked' # minutes to build

install() { nice -n 10 bash -c "$(declare -f go_install); bin=$bin; go_install github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c minio"; }

start() {
  mkdir "$2/data"
  MINIO_ROOT_USER=$access MINIO_ROOT_PASSWORD=$secret "$bin/minio" server --quiet \
    --address "127.0.0.1:$1" --console-address "127.0.0.1:$(port)" "$2/data" >"$2/server.log" 2>&1 &
  pids+=($!)
}
