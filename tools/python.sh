#!/bin/sh
# python.sh - run the Python that has what this project needs.
#
#	sh tools/python.sh [ARGUMENT]...
#
# The one place that chooses: PYTHON=, if it is given; else the first that has
# pytest of /usr/bin/python3, which is the distribution's and has its packages,
# python3 on the PATH, and Homebrew's (macOS: Xcode's in /usr/bin has none). If
# none has it, the first that is there at all.
set -u

case ${PYTHON-} in
'' | *python.sh*) ;; # the makefiles' own default is this script
*)
	# shellcheck disable=SC2086 # a command and its words
	exec $PYTHON "$@"
	;;
esac
found=
for candidate in /usr/bin/python3 python3 /opt/homebrew/bin/python3 \
	/usr/local/bin/python3; do
	command -v "$candidate" > /dev/null 2>&1 || continue
	if "$candidate" -c 'import pytest' > /dev/null 2>&1; then
		exec "$candidate" "$@"
	fi
	found=${found:-$candidate}
done
if [ -z "$found" ]; then
	echo "no Python here: sh tools/setup.sh installs it" >&2
	exit 127
fi
exec "$found" "$@"
