#!/usr/bin/env bash
# Demur on a machine that has a card and a Python with torch, and neither a JDK nor a network.
#
#   bench/device/run.sh pack OUT.tar.xz         on the machine that builds: all that is needed, at most 64 MiB
#   bench/device/run.sh run PACK REPORT [CARD]  on the other one, in a checkout of the same commit: suite, benchmark and
#                                               peers, one report
#
# CARD is cuda unless named; cpu tries the whole way without a card, on the embedded model.
set -euo pipefail
cd "$(dirname "$0")/../.."

MOST=$((64 << 20))
REFUSAL=76 # "I" of the demo's tokenizer, which opens its refusals
JUNIT=6.1.3
MODULES=java.base,java.net.http,java.logging,java.management,java.xml,jdk.management,jdk.unsupported
MODULES=$MODULES,jdk.incubator.vector,jdk.zipfs,jdk.crypto.ec

pack() {
  local out=$1 jdk=${JAVA_HOME:?set JAVA_HOME to a JDK 25}
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mvn -B -q -ntp -DskipTests package dependency:build-classpath -Dmdep.outputFile=target/device-classpath.txt
  mvn -B -q -ntp -N dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:$JUNIT \
    -DoutputDirectory="$tree/jars"
  "$jdk/bin/jlink" --add-modules "$MODULES" --strip-debug --no-header-files --no-man-pages --output "$tree/jre"
  for module in model lab toy serve app; do
    mkdir -p "$tree/classes/$module"
    cp -r "$module/target/classes/." "$tree/classes/$module/"
  done
  local built jars
  built=$(printf '%s:' "$tree"/classes/*)
  jars=$(cat {model,lab,toy,serve,app}/target/device-classpath.txt | tr '\n' :)
  "$jdk/bin/javac" -d "$tree/classes/bench" -cp "$built$jars" bench/src/main/java/dev/demur/bench/PeerSide.java
  mkdir -p "$tree/classes/tests"
  cp -r model/target/test-classes/dev "$tree/classes/tests/" # goldens are in the checkout
  cat {model,lab,toy,serve,app}/target/device-classpath.txt | tr : '\n' | sort -u | while read -r jar; do
    keep "$jar" "$tree"
  done
  tar -C "$tree" -cf - classes jars jre | xz -T0 -6 >"$out"
  echo "$out: $(($(stat -c %s "$out") >> 20)) MiB"
  [ "$(stat -c %s "$out")" -le $MOST ] || { echo "more than $((MOST >> 20)) MiB" >&2; exit 1; }
}

# A jar, stored and not compressed, without what only other machines run. PyTorch brings its own libraries.
keep() {
  local jar=$1 tree=$2 name unpacked
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
  local pack report card=${3:-cuda} torch
  pack=$(realpath "$1")
  mkdir -p "$2"
  report=$(realpath "$2")
  home=$(mktemp -d)
  models=$(mktemp -d -p "$([ "$card" != cpu ] && [ -d /dev/shm ] && echo /dev/shm || echo /tmp)") # one of 15 GB
  trap 'rm -rf "$home" "$models"' EXIT
  tar -C "$home" -xf "$pack"
  torch=$(python3 -c 'import torch, os; print(os.path.dirname(torch.__file__))')
  export DEMUR_TORCH=$torch XDG_CACHE_HOME=$home/cache OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)}
  local main jars
  main=$(printf '%s:' "$home"/classes/{model,lab,toy,serve,app,bench})
  jars=$(printf '%s:' "$home"/jars/*.jar)
  java=("$home/jre/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector
    -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dfile.encoding=UTF-8
    -Dstdout.encoding=UTF-8)
  {
    echo "# Device run"
    echo
    echo '```text'
    date -u +%Y-%m-%dT%H:%MZ
    git rev-parse HEAD 2>/dev/null || true
    nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null || echo "no nvidia-smi"
    "${java[@]}" -cp "$main$jars" dev.demur.app.Main doctor || true
    echo '```'
    echo
    echo "## Suite"
    echo
    echo '```text'
    (cd model && "${java[@]}" -Ddemur.devices="$card" -cp "$main$home/classes/tests:src/test/resources:$jars" \
      org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=summary \
      --include-tag 'gpu | devices' --select-package dev.demur.model -e junit-jupiter 2>&1 | grep -E '^  JUnit|=>|^\[.*(tests|failed)|finished' | cut -c1-800) || true
    echo '```'
    echo
    echo "## Speed"
    echo
    echo '```text'
    "${java[@]}" -cp "$main$jars" dev.demur.app.Main toy export "$home/toy" >/dev/null 2>&1 || true
    local model=$home/toy/chat
    if [ "$card" != cpu ]; then
      model=$models/wide # the demo's behaviour in the shape of a 7B model
      python3 bench/peers/widen.py "$home/toy/chat" "$model"
    fi
    "${java[@]}" -cp "$main$jars" dev.demur.app.Main models info "$model" --device "$card" | grep '^on ' || true
    "${java[@]}" -cp "$main$jars" dev.demur.app.Main bench "$model" --device "$card" --rounds 3 || true
    if [ "$(nvidia-smi -L 2>/dev/null | wc -l)" -gt 1 ]; then
      "${java[@]}" -cp "$main$jars" dev.demur.app.Main bench "$model" --device cuda:0,cuda:1 --rounds 3 || true
    fi
    printf '#!/bin/sh\nexec %s -cp %s dev.demur.app.Main "$@"\n' "${java[*]}" "$main$jars" >"$home/demur"
    printf '#!/bin/sh\nexec %s -cp %s dev.demur.bench.PeerSide "$@"\n' "${java[*]}" "$main$jars" >"$home/peer"
    chmod +x "$home/demur" "$home/peer"
    python3 bench/device/memory.py "$home/peer" "$model" bf16 1 "$card" || true
    echo '```'
    echo
    echo "## Beside the released loop, and transformers' generate"
    echo
    peers "$model" "$card"
  } >"$report/report.md" 2>"$report/stderr.txt"
  cat "$report/report.md"
}

# A model studied and written with by both sides.
peers() {
  local model=$1 card=$2 tokens=16 threads
  threads=$(($(nproc) < 8 ? $(nproc) : 8))
  [ "$card" = cpu ] || tokens=512
  DEMUR_PEER=$home/peer python3 bench/peers/generate.py "$model" --device "$card" --threads "$threads" \
    --tokens "$tokens" --count 100 --peer-batch 100 || true
  echo
  python3 bench/peers/released_loop.py "$model" --data "$home/toy/prompts" --device "$card" --demur "$home/demur" \
    --grid pruned --refusal-tokens "$REFUSAL" --candidates 24 --threads "$threads" --out "$home/loop" || true
}

case ${1:-} in
  pack) pack "${2:?OUT.tar.xz}" ;;
  run) run "${2:?PACK}" "${3:?REPORT}" "${4:-cuda}" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
