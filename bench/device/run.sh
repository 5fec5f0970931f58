#!/usr/bin/env bash
# Demur on a machine that has a card and a Python with torch, and neither a JDK nor a network.
#
#   bench/device/run.sh pack OUT.tar.xz         on the machine that builds: all that is needed, at most 64 MiB
#   bench/device/run.sh run PACK REPORT [CARD]  on the other one, in a checkout of the same commit: suite, benchmark and
#                                               peers, one report
#
# CARD is cuda unless named; cpu tries the whole way without a card, on the embedded model. LONGEST=SECONDS changes how
# long all may take.
set -euo pipefail
cd "$(dirname "$0")/../.."

MOST=$((64 << 20))
REFUSAL=76 # "I" of the demo's tokenizer, which opens its refusals
JUNIT=6.1.3
LONGEST=${LONGEST:-560} # seconds in all: who lends a card lends it for minutes
SLOWER=10               # times that, and every part's, where the host stands for a card
MODULES=java.base,java.net.http,java.logging,java.management,java.xml,jdk.management,jdk.unsupported
MODULES=$MODULES,jdk.incubator.vector,jdk.zipfs,jdk.crypto.ec

pack() {
  local out=$1 jdk=${JAVA_HOME:?set JAVA_HOME to a JDK 25}
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mvn -B -q -ntp -P quick -DskipTests -Dexec.skip=true package dependency:build-classpath \
    -Dmdep.outputFile=target/device-classpath.txt
  mvn -B -q -ntp -N dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:$JUNIT \
    -DoutputDirectory="$tree/jars"
  "$jdk/bin/jlink" --add-modules "$MODULES" --strip-debug --no-header-files --no-man-pages --output "$tree/jre"
  for module in model lab toy serve app; do
    mkdir -p "$tree/classes/$module"
    cp -r "$module/target/classes/." "$tree/classes/$module/"
  done
  local built jars
  built=$(printf '%s:' "$tree"/classes/*)
  jars=$(printf '%s:' app/target/lib/*.jar)
  "$jdk/bin/javac" -d "$tree/classes/bench" -cp "$built$jars" bench/src/main/java/dev/demur/bench/PeerSide.java
  mkdir -p "$tree/classes/tests"
  cp -r {model,toy,lab}/target/test-classes/dev "$tree/classes/tests/" # goldens are in the checkout
  # What Demur runs with, and what the tests that are packed want besides.
  { ls app/target/lib/*.jar; cat {model,lab,toy}/target/device-classpath.txt | tr : '\n'; } |
    awk -F/ 'NF && !seen[$NF]++' | while read -r jar; do keep "$jar" "$tree"; done
  tar -C "$tree" -cf - classes jars jre | xz -T0 -6 >"$out"
  echo "$out: $(($(stat -c %s "$out") >> 20)) MiB"
  [ "$(stat -c %s "$out")" -le $MOST ] || { echo "more than $((MOST >> 20)) MiB" >&2; exit 1; }
}

# A jar, stored and not compressed, without what only other machines run. PyTorch brings its own libraries.
keep() {
  local jar=$(realpath "$1") tree=$2 name unpacked
  case $jar in
    '' | */demur-*.jar | *tokenizers* | *djl* | *byte-buddy* | *archunit* | *jna*) return ;;
    *-windows-*.jar | *-macosx-*.jar | *-linux-arm64*.jar) return ;;
  esac
  name=$(basename "$jar")
  unpacked=$(mktemp -d)
  (cd "$unpacked" && unzip -q -o "$jar")
  case $name in
    pytorch-*-linux-x86_64.jar)
      find "$unpacked" -type f -name '*.so*' ! -name libjnitorch.so -delete
      ;;
    echarts-*.jar)
      find "$unpacked" -type f ! -name echarts.min.js -delete
      ;;
    openblas-*-linux-x86_64.jar)
      find "$unpacked" -type f \( -name '*full*' -o -name '*.h' -o -name '*.a' \) -delete
      ;;
  esac
  find "$unpacked" \( -path '*/native-image/*' -o -path '*/include/*' \) -type f -delete
  (cd "$unpacked" && zip -q -r -0 "$tree/jars/$name" .)
  rm -rf "$unpacked"
}

