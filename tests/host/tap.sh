#!/bin/sh
# tap.sh - run a cmocka program, keep one line per test.
#
#	sh tests/host/tap.sh RESULTS PROGRAM
#
# RESULTS receives, and stdout shows, "ok NAME" or "not ok NAME" for each test,
# NAME being the program's and the test's. A program that does not get to its
# end is a failed test too. Everything it said goes to stderr if a test
# failed. The exit status is 0 if there are lines: who sums them up decides.

results=$1
program=$2
name=$(basename "$program")
name=${name#test_}
log=$results.log

CMOCKA_MESSAGE_OUTPUT=TAP "$program" > "$log" 2>&1
status=$?

# cmocka calls a skipped test "not ok" with its name behind "# SKIP".
sed -n -E -e "s/^(not )?ok [0-9]+ # SKIP (test_)?(.*)/ok $name: \\3 (skipped)/p" \
	-e t -e "s/^(ok|not ok) [0-9]+ - (test_)?/\\1 $name: /p" "$log" |
	sed 's/_/ /g' > "$results"
if [ ! -s "$results" ] ||
	[ $status -ne 0 ] && ! grep -q '^not ok' "$results"; then
	echo "not ok $name: ended with status $status" >> "$results"
fi
cat "$results"
if grep -q '^not ok' "$results"; then
	cat "$log" >&2
fi
[ -s "$results" ]
