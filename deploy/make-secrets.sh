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

make() {
  [ -s "$folder/$1" ] || printf '%s\n' "$2" >"$folder/$1"
  chmod 644 "$folder/$1"
}

make postgres_password "$(random)"
# The platform's endpoint and that of Connect.
make stripe_webhook_secrets "whsec_$(random)
whsec_$(random)"
make waybill_api_keys "reader:read:$(random)
shop:service:$(random)
operator:ops:$(random)"
make waybill_state_secret "$(random)"
make waybill_events_key "$(random)"
