#!/bin/sh
# soak.sh - run one fuzzer for a while, from a new seed, on what it found
# before.
#
#	sh tests/fuzz/soak.sh PROGRAM SECONDS
#
# Inputs that reach new code stay in PROGRAM.corpus; those that fail lie
# beside PROGRAM, and `PROGRAM FILE` repeats the failure.

program=$1
seconds=$2
name=$(basename "$program")
seeds=tests/fuzz/corpus/${name#fuzz_}

mkdir -p "$program.corpus"
# shellcheck disable=SC2046 # no directory, no word
exec "$program" -max_total_time="$seconds" -max_len=4096 -timeout=60 \
	-artifact_prefix="$program." -print_final_stats=1 -verbosity=0 \
	"$program.corpus" $([ -d "$seeds" ] && echo "$seeds")
