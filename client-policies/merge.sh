#!/usr/bin/env bash
# Merges the FAPI Pack's client profiles and client policies into a realm, or takes them out again.
# Keycloak's API replaces whole lists; this script keeps everything in them that is not ours.
set -euo pipefail
umask 077

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
program=$(basename -- "$0")

server='' realm='' auth_realm=master user='' password_file='' cacert='' backup_dir=. restore_file=''
set_name=fapi2-message-signing action=merge dry_run=false force=false disabled=false

usage() {
  cat <<TEXT
Usage: $program --server URL --realm NAME --user NAME --password-file FILE [options]
       KC_TOKEN=... $program --server URL --realm NAME [options]

Merges the client profiles and client policies of this folder into a realm. Those of the same name are
replaced, missing ones are appended, all others stay as they are and where they are. A policy that is
there already stays switched on or off as it is.

  --server URL           base address of Keycloak, for example https://as.example.com
  --realm NAME           realm to change
  --user NAME            administrator with the role manage-realm for that realm
  --password-file FILE   file with that administrator's password
  --auth-realm NAME      realm of the administrator (default: master)
  --cacert FILE          CA certificates for the server, PEM
  --set NAME             files to merge: NAME.profiles.json and NAME.policies.json (default: fapi2-message-signing)
  --dry-run              show what would change, change nothing
  --disabled             add policies that are not there yet switched off
  --remove               take our profiles and policies out; do this before the JAR is removed
  --restore FILE         put back the profiles and policies of a backup file
  --backup-dir DIR       where the backup file goes (default: the current folder)
  --force                also replace or remove a profile or policy that has one of our names but is not ours,
                         and, with --remove, drop our profiles from policies that are not ours
  --help                 this text

Instead of a user, the environment variable KC_TOKEN may hold an access token for the Admin API.

Exit status: 0 done or nothing to do; 1 refused or failed; 2 wrong usage;
             3 removed, but profiles that are not ours still use executors of the JAR: keep the JAR.
TEXT
}

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "$program" "$*" >&2; }
die() {
  warn "$*"
  exit 1
}
wrong_usage() {
  warn "$*"
  warn "see $program --help"
  exit 2
}

while [[ $# -gt 0 ]]; do
  case $1 in
    --help | -h)
      usage
      exit 0
      ;;
    --dry-run) dry_run=true ;;
    --force) force=true ;;
    --disabled) disabled=true ;;
    --remove) action=remove ;;
    --server | --realm | --auth-realm | --user | --password-file | --cacert | --backup-dir | --restore | --set)
      [[ $# -ge 2 && -n $2 ]] || wrong_usage "$1 needs a value"
      case $1 in
        --server) server=${2%/} ;;
        --realm) realm=$2 ;;
        --auth-realm) auth_realm=$2 ;;
        --user) user=$2 ;;
        --password-file) password_file=$2 ;;
        --cacert) cacert=$2 ;;
        --backup-dir) backup_dir=$2 ;;
        --set) set_name=$2 ;;
        --restore)
          [[ $action == merge ]] || wrong_usage "--remove and --restore exclude each other"
          action=restore restore_file=$2
          ;;
      esac
      shift
      ;;
    *) wrong_usage "unknown option $1" ;;
  esac
  shift
done
[[ $action != remove || -z $restore_file ]] || wrong_usage "--remove and --restore exclude each other"

for tool in curl jq diff; do
  command -v "$tool" >/dev/null || die "$tool is missing; on Debian: apt-get install ${tool/#diff/diffutils}"
