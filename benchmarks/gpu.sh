#!/usr/bin/env bash
# The benchmarks on a machine with a GPU, unattended: float32 and bf16, what compiling the nets brings, and the table
# of quality at equal time.
#
#     benchmarks/gpu.sh [FOLDER]              results as JSON and logs, default gpu-results/
#     DRY_RUN=1 benchmarks/gpu.sh [FOLDER]    the same commands at their smallest, on the CPU
#
# `--precision` is that of our trainers: plain loops and other libraries stay in float32, as they come.
# PYTHON names the interpreter (default python). A benchmark that fails is written down and the others go on; the
# script then exits with 1.
set -u
cd "$(dirname "$0")/.." || exit 2
out=${1:-gpu-results}
python=${PYTHON:-python}
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
mkdir -p "$out"

common=(--device cuda --rounds 10 --iterations 20)
precisions=(fp32 bf16)
if [ "${DRY_RUN:-}" ]; then
  common=(--device cpu --tiny)
  precisions=(fp32)
elif ! "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  echo "no GPU that torch can use; DRY_RUN=1 tries the commands on the CPU" >&2
  exit 2
fi

{
  date -u +%Y-%m-%dT%H:%M:%SZ
  "$python" -c 'import torch; print("torch", torch.__version__, "cuda", torch.version.cuda)'
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv 2>/dev/null || echo "no nvidia-smi"
} >"$out/machine.txt"

failed=0
run() { # NAME SCRIPT OPTIONS...
  local name=$1 script=$2
  shift 2
  echo "== $name"
  if ! "$python" "benchmarks/$script.py" "${common[@]}" "$@" --out "$out/$name.json" >"$out/$name.log" 2>&1; then
    echo "   failed: see $out/$name.log"
    failed=1
  else
    cat "$out/$name.log"
  fi
}

for precision in "${precisions[@]}"; do
  for script in dcgan64 text_step wavegan_step scaling; do
    run "$script-$precision" "$script" --precision "$precision"
  done
  run "compiled-$precision" compiled --precision "$precision"
  run "cuda-graphs-$precision" compiled --precision "$precision" --mode reduce-overhead
  if "$python" -c 'import torchgan' 2>/dev/null; then
    run "wgan_gp-$precision" wgan_gp --precision "$precision"
  else
    echo "== wgan_gp-$precision left out: pip install --no-deps torchgan==0.1.0" | tee "$out/wgan_gp-$precision.log"
  fi
done
run engine_overhead engine_overhead --precision fp32
run data_loading data_loading --iterations 8
run precision precision --only image-32,image-64,text,audio

# Quality at equal processor time: sets that are not here (MULTIGAN_DATA) are skipped with a reason, rivals whose package
# is missing too. A GPU does its work while the processor waits, so that budgets are what the process holds.
quality=(--device cuda --budgets 1,4 --seeds 3)
[ "${DRY_RUN:-}" ] && quality=(--check --sets digits --contenders ours,dcgan-32)
echo "== quality"
if ! "$python" benchmarks/quality.py "${quality[@]}" --out "$out/quality" >"$out/quality.log" 2>&1; then
  echo "   failed: see $out/quality.log"
  failed=1
else
  cat "$out/quality.log"
fi

# A translation of real sentences, English to German, where MULTI30K names a folder with train.en.gz and train.de.gz: the
# fit, the game after it, its twin of as many updates, BLEU and chrF of all beside each other, and a critic for candidates.
if [ "${MULTI30K:-}" ]; then
  echo "== translate"
  sets=(--set "data.source=$MULTI30K/train.de.gz" --set "input.source=$MULTI30K/train.en.gz" --set data.holdout=1000
    --set G.width=512 --set data.vocab=8000 --set train.samples=64000
    --set 'phases=[{name="fit", turns=["fit"], samples=870000, lr=2e-3}]' --set train.device=cuda)
  [ "${DRY_RUN:-}" ] && sets+=(--set train.device=cpu --set G.width=16 --set D.hidden=8
    --set 'phases=[{name="fit", turns=["fit"], samples=128}]' --set train.samples=128 --set data.holdout=64)
  rm -rf "$out/translate-run"
  if ! {
    "$python" -m multigan train text/pairs "${sets[@]}" --out "$out/translate-run" &&
      "$python" -m multigan twin "$out/translate-run" &&
      "$python" -m multigan evaluate "$out/translate-run" && "$python" -m multigan refine "$out/translate-run"
  } >"$out/translate.log" 2>&1; then
    echo "   failed: see $out/translate.log"
    failed=1
  else
    cat "$out/translate.log"
  fi
fi
exit $failed
