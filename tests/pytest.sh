#!/bin/sh
# pytest.sh - run tests with pytest, on all cores.
#
#	[DIST=loadfile|loadgroup] sh tests/pytest.sh [ARGUMENT]...
#
# pytest-xdist, where it is there, keeps all cores busy. DIST=loadfile: a file's
# tests run on one, one after the other, and share what is made for them;
# loadgroup: a group's.
set -u

python="sh tools/python.sh"
jobs=
if $python -c 'import xdist' 2> /dev/null; then
	jobs="-n $(sh tools/cores.sh) --dist ${DIST:-load}"
fi
# shellcheck disable=SC2086 # a command and words
exec $python -m pytest -q -p no:cacheprovider $jobs "$@"