done
[[ -n $server ]] || wrong_usage "--server is missing"
[[ -n $realm ]] || wrong_usage "--realm is missing"
[[ $server =~ ^https?://[^/[:space:]]+(/[^[:space:]]*)?$ ]] || wrong_usage "--server must be an http(s) address, got: $server"
if [[ $server == http://* && ! $server =~ ^http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/|$) ]]; then
  die "refused: http to another machine would send the credentials unencrypted; use https"
fi
[[ -z $cacert || -r $cacert ]] || die "cannot read the CA file $cacert"
[[ -z $restore_file || -r $restore_file ]] || die "cannot read the backup file $restore_file"
if [[ -z ${KC_TOKEN-} ]]; then
  [[ -n $user && -n $password_file ]] || wrong_usage "--user and --password-file are needed, or KC_TOKEN in the environment"
  [[ -r $password_file ]] || die "cannot read the password file $password_file"
fi
if [[ $dry_run == false ]]; then
  [[ -d $backup_dir && -w $backup_dir ]] || die "cannot write backups to the folder $backup_dir"
fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
uri() { jq -rn --arg text "$1" '$text | @uri'; }
api="$server/admin/realms/$(uri "$realm")/client-policies"

written="Nothing was written." # what to tell somebody whose run stops half-way
status='' # HTTP status of the last call; its body is in $work/body
call() { # curl arguments...
  local tls=() reason failure=0 hint=''
  if [[ -n $cacert ]]; then tls=(--cacert "$cacert"); fi
  status=$(curl --silent --show-error --connect-timeout 10 --max-time 60 "${tls[@]}" \
    --output "$work/body" --write-out '%{http_code}' "$@" 2>"$work/error") || failure=$?
  if [[ $failure -ne 0 ]]; then
    reason=$(head -n 1 "$work/error")
    case $failure in 35 | 60 | 77) hint='; see --cacert' ;; esac # no TLS connection, not trusted, no usable CA file
    die "cannot reach $server: ${reason#curl: }$hint"
  fi
}

# Keycloak's own words about a refusal, on one line.
reason() {
  jq -r '[.errorMessage, .error, .error_description] | map(select(. != null)) | join(": ")' "$work/body" 2>/dev/null || true
}

log_in() {
  if [[ -n ${KC_TOKEN-} ]]; then
    token=$KC_TOKEN
    return
  fi
  local password
  password=$(<"$password_file")
  # The password goes through a pipe: neither the process list nor the shell history shows it.
  call --data-urlencode grant_type=password --data-urlencode client_id=admin-cli --data-urlencode "username=$user" \
    --data-urlencode password@- "$server/realms/$(uri "$auth_realm")/protocol/openid-connect/token" < <(printf '%s' "$password")
  case $status in
    200) token=$(jq -r '.access_token // empty' "$work/body") ;;
    400 | 401) die "login as $user in realm $auth_realm refused ($status): $(reason)" ;;
    404) die "realm $auth_realm does not exist on $server; see --auth-realm" ;;
    *) die "login as $user in realm $auth_realm failed with HTTP status $status: $(reason)" ;;
  esac
  [[ -n $token ]] || die "the server's answer to the login holds no access token"
}

admin() { # curl arguments...
  call --header @<(printf 'Authorization: Bearer %s' "$token") --header 'Accept: application/json' "$@"
  case $status in
    200 | 204) ;;
    400)
      die "Keycloak refused the change (400): $(reason) If it is about an executor: is the JAR in providers/, and was" \
        "kc.sh build run? The server log names it. $written"
      ;;
    401) die "not authorized (401): the token is expired or not for the Admin API of this server" ;;
    403) die "forbidden (403): the administrator lacks the role manage-realm (or view-realm) for realm $realm" ;;
    404) die "realm $realm does not exist on $server (404)" ;;
    *) die "unexpected HTTP status $status from $server: $(reason)" ;;
  esac
}

# kind (profiles or policies), file: the realm's own list; the server's global ones are never read and never sent.
fetch() {
  admin "$api/$1"
  jq -e --arg kind "$1" '{($kind): (.[$kind] // [])}' "$work/body" >"$2" || die "the server's list of client $1 is not valid JSON"
}

store() { # kind, file
  admin --request PUT --header 'Content-Type: application/json' --data-binary "@$2" "$api/$1"
}

same() { [[ $(jq -cS . "$1") == "$(jq -cS . "$2")" ]]; }

# Stops if somebody else changed the list between our reading and our writing.
unchanged() { # kind
  fetch "$1" "$work/again"
  same "$work/$1.old" "$work/again" ||
    die "the client $1 of realm $realm were changed by somebody else in the meantime. $written Run again."
}

put_checked() { # kind
  if same "$work/$1.old" "$work/$1.new"; then return; fi
  unchanged "$1"
  store "$1" "$work/$1.new"
  written="The $1 are written already, nothing else is."
}

verified() { # kind
  fetch "$1" "$work/again"
  same "$work/$1.new" "$work/again" ||
    die "the client $1 of realm $realm are not what was written; compare them with the backup $backup"
}

# Which of our names exist in the realm but are not ours: a profile without any executor of the JAR,
# a policy that uses none of the profiles ours uses.
strangers() { # profiles or policies
  if [[ $1 == profiles ]]; then
    jq -r --slurpfile ours "$work/profiles.ours" '
      ($ours[0].profiles | map(.name)) as $names
      | .profiles[] | select(.name | IN($names[]))
      | select(any(.executors[]?; .executor | startswith("fapi-")) | not) | .name' "$work/profiles.old"
  else
    jq -r --slurpfile ours "$work/policies.ours" '
      .policies[] | . as $old
      | $ours[0].policies[] | select(.name == $old.name)
      | select(any(.profiles[]; IN($old.profiles[]?)) | not) | .name' "$work/policies.old"
  fi
}

merged() { # kind
  jq --arg kind "$1" --argjson disabled "$disabled" --slurpfile ours "$work/$1.ours" '
    $ours[0][$kind] as $new
    | (.[$kind] | map(.name)) as $present
    | .[$kind] |= (map(. as $old | ([$new[] | select(.name == $old.name)] | first)
                       | if . == null then $old elif $kind == "policies" then .enabled = $old.enabled else . end)
                   + [$new[] | select(.name | IN($present[]) | not)
                      | if $kind == "policies" and $disabled then .enabled = false else . end])' "$work/$1.old"
}

