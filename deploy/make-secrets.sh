#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, each in a file of its own, and leaves those that are there.
# Usage: deploy/make-secrets.sh [folder, by default ./secrets]
set -eu
folder=${1:-secrets}
mkdir -p "$folder"
# Others can't enter the folder; inside a container the file's reader is another user than its owner.
chmod 700 "$folder"

random() {
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

# macOS has the second.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-64
}

make() {
  [ -s "$folder/$1" ] || printf '%s\n' "$2" >"$folder/$1"
  chmod 644 "$folder/$1"
}

make postgres_password "$(random)"
# The platform's endpoint and that of Connect.
make stripe_webhook_secrets "whsec_$(random)
whsec_$(random)"
# The API's file of keys has hashes only. Each caller's key is beside it, for whoever calls.
key() {
  printf 'wbk_%s\n' "$(random)" >"$folder/waybill_key_$2"
  hash=$(tr -d '\n' <"$folder/waybill_key_$2" | sha256)
  printf '{"id":"key_%s","name":"%s","role":"%s","sha256":"%s","created":"%s"}' \
    "$(random | cut -c1-12)" "$1" "$2" "$hash" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
}
# Once its caller has it, a key's own file may go.
keys=
[ -s "$folder/waybill_api_keys" ] || keys="$(key reader read),$(key shop service),$(key operator ops)"
make waybill_api_keys "{\"keys\":[$keys]}"
make waybill_state_secret "$(random)"
make waybill_events_key "$(random)"
# Of AES-256: what Temporal stores is encrypted with it.
make waybill_payload_keys "first:$(head -c 32 /dev/urandom | base64)"
