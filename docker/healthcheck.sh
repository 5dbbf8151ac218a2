#!/usr/bin/env bash
# Exit status 0 when Keycloak is ready to serve. Bash only: the image has neither curl nor wget.
# The management port speaks plain HTTP inside the container and is not published.
set -euo pipefail
port=${1:-9000}
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r -t 4 status_line <&3
[[ $status_line == "HTTP/1.1 200 "* ]]
