#!/usr/bin/env bash
# Registers the compose file's protected API in a realm: its client, and the client scope that lets apps ask for it.
# Safe to run again: what is right is kept, nothing is made twice. Needs curl and jq; no Docker.
set -euo pipefail
umask 077

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
program=$(basename -- "$0")

client=accounts-api scope=accounts
client_keys=client_jwks # the claim of introspection responses in which the API finds the keys of a client that signs its requests
generated=$here/generated settings=$here/.env
server='' realm=fapi2-message-signing auth_realm=master user=admin password_file='' cacert='' apps=()

usage() {
  cat <<TEXT
Usage: $program [options]

Registers the API of the compose file: the client $client with the public half of the key that prepare.sh made,
which may see the claim $client_keys of introspection, and the client scope $scope, whose tokens are meant for it. Run it again after the key has changed.

  --app CLIENT_ID       also offer the scope to this client, and have introspection tell the API the keys of its jwks,
                        so that it can sign its requests; may be repeated. Run it again after they have changed
  --server URL          address of Keycloak (default: port 8443 of the host name that prepare.sh was given)
  --realm NAME          realm to change (default: $realm)
  --user NAME           administrator with the roles manage-clients and view-realm for that realm (default: $user)
  --password-file FILE  file with that administrator's password (default: secrets/admin-password of DIR)
  --auth-realm NAME     realm of the administrator (default: $auth_realm)
  --cacert FILE         CA certificates for the server, PEM (default: tls/ca.pem of DIR)
  --generated DIR       the folder that prepare.sh wrote (default: $generated)
  --help                this text

Exit status: 0 done or nothing to do; 1 refused or failed; 2 wrong usage.
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
    --app | --server | --realm | --user | --password-file | --auth-realm | --cacert | --generated)
      [[ $# -ge 2 && -n $2 ]] || wrong_usage "$1 needs a value"
      case $1 in
        --app) apps+=("$2") ;;
        --server) server=${2%/} ;;
        --realm) realm=$2 ;;
        --user) user=$2 ;;
        --password-file) password_file=$2 ;;
        --auth-realm) auth_realm=$2 ;;
        --cacert) cacert=$2 ;;
        --generated) generated=$2 settings=$2/.env ;;
      esac
      shift
      ;;
    *) wrong_usage "unknown option $1" ;;
  esac
  shift
done

for tool in curl jq; do
  command -v "$tool" >/dev/null || die "$tool is missing; on Debian: apt-get install $tool"
done
key=$generated/api/key.json
password_file=${password_file:-$generated/secrets/admin-password}
cacert=${cacert:-$generated/tls/ca.pem}
for file in "$key" "$password_file" "$cacert"; do
  [[ -s $file && -r $file ]] || die "$file is missing, empty or not readable; run docker/prepare.sh first"
done
if [[ -z $server ]]; then
  [[ -r $settings ]] || die "cannot read $settings; run docker/prepare.sh first, or name the --server"
  server=https://$(sed -n 's/^FAPI_HOST=//p' "$settings"):8443
fi
[[ $server =~ ^https?://[^/[:space:]]+(/[^[:space:]]*)?$ ]] || wrong_usage "--server must be an http(s) address, got: $server"
if [[ $server == http://* && ! $server =~ ^http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/|$) ]]; then
  die "refused: http to another machine would send the password unencrypted; use https"
fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
uri() { jq -rn --arg text "$1" '$text | @uri'; }
api="$server/admin/realms/$(uri "$realm")"

# Only the public members: the private number stays where it is.
jq --arg client "$client" --arg client_keys "$client_keys" '
  select(.kty == "EC" and .alg == "ES256" and .kid and .x and .y)
  | {kty, crv, use, alg, kid, x, y} as $public
  | {
      clientId: $client,
      name: $client,
      publicClient: false,
      standardFlowEnabled: false,
      fullScopeAllowed: false,
      defaultClientScopes: [],
      optionalClientScopes: [],
      clientAuthenticatorType: "client-jwt",
      attributes: {
        "use.jwks.string": "true",
        "use.jwks.url": "false",
        "jwks.string": ({keys: [$public]} | tojson),
        "token.endpoint.auth.signing.alg": "ES256",
        "fapi.resource.server": "true",
        "introspection.signed.response.alg": "ES256",
        "fapi.introspection.claims": $client_keys
      }
    }' "$key" >"$work/wanted" 2>/dev/null || true
[[ -s $work/wanted ]] || die "$key does not hold a key as prepare.sh makes it; remove it and run docker/prepare.sh"

status='' # HTTP status of the last call; its body is in $work/body
call() { # curl arguments...
  local reason failure=0 hint=''
  status=$(curl --silent --show-error --connect-timeout 10 --max-time 60 --cacert "$cacert" \
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
    200 | 201 | 204) ;;
    400 | 409) die "Keycloak refused the change ($status): $(reason)" ;;
    403) die "forbidden (403): $user lacks the role manage-clients or view-realm for realm $realm" ;;
    404) die "realm $realm does not exist on $server (404)" ;;
    *) die "unexpected HTTP status $status from $server: $(reason)" ;;
  esac
}

send() { # method, file, address
  admin --request "$1" --header 'Content-Type: application/json' --data-binary "@$2" "$3"
}

find_client() { # client id; its representation goes to $work/client, which is empty when there is none
  admin --get --data-urlencode "clientId=$1" "$api/clients"
  jq '.[0] // empty' "$work/body" >"$work/client"
  id=$(jq -r '.id' "$work/client")
}

