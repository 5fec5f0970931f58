#!/usr/bin/env bash
# Asks a server of the demo model with the Python clients that people use, and with Demur's own package.
#
#   tools/serve/clients.sh [FOLDER]
#
# FOLDER (default: target/clients) gets one environment for all clients but garak, whose requirements exclude theirs, and
# one for garak. The first run fetches some gigabytes from PyPI. The exit code is the number of checks that failed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
demur=${DEMUR:-$root/demur}
folder=${1:-$root/target/clients}
port=${PORT:-18090}
mkdir -p "$folder"

environment() { # NAME PACKAGES…
  local place=$folder/$1
  shift
  [ -f "$place/ready" ] && return 0
  python3 -m venv "$place"
  "$place/bin/pip" install -q "$@"
  touch "$place/ready"
}
environment clients openai 'lm-eval[api]' inspect-ai transformers torch "$root/python"
environment garak garak

rm -rf "$folder/toy"
"$demur" toy export "$folder/toy" >/dev/null
"$demur" serve --dtype f32 --port "$port" &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
url=http://127.0.0.1:$port
until curl -sf "$url/health" >/dev/null; do
  kill -0 $server
  sleep 0.2
done

failed=0
"$folder/clients/bin/python" "$root/tools/serve/clients.py" "$url" "$folder/toy/chat" "$demur" || failed=$?
"$folder/garak/bin/python" "$root/tools/serve/clients.py" "$url" "$folder/toy/chat" || failed=$((failed + $?))
"$folder/garak/bin/python" "$root/tools/serve/garak_refusals.py" "$url" "$folder/toy" || failed=$((failed + $?))
(cd "$root/python" && DEMUR=$demur "$folder/clients/bin/python" -m unittest) || failed=$((failed + 1))
exit $failed
