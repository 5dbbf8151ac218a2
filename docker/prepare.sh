#!/usr/bin/env bash
# Everything the compose file needs and nobody may commit: certificates, passwords, the user id to run as.
# Safe to run again: what exists is kept. Needs openssl; no Docker.
set -euo pipefail
umask 077

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
host=localhost
out=$here/generated
settings=$here/.env

usage() {
  cat <<TEXT
Usage: $(basename "$0") [--host NAME] [--out DIR]

Writes certificates, passwords and compose's settings. Existing ones are kept.

  --host NAME  host name under which browsers reach Keycloak (default: localhost)
  --out DIR    folder to write to, for a trial without compose (default: $out,
               and the settings to $settings)
TEXT
}

while [[ $# -gt 0 ]]; do
  case $1 in
    --host)
      host=${2:?--host needs a name}
      shift
      ;;
    --out)
      out=${2:?--out needs a folder}
      settings=$out/.env
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 64
      ;;
  esac
  shift
done
command -v openssl >/dev/null || {
  printf 'prepare.sh: openssl is missing; on Debian: apt-get install openssl\n' >&2
  exit 1
}

mkdir -p "$out/secrets"
"$here/tls.sh" --out "$out/tls" server "keycloak,$host,localhost,127.0.0.1"
for secret in db-password admin-password; do
  file=$out/secrets/$secret
  if [[ -s $file ]]; then
    printf 'kept    %s\n' "$file"
  else
    openssl rand -base64 24 | tr -d '\n' >"$file"
    printf 'made    %s\n' "$file"
  fi
done

# Keycloak runs as the owner of these files, so that mode 600 is enough; never as root.
uid=$(id -u)
if [[ $uid -eq 0 ]]; then
  uid=1000
  chown -R "$uid" "$out"
fi
printf 'FAPI_UID=%s\nFAPI_HOST=%s\n' "$uid" "$host" >"$settings"
printf 'written %s\n' "$settings"