find_scope() { # the same for the client scope
  admin "$api/client-scopes"
  jq --arg name "$scope" '.[] | select(.name == $name)' "$work/body" >"$work/scope"
  scope_id=$(jq -r '.id' "$work/scope")
}

register_client() {
  local done_what=kept
  find_client "$client"
  if [[ ! -s $work/client ]]; then
    send POST "$work/wanted" "$api/clients"
    find_client "$client"
    # Client policies check and complete a client only when it is saved again.
    send PUT "$work/client" "$api/clients/$id"
    done_what=made
  else
    jq -e '.attributes["fapi.resource.server"] == "true"' "$work/client" >/dev/null ||
      die "refused: realm $realm has a client $client that is not a resource server; rename or delete it"
    # Further claims that somebody let the API see stay.
    jq --slurpfile wanted "$work/wanted" --arg client_keys "$client_keys" '
      (.attributes["fapi.introspection.claims"] // "" | split(" ") - [""]) as $claims
      | .clientAuthenticatorType = $wanted[0].clientAuthenticatorType | .attributes += $wanted[0].attributes
      | .attributes["fapi.introspection.claims"] = ($claims + ([$client_keys] - $claims) | join(" "))' \
      "$work/client" >"$work/changed"
    if [[ $(jq -cS . "$work/client") != "$(jq -cS . "$work/changed")" ]]; then
      send PUT "$work/changed" "$api/clients/$id"
      done_what=changed
    fi
  fi
  say "$(printf '%-8s' $done_what)client $client"
}

register_scope() {
  local done_what=kept
  jq -n --arg client "$client" '{
    name: "audience \($client)",
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: {
      "included.client.audience": $client,
      "access.token.claim": "true",
      "introspection.token.claim": "true",
      "id.token.claim": "false"
    }
  }' >"$work/mapper"
  find_scope
  if [[ ! -s $work/scope ]]; then
    jq --arg name "$scope" '{
      name: $name,
      protocol: "openid-connect",
      attributes: {
        "include.in.token.scope": "true",
        "display.on.consent.screen": "true",
        "consent.screen.text": "See your accounts and their balances"
      },
      protocolMappers: [.]
    }' "$work/mapper" >"$work/new-scope"
    send POST "$work/new-scope" "$api/client-scopes"
    find_scope
    done_what=made
  elif ! jq -e --arg client "$client" 'any(.protocolMappers[]?; .protocolMapper == "oidc-audience-mapper"
    and .config["included.client.audience"] == $client and .config["access.token.claim"] == "true")' "$work/scope" >/dev/null; then
    send POST "$work/mapper" "$api/client-scopes/$scope_id/protocol-mappers/models"
    done_what=changed
  fi
  say "$(printf '%-8s' $done_what)client scope $scope"
}

offer_scope() { # client id
  local done_what=kept
  find_client "$1"
  [[ -s $work/client ]] || die "realm $realm has no client $1"
  if ! jq -e --arg scope "$scope" 'any(.optionalClientScopes[]?, .defaultClientScopes[]?; . == $scope)' \
    "$work/client" >/dev/null; then
    admin --request PUT "$api/clients/$id/optional-client-scopes/$scope_id"
    done_what=made
  fi
  say "$(printf '%-8s' $done_what)client scope $scope of client $1"
}

tell_keys() { # client id, which find_client found; only what introspection says of its tokens changes
  local done_what=kept mapper='keys of the client' mapper_id
  jq --arg name "$mapper" --arg claim "$client_keys" '.attributes | select(."use.jwks.string" == "true") | ."jwks.string" // empty | {
    name: $name,
    protocol: "openid-connect",
    protocolMapper: "oidc-hardcoded-claim-mapper",
    config: {
      "claim.name": $claim,
      "claim.value": .,
      "jsonType.label": "JSON",
      "introspection.token.claim": "true",
      "access.token.claim": "false",
      "id.token.claim": "false",
      "userinfo.token.claim": "false",
      "access.tokenResponse.claim": "false"
    }
  }' "$work/client" >"$work/keys"
  jq --arg name "$mapper" '.protocolMappers[]? | select(.name == $name)' "$work/client" >"$work/old-keys"
  mapper_id=$(jq -r '.id' "$work/old-keys")
  if [[ ! -s $work/keys ]]; then
    warn "client $1 registered no jwks: the API cannot verify requests that it signs"
    [[ -n $mapper_id ]] || return 0
    admin --request DELETE "$api/clients/$id/protocol-mappers/models/$mapper_id"
    done_what=removed
  elif [[ ! -s $work/old-keys ]]; then
    send POST "$work/keys" "$api/clients/$id/protocol-mappers/models"
    done_what=made
  elif ! jq -e --slurpfile keys "$work/keys" '.config == $keys[0].config' "$work/old-keys" >/dev/null; then
    jq --slurpfile old "$work/old-keys" '.id = $old[0].id' "$work/keys" >"$work/new-keys"
    send PUT "$work/new-keys" "$api/clients/$id/protocol-mappers/models/$mapper_id"
    done_what=changed
  fi
  say "$(printf '%-8s' $done_what)keys of client $1"
}

token='' id='' scope_id=''
log_in
register_client
register_scope
offer_scope "$client"
for name in "${apps[@]}"; do
  offer_scope "$name"
  tell_keys "$name"
done

admin "$api/client-policies/policies"
jq -e 'any(.policies[]?; .enabled and any(.conditions[]?;
  .condition == "client-attributes" and (.configuration.attributes // "" | contains("fapi.resource.server"))))' "$work/body" >/dev/null ||
  warn "no policy of realm $realm is for resource servers: the API will get no signed answers (503). See client-policies/merge.sh"
