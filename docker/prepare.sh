#!/usr/bin/env bash
# Everything the compose file needs and nobody may commit: certificates, passwords, a key, the user id to run as.
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

Writes certificates, passwords, the API's key and compose's settings. Existing ones are kept.

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

# Of a file that is not there, Docker would make a folder.
if [[ $settings == "$here/.env" ]]; then
  while IFS= read -r built; do
    [[ -e $here/../$built ]] || {
      printf 'prepare.sh: %s is not there; build it first: ./mvnw -B -pl providers/demo -am package\n' "$built" >&2
      exit 1
    }
  done < <(sed -n 's|^!\(.*/target/.*\)$|\1|p' "$here/Dockerfile.dockerignore" &&
    sed -n 's|^ *- \.\./\([^:]*/target/[^:]*\):.*|\1|p' "$here/compose.yaml")
fi

base64url() { # octets in hexadecimal
  # shellcheck disable=SC2001 # each pair of digits
  printf '%b' "$(sed 's/../\\x&/g' <<<"$1")" | openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# A JWK for ES256. In DER (RFC 5915, in PKCS#8 or alone, with or without the name of the curve) the private number
# stands behind 02 01 01 04 20, the two numbers of the public point behind 03 42 00 04.
new_jwk() {
  local der
  der=$(openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER | od -An -v -tx1 | tr -d ' \n')
  [[ $der =~ 0201010420([0-9a-f]{64})(a00a06082a8648ce3d030107)?a14403420004([0-9a-f]{64})([0-9a-f]{64})$ ]] || {
    printf 'prepare.sh: this openssl writes keys in another form than expected\n' >&2
    return 1
  }
  printf '{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"%s","x":"%s","y":"%s","d":"%s"}\n' \
    "$(openssl rand -hex 8)" "$(base64url "${BASH_REMATCH[3]}")" "$(base64url "${BASH_REMATCH[4]}")" \
    "$(base64url "${BASH_REMATCH[1]}")"
}

mkdir -p "$out/secrets" "$out/api"
"$here/tls.sh" --out "$out/tls" server "keycloak,$host,localhost,127.0.0.1"
"$here/tls.sh" --out "$out/tls" server "api,$host,localhost,127.0.0.1"
if [[ -s $out/api/key.json ]]; then
  printf 'kept    %s\n' "$out/api/key.json"
else
  jwk=$(new_jwk)
  printf '%s\n' "$jwk" >"$out/api/key.json"
  printf 'made    %s\n' "$out/api/key.json"
fi
for secret in db-password admin-password; do
  file=$out/secrets/$secret
  if [[ -s $file ]]; then
    printf 'kept    %s\n' "$file"
  else
    openssl rand -base64 24 | tr -d '\n' >"$file"
    printf 'made    %s\n' "$file"
  fi
done

# Keycloak and the API run as the owner of these files, so that mode 600 is enough; never as root.
uid=$(id -u)
if [[ $uid -eq 0 ]]; then
  uid=1000
  chown -R "$uid" "$out"
fi
printf 'FAPI_UID=%s\nFAPI_HOST=%s\n' "$uid" "$host" >"$settings"
printf 'written %s\n' "$settings"