without_ours() { # kind
  jq --arg kind "$1" --slurpfile ours "$work/$1.ours" --slurpfile profiles "$work/profiles.ours" '
    ($ours[0][$kind] | map(.name)) as $names | ($profiles[0].profiles | map(.name)) as $profileNames
    | .[$kind] |= map(select(.name | IN($names[]) | not))
    | if $kind == "policies" then .policies |= map(if .profiles then .profiles -= $profileNames else . end) else . end' "$work/$1.old"
}

for kind in profiles policies; do
  jq -e --arg kind "$kind" '{($kind): .[$kind]} | select(.[$kind] | type == "array")' "$here/$set_name.$kind.json" \
    >"$work/$kind.ours" 2>/dev/null || die "the file $here/$set_name.$kind.json is missing or does not hold $kind"
done

token=''
log_in
fetch profiles "$work/profiles.old"
fetch policies "$work/policies.old"

if [[ $action != restore && $force == false ]]; then
  found=$(strangers profiles | sed 's/^/  profile /' && strangers policies | sed 's/^/  policy /')
  if [[ -n $found ]]; then
    warn "refused: realm $realm has entries with our names that are not ours:"
    printf '%s\n' "$found" >&2
    die "rename them, or run with --force to ${action/merge/replace} them; nothing was written"
  fi
fi

case $action in
  merge)
    merged profiles >"$work/profiles.new"
    merged policies >"$work/policies.new"
    ;;
  remove)
    users=$(jq -r --slurpfile profiles "$work/profiles.ours" --slurpfile ours "$work/policies.ours" '
      ($profiles[0].profiles | map(.name)) as $profileNames | ($ours[0].policies | map(.name)) as $names
      | .policies[] | select(.name | IN($names[]) | not) | select(any(.profiles[]?; IN($profileNames[]))) | "  " + .name' "$work/policies.old")
    if [[ -n $users && $force == false ]]; then
      warn "refused: these policies are not ours but use our profiles:"
      printf '%s\n' "$users" >&2
      die "change them, or run with --force to drop our profiles from them; nothing was written"
    fi
    without_ours profiles >"$work/profiles.new"
    without_ours policies >"$work/policies.new"
    ;;
  restore)
    for kind in profiles policies; do
      jq -e --arg kind "$kind" '{($kind): .[$kind]} | select(.[$kind] | type == "array")' "$restore_file" \
        >"$work/$kind.new" 2>/dev/null || die "$restore_file is not a backup file of this script"
    done
    from=$(jq -r '.realm // empty' "$restore_file")
    [[ $from == "$realm" ]] || die "refused: $restore_file was taken from realm $from, not from $realm"
    ;;
esac

# After --remove: profiles that are not ours and still need the JAR.
leftovers() {
  [[ $action == remove ]] || return 0
  local still
  still=$(jq -r '.profiles[] | select(any(.executors[]?; .executor | startswith("fapi-"))) | "  " + .name' "$work/profiles.new")
  if [[ -n $still ]]; then
    warn "these profiles still use executors of the JAR; change them before the JAR is removed:"
    printf '%s\n' "$still" >&2
    exit 3
  fi
}

if same "$work/profiles.old" "$work/profiles.new" && same "$work/policies.old" "$work/policies.new"; then
  say "realm $realm: nothing to change"
  leftovers
  exit 0
fi

if [[ $dry_run == true ]]; then
  for kind in profiles policies; do
    diff -u --label "$kind now" --label "$kind then" <(jq -S . "$work/$kind.old") <(jq -S . "$work/$kind.new") || true
  done
  say "realm $realm: dry run, nothing was written"
  leftovers
  exit 0
fi

backup=$(mktemp "$backup_dir/client-policies-${realm//[^A-Za-z0-9._-]/_}-$(date -u +%Y%m%dT%H%M%SZ)-XXXXXX.json")
jq -n --arg realm "$realm" --slurpfile profiles "$work/profiles.old" --slurpfile policies "$work/policies.old" \
  '{realm: $realm, profiles: $profiles[0].profiles, policies: $policies[0].policies}' >"$backup"
chmod 600 "$backup"
say "backup: $backup"
restore_command=("$here/$program" --server "$server" --realm "$realm")
if [[ -n $cacert ]]; then restore_command+=(--cacert "$cacert"); fi
if [[ -z ${KC_TOKEN-} ]]; then
  restore_command+=(--auth-realm "$auth_realm" --user "$user" --password-file "$password_file")
fi
restore_command+=(--restore "$backup")
say "to go back: ${KC_TOKEN:+KC_TOKEN=... }$(printf '%q ' "${restore_command[@]}")"

# A policy may name only profiles that exist: profiles come first when we add, last when we take away.
if [[ $action == remove ]]; then
  put_checked policies
  put_checked profiles
else
  put_checked profiles
  put_checked policies
fi
verified profiles
verified policies
case $action in
  merge) say "realm $realm: profiles and policies are in place" ;;
  remove) say "realm $realm: our profiles and policies are out" ;;
  restore) say "realm $realm: restored from $restore_file" ;;
esac
leftovers
