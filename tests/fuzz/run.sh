#!/bin/sh
# run.sh - run one fuzzer the same way every time.
#
#	sh tests/fuzz/run.sh RESULTS PROGRAM [OPTION...]
#
# Starts from tests/fuzz/corpus/NAME with a fixed seed and number of runs; a
# file tests/fuzz/fuzz_NAME.options has further libFuzzer options, one line.
# RESULTS receives, and stdout shows, "ok NAME" or "not ok NAME"; after a
# failure stderr shows why. New inputs stay beside PROGRAM, not in the tree.

results=$1
program=$2
shift 2
name=$(basename "$program")
seeds=tests/fuzz/corpus/${name#fuzz_}
options=tests/fuzz/$name.options
found=$program.corpus
log=$results.log

# libFuzzer learns from what is compared, addresses too: keep them the same,
# where the machine lets us (a container may not).
fixed=$(setarch -R true 2> /dev/null && echo setarch -R)

rm -rf "$found"
mkdir -p "$found"
# shellcheck disable=SC2046,SC2086 # several words, or none
$fixed "$program" -seed=1 -runs=100000 -max_len=1024 -timeout=60 -reload=0 \
	-artifact_prefix="$program." -print_final_stats=1 \
	$(cat "$options" 2>/dev/null) "$@" "$found" \
	$([ -d "$seeds" ] && echo "$seeds") > "$log" 2>&1
status=$?
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")

if [ $status -eq 0 ]; then
	echo "ok $name: $runs runs"
else
	echo "not ok $name: ended with status $status"
	tail -n 60 "$log" >&2
fi > "$results"
cat "$results"
[ -s "$results" ]
