#!/usr/bin/env bash
# Makes the certificates of the compose file: a CA, a server certificate for each host, client certificates on demand.
# Needs openssl 3 and nothing else; no Docker. Nothing here may be committed: the folder is git-ignored.
set -euo pipefail
umask 077

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
out=$here/generated/tls
server_days=365
ca_days=3650

usage() {
  cat <<TEXT
Usage: $(basename "$0") [--out DIR] server NAME[,NAME|IP...]   certificate of a server; the first name is the file name
       $(basename "$0") [--out DIR] client NAME                certificate of a client (mutual TLS)
       $(basename "$0") --help

The CA (ca.pem, ca-key.pem) is made on first use and kept. A certificate that exists, has the same names and is valid
for another 30 days is kept too. Files: DIR/NAME.pem, DIR/NAME-key.pem (PKCS#8, mode 600). DIR is $out by default.
TEXT
}

die() {
  printf 'tls.sh: %s\n' "$*" >&2
  exit 1
}

new_key() { # file
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

ca() {
  if [[ -s $out/ca.pem && -s $out/ca-key.pem ]]; then
    return
  fi
  new_key "$out/ca-key.pem"
  openssl req -x509 -new -sha256 -key "$out/ca-key.pem" -days "$ca_days" -subj "/CN=FAPI Pack local CA" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -out "$out/ca.pem"
  printf 'made    %s\n' "$out/ca.pem"
}

# The alternative names of a certificate, spelt like ours.
names_of() { # certificate
  openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | sed -n 's/IP Address:/IP:/g; s/, /,/g; s/^ *\(DNS:\|IP:\)/\1/p'
}

# name, extended key usage, subject alternative names ("" for none)
leaf() {
  local name=$1 usage=$2 alt=$3 cert=$out/$1.pem key=$out/$1-key.pem
  if [[ -s $cert && -s $key && $(names_of "$cert") == "$alt" ]] &&
    openssl x509 -in "$cert" -noout -checkend $((30 * 86400)) >/dev/null; then
    printf 'kept    %s\n' "$cert"
    return
  fi
  new_key "$key"
  local extensions
  extensions=$(
    printf 'basicConstraints=critical,CA:FALSE\n'
    printf 'keyUsage=critical,digitalSignature\n'
    printf 'extendedKeyUsage=%s\n' "$usage"
    printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
    if [[ -n $alt ]]; then printf 'subjectAltName=%s\n' "$alt"; fi
  )
  openssl req -new -sha256 -key "$key" -subj "/O=FAPI Pack local/CN=$name" |
    openssl x509 -req -sha256 -CA "$out/ca.pem" -CAkey "$out/ca-key.pem" -days "$server_days" \
      -set_serial "0x$(openssl rand -hex 16 | sed 's/^[89a-f]/1/')" -extfile <(printf '%s\n' "$extensions") -out "$cert" 2>/dev/null
  [[ -s $cert ]] || die "openssl did not write $cert"
  printf 'made    %s\n' "$cert"
}

alternative_names() { # comma-separated host names and addresses
  local name sep="" list seen=,
  IFS=, read -ra list <<<"$1"
  for name in "${list[@]}"; do
    if [[ $seen == *",$name,"* ]]; then continue; fi
    seen+=$name,
    if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then
      printf '%sIP:%s' "$sep" "$name"
    else
      printf '%sDNS:%s' "$sep" "$name"
    fi
    sep=,
  done
}

if [[ ${1-} == --out ]]; then
  out=${2:?--out needs a folder}
  shift 2
fi
case ${1-} in
  --help | -h)
    usage
    exit 0
    ;;
  server | client) ;;
  *)
    usage >&2
    exit 64
    ;;
esac
[[ $# -eq 2 && -n $2 ]] || {
  usage >&2
  exit 64
}
first=${2%%,*}
[[ $2 =~ ^[A-Za-z0-9._:,-]+$ && $first =~ ^[A-Za-z0-9] ]] || die "names may contain letters, digits, dots, colons and hyphens, got: $2"
[[ $first != ca ]] || die "the name ca is taken by the CA itself"
command -v openssl >/dev/null || die "openssl is missing; on Debian: apt-get install openssl"

mkdir -p "$out"
chmod 700 "$out"
ca
case $1 in
  server) leaf "$first" serverAuth "$(alternative_names "$2")" ;;
  client) leaf "$first" clientAuth "" ;;
esac
