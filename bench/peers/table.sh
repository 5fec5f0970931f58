#!/usr/bin/env bash
# The whole table of docs/performance.md in one run: for each model, what a pass moves and where its time goes; prompts,
# completions and single sequences beside transformers and llama.cpp; the same prompts with a model of half the width.
#
#   bench/peers/table.sh FOLDER MODEL.gguf...
#
# FOLDER keeps the models as folders, which are made once, and gets table.md, which ends with every ratio beside its aim. The sides take turns, so leave the machine
# alone. PYTHON has torch, transformers, accelerate, gguf and safetensors; LLAMA_PYTHON has llama-cpp-python, and where it is not set
# llama.cpp is left out. Sizes and their defaults are below. DTYPE is bf16 where the processor multiplies bfloat16, else f32.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
python=${PYTHON:-python3}
threads=${THREADS:-$(nproc)} rounds=${ROUNDS:-3} length=${LENGTH:-1024}
count=${COUNT:-100} tokens=${TOKENS:-128} stream=${STREAM:-64}
batches=$(printf '%s\n' 8 32 "$count" | sort -nu)
if grep -qwE 'avx512_bf16|amx_bf16' /proc/cpuinfo; then units=bf16; else units=f32; fi
dtype=${DTYPE:-$units}
demur=${DEMUR:-$here/../../demur}

llama=()
[ -z "${LLAMA_PYTHON:-}" ] || llama=(--llama-python "$LLAMA_PYTHON")

# part TITLE COMMAND... : a part of the table; one that fails says so and the others follow.
part() {
  printf '\n### %s\n\n' "$1"
  shift
  "$@" || printf '\nNot measured: `%s` ended with %s.\n' "$(basename "${2:-$1}")" "$?"
}

# Text in columns, as it stands.
profile() {
  printf '```text\n'
  "$demur" bench "$@" --profile || { local rc=$?; printf '```\n'; return "$rc"; }
  printf '```\n'
}

model() {
  local file=$1 name hf gguf=()
  name=$(basename "$file" .gguf)
  hf=$folder/$name
  [ -f "$hf/config.json" ] || "$python" "$here/to_folder.py" "$file" "$hf" >&2
  [ -f "$hf-half/config.json" ] || "$python" "$here/narrow.py" "$hf" "$hf-half" >&2
  [ ${#llama[@]} -eq 0 ] || gguf=(--gguf "$file" "${llama[@]}")
  local same=(--dtype "$dtype" --threads "$threads")
  printf '\n## %s, %s\n' "$name" "$dtype"
  part 'A pass by parts' profile "$hf" "${same[@]}"
  part 'Prompts' "$python" "$here/prefill.py" --hf "$hf" "${gguf[@]}" --length "$length" --rounds "$rounds" "${same[@]}"
  part 'Prompts, half as wide' "$python" "$here/prefill.py" --hf "$hf-half" --length "$length" --rounds "$rounds" "${same[@]}"
  part 'Completions' "$python" "$here/generate.py" "$hf" --count "$count" --tokens "$tokens" --peer-batch $batches "${same[@]}"
  part 'One sequence' "$python" "$here/decode.py" --hf "$hf" "${gguf[@]}" --tokens "$stream" --rounds "$rounds" "${same[@]}"
}

{
  printf '# Speed beside others, %s\n\n' "$(date -u +%F)"
  (cd "$here" && "$python" -c 'import sys, sides; print(sides.machine(int(sys.argv[1])))' "$threads")
  for file in "$@"; do
    model "$(realpath "$file")"
  done
} | tee "$folder/table.md"
"$python" "$here/summary.py" "$folder/table.md" | tee -a "$folder/table.md"
