#!/bin/sh
# run.sh - every test, then one line that sums them up.
#
#	sh tests/run.sh BUILD
#
# Each kind of test is a make target that leaves lines "ok NAME", "not ok NAME"
# or "skip NAME" in BUILD/results/*.txt; the boot tests are pytest's. A target
# that fails without such a line is a failed test too. Exit status 0: nothing
# failed.
set -u

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: run.sh BUILD" >&2
	exit 2
fi
BUILD=$1
export BUILD
results=$BUILD/results
make=${MAKE:-make}

# An outer make's job server is closed to us before GNU make 4.4. How many jobs
# and which variables it was told still holds.
if [ -n "${MAKEFLAGS-}" ]; then
	MAKEFLAGS=$(echo "$MAKEFLAGS" | sed 's/ *--jobserver-[^ ]*//g')
	export MAKEFLAGS
fi

rm -rf "$results"
mkdir -p "$results"
$make --no-print-directory BUILD="$BUILD" all boot-kernels realmode-images ||
	exit 1

for target in test-host test-fuzz test-realmode test-tools test-docs lint \
	test-page-here; do
	before=$(cat "$results"/*.txt 2> /dev/null | grep -c '^not ok')
	began=$(date +%s)
	$make --no-print-directory BUILD="$BUILD" "$target"
	status=$?
	echo "$target took $(($(date +%s) - began)) s"
	after=$(cat "$results"/*.txt 2> /dev/null | grep -c '^not ok')
	if [ $status -ne 0 ] && [ "$before" = "$after" ]; then
		echo "not ok make $target: status $status" |
			tee "$results/$target-status.txt"
	fi
done

sh tests/pytest.sh tests/boot > "$results/boot.log" 2>&1
status=$?
cat "$results/boot.log"
last=$(grep -E '^[0-9].* in [0-9.]+s' "$results/boot.log" | tail -n 1)

# count WORD - the number before it in pytest's last line
count() {
	number=$(echo "$last" | grep -oE "[0-9]+ $1" | grep -oE '[0-9]+')
	echo "${number:-0}"
}
passed=$(count passed)
failed=$(($(count failed) + $(count error)))
skipped=$(count skipped)
if [ $status -ne 0 ] && [ "$failed" -eq 0 ]; then
	failed=1
fi

lines() {
	cat "$results"/*.txt | grep -c "$1"
}
passed=$((passed + $(lines '^ok ')))
failed=$((failed + $(lines '^not ok ')))
skipped=$((skipped + $(lines '^skip ')))

grep -h '^not ok ' "$results"/*.txt
echo
if [ $skipped -ne 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ] && [ "$passed" -gt 0 ]
