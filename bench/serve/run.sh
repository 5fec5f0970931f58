#!/usr/bin/env bash
# Demur's server beside llama.cpp's and transformers', on the same weights, each alone in turn.
#
#   bench/serve/run.sh FILE.gguf [OPTIONS OF load.py]
#
# LOAD_FOLDER (default: target/serve-load) gets two environments, the weights as each side reads them, the servers' logs and
# table.md. The first run fetches some gigabytes from PyPI and compiles llama-cpp-python; ONLY=prepare stops after that.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
here=$root/bench/serve
file=$(realpath "${1:?a GGUF file}")
shift
folder=${LOAD_FOLDER:-$root/target/serve-load}
mkdir -p "$folder"

environment() { # NAME PACKAGES…
  local place=$folder/$1
  shift
  [ -f "$place/ready" ] && return 0
  [ -x "$place/bin/python" ] || python3 -m venv "$place"
  "$place/bin/pip" install -q "$@"
  touch "$place/ready"
}
environment llama xllamacpp 'llama-cpp-python[server]'
environment hf 'transformers[serving]' torch accelerate gguf

"$folder/hf/bin/python" "$here/weights.py" "$file" "$folder/weights"
"${DEMUR:-$root/demur}" --version >/dev/null # builds where it must
[ "${ONLY:-}" = prepare ] && exit 0

python3 "$here/load.py" --gguf "$file" --folder "$folder/weights" \
  --llama-python "$folder/llama/bin/python" --transformers-python "$folder/hf/bin/python" "$@" | tee "$folder/table.md"
