#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mpirun coley run gives the summary of coley run, bit for bit but for `run`, with any number of ranks, and also after a rank has
# been killed and the call repeated with --resume.
#   ranks.sh FOLDER MPIRUN      (coley in PATH)
set -eu
rm -rf "$1" && mkdir -p "$1" && cd "$1"
mpirun="$2 --oversubscribe"
test "$(id -u)" != 0 || mpirun="$mpirun --allow-run-as-root"
fail() { echo "FAILED: $1"; exit 1; }
without_run() { sed '/^  "run": {/,/^  }/d' "$1"; }
same() { without_run "$1" > a; without_run "$2" > b; cmp a b || fail "$2 differs from $1"; }

call="coley run keynote-564 --set population.size=20 --patients 90 --seed 3 --threads 1"
$call --json > one.json
for n in 1 2 4; do
  $mpirun -n $n $call --json > ranks-$n.json
  same one.json ranks-$n.json
  grep -q "\"ranks\": $n" ranks-$n.json || fail "the summary of $n ranks does not say so"
done

# one message of all ranks, and the exit code of a wrong call
if $mpirun -n 2 coley run nowhere.toml 2> errors; then fail "a wrong call ended well"; fi
test "$(grep -c nowhere.toml errors)" = 1 || fail "not one message"

# rank 0 is killed once rank 1, which has six patients of a thousand, has done its shard
call="coley run keynote-564 --set population.size=994 --patients 1000 --threads 1"
$call --json > one.json
cat > mortal.sh <<END
$call --out out & pid=\$!
if [ \$OMPI_COMM_WORLD_RANK = 0 ]; then
  until [ -e out/shard-2-of-2.coley ]; do sleep 0.05; done
  kill -KILL \$pid
fi
wait \$pid
END
if $mpirun -n 2 sh mortal.sh > /dev/null 2> errors; then fail "a killed rank went unnoticed"; fi
test -e out/shard-2-of-2.coley && ! test -e out/summary.json || fail "the rank that was done has lost its shard"
grep -q "rank\|Exit code\|exit" errors || fail "nobody said that a rank died"
$mpirun -n 2 $call --out out --resume --quiet
same one.json out/summary.json
test "$(ls out)" = "report.html
summary.json" || fail "shards are left: $(ls out)"