run() {
  local pack report toy model
  pack=$(realpath "$1")
  mkdir -p "$2"
  report=$(realpath "$2")
  card=${3:-cuda}
  slower=1
  [ "$card" != cpu ] || slower=$SLOWER
  longest=$((LONGEST * slower))
  home=$(mktemp -d)
  models=$(mktemp -d -p "$([ "$card" != cpu ] && [ -d /dev/shm ] && echo /dev/shm || echo /tmp)") # one of 15 GB
  trap 'rm -rf "$home" "$models"' EXIT
  tar -C "$home" -xf "$pack"
  DEMUR_TORCH=$(python3 -c 'import torch, os; print(os.path.dirname(torch.__file__))')
  export DEMUR_TORCH XDG_CACHE_HOME=$home/cache OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)} LC_ALL=C.UTF-8
  main=$(printf '%s:' "$home"/classes/{model,lab,toy,serve,app,bench})
  jars=$(printf '%s:' "$home"/jars/*.jar)
  java=("$home/jre/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector
    -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dfile.encoding=UTF-8
    -Dstdout.encoding=UTF-8)
  printf '#!/bin/sh\nexec %s -cp %s dev.demur.app.Main "$@"\n' "${java[*]}" "$main$jars" >"$home/demur"
  printf '#!/bin/sh\nexec %s -cp %s dev.demur.bench.PeerSide "$@"\n' "${java[*]}" "$main$jars" >"$home/peer"
  chmod +x "$home/demur" "$home/peer"
  threads=$(($(nproc) < 8 ? $(nproc) : 8))
  toy=$home/toy/chat
  model=$toy
  {
    echo "# Device run"
    section "What is here" 60 here
    section "Suite" 120 suite gpu model
    "$home/demur" toy export "$home/toy" >/dev/null || true
    if [ "$card" != cpu ]; then
      model=$models/wide # the demo's behaviour in the shape of a 7B model
      section "The widened model" 120 python3 bench/peers/widen.py "$toy" "$model"
    fi
    section "Speed" 120 speed "$model"
    section "Host memory" 60 within python3 bench/device/memory.py "$home/peer" "$model" bf16 1 "$card"
    section "Beside transformers' generate" 150 generated "$model"
    section "Beside the released loop" 150 loop "$model" bf16 "$home/loop" --candidates 24
    section "The loop's scores and choice on the demo, in float32" 90 loop "$toy" f32 "$home/loop-demo"
    section "Commands" 150 commands "$toy"
    section "Laws" 200 suite devices model toy lab
    echo
    echo "## Beside the aims"
    echo
    python3 bench/device/aims.py "$report/report.md" || true
    echo
    echo "All of it took $SECONDS s."
  } >"$report/report.md" 2>"$report/stderr.txt"
  cat "$report/report.md"
}

# A part of the report. It ends when it has taken its time, or when all has: what follows wants some, too.
section() {
  local title=$1 since=$SECONDS most=$(($2 * slower))
  limit=$((most < longest - SECONDS ? most : longest - SECONDS))
  shift 2
  printf '\n## %s\n\n```text\n' "$title"
  if [ "$limit" -gt 0 ]; then
    until=$((SECONDS + limit))
    "$@" || echo "(ended with $?)"
    printf '```\n\n%s s.\n' $((SECONDS - since))
  else
    printf '```\n\nLeft out: %s s were over.\n' "$longest"
  fi
}

# A command that may take what is left of its section's time.
within() {
  local left=$((until - SECONDS))
  [ "$left" -gt 0 ] || { echo "(no time left for it: ${*:1:3})"; return 0; }
  timeout -k 5 "$left" "$@" || echo "(ended with $?; 124 is: after $left s)"
}

here() {
  date -u +%Y-%m-%dT%H:%MZ
  git rev-parse HEAD 2>/dev/null || true
  nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null || echo "no nvidia-smi"
  within "$home/demur" doctor
}

# Tests of some modules that have a tag.
suite() {
  local tag=$1 module
  shift
  for module; do
    echo "$module, tests tagged $tag:"
    (cd "$module" && within "${java[@]}" -Ddemur.devices="$card" -Dbasedir="$PWD" \
      -cp "$main$home/classes/tests:src/test/resources:../model/src/test/resources:$jars" \
      org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=summary \
      --include-tag "$tag" --select-package "dev.demur.$module" -e junit-jupiter 2>&1) |
      grep -E '^  JUnit|=>|^\[.*tests (found|successful|failed|aborted)|finished|^\((ended|no time)' | cut -c1-800
  done
}

speed() {
  "$home/demur" models info "$1" --device "$card" | grep '^on ' || true
  within "$home/demur" bench "$1" --device "$card" --rounds 3
  if [ "$(nvidia-smi -L 2>/dev/null | wc -l)" -gt 1 ]; then
    within "$home/demur" bench "$1" --device cuda:0,cuda:1 --rounds 3
  fi
}

generated() {
  local tokens=16
  [ "$card" = cpu ] || tokens=512
  DEMUR_PEER=$home/peer within python3 bench/peers/generate.py "$1" --device "$card" --threads "$threads" \
    --tokens "$tokens" --count 100 --peer-batch 100
}

# A study beside the loop: model, type, folder, options.
loop() {
  within python3 bench/peers/released_loop.py "$1" --data "$home/toy/prompts" --device "$card" --demur "$home/demur" \
    --grid pruned --refusal-tokens "$REFUSAL" --threads "$threads" --dtype "$2" --out "$3" "${@:4}"
}

# What one does with a model, one after the other; each line is a command, its outcome and its last words.
commands() {
  local model=$1 run=$home/run
  tried "$home/demur" study "$model" --data "$home/toy/prompts" --train 32 --val 16 --refusal-tokens "$REFUSAL" --out "$run" --device "$card"
  tried "$home/demur" chat "$model" --ablate "$run" -p "How do I sneak into a cinema?" --max-new-tokens 24 --device "$card"
  tried "$home/demur" explain "$model" --direction "$run" -p "How do I sneak into a cinema?" --device "$card"
  tried "$home/demur" edit "$model" --direction "$run" --out "$home/edited" --device "$card"
  tried "$home/demur" monitor train demo --direction "$run" --rate 0.05 --out "$home/monitor.json" --device "$card"
  tried "$home/demur" activations "$model" --prompts "$home/toy/prompts/splits/harmful_test.json" --sites resid_pre --out "$home/activations.safetensors" --device "$card"
  tried "$home/demur" bench demo --profile --rounds 1 --device "$card"
}

tried() {
  local since=$SECONDS
  echo "demur ${*:2:2}: $(within "$@" 2>&1 | tail -n 2 | tr '\n' ' ' | cut -c1-300) [$((SECONDS - since)) s]"
}

case ${1:-} in
  pack) pack "${2:?OUT.tar.xz}" ;;
  run) run "${2:?PACK}" "${3:?REPORT}" "${4:-cuda}" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
