#!/usr/bin/env bash
# Starts Keycloak with secrets that lie in files: for every variable below, NAME_FILE may name a file instead of NAME
# holding the secret. Then it becomes kc.sh with the given arguments. KEYCLOAK_HOME is /opt/keycloak by default, so
# the same script works in the container and, for tests, on an unpacked distribution.
set -euo pipefail

die() {
  printf 'keycloak.sh: %s\n' "$*" >&2
  exit 1
}

for name in KC_DB_PASSWORD KC_BOOTSTRAP_ADMIN_PASSWORD; do
  file_variable=${name}_FILE
  file=${!file_variable-}
  unset "$file_variable"
  if [[ -z $file ]]; then
    continue
  fi
  [[ -z ${!name-} ]] || die "both $name and $file_variable are set; choose one"
  [[ -r $file ]] || die "cannot read the secret file $file named by $file_variable (user id $(id -u))"
  value=$(<"$file")
  [[ -n $value ]] || die "the secret file $file named by $file_variable is empty"
  export "$name=$value"
done

kc=${KEYCLOAK_HOME:-/opt/keycloak}/bin/kc.sh
[[ -x $kc ]] || die "$kc is not there; set KEYCLOAK_HOME to the folder of the distribution"
exec "$kc" "$@"
