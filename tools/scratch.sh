# scratch.sh - a folder and processes that end when a script ends.
#
#	. "$tools/scratch.sh"		tools: the folder of this file
#
# Makes a folder, sets `scratch` to its path, and TMPDIR, too: there QEMU makes
# its temporary files. However the script ends, by itself or by a signal,
# guard.sh then removes the folder and ends each process that `guarded` started,
# or that wrote to the pipe GUARD. Descriptor 9 keeps the guard waiting: what
# may outlast the script closes it.

# shellcheck shell=sh
temporary=${TMPDIR:-/tmp}
# For the few instructions until the guard is there. SIGKILL may leave an empty
# folder here.
scratch=
trap '[ -z "$scratch" ] || rm -rf "$scratch"; exit 1' HUP INT TERM PIPE
if ! scratch=$(mktemp -d); then
	echo "No folder in $temporary: TMPDIR chooses another place" >&2
	exit 1
fi
GUARD=$scratch/guard
export GUARD TMPDIR="$scratch"
# A full disk shows here, before anything is started.
if ! mkfifo "$GUARD" "$scratch/ready" ||
	! head -c 65536 /dev/zero > "$scratch/room"; then
	echo "No room in $temporary: TMPDIR chooses another place" >&2
	rm -rf "$scratch"
	exit 1
fi
rm "$scratch/room"

# For both ways, so that no open waits for the other side. The guard has a
# session of its own, where there are such: what ends all of our group is not
# for it.
exec 9<> "$GUARD" 8<> "$scratch/ready" 7< "$scratch/ready"
# shellcheck disable=SC2154 # tools is the caller's
$(command -v setsid) sh "$tools/guard.sh" < "$GUARD" >&8 7<&- 8>&- 9>&- &
guard=$!
exec 8>&-
if ! read -r _ <&7; then
	echo "tools/guard.sh does not run" >&2
	rm -rf "$scratch"
	exit 1
fi
exec 7<&-
echo "folder $scratch" >&9
trap - HUP INT TERM PIPE
# When the script ends by itself, all is gone before the caller goes on.
trap 'trap "" HUP INT TERM PIPE; exec 9>&-; wait "$guard"' EXIT

# guarded COMMAND...: becomes the command; for a subshell or the background
guarded() {
	exec sh -c 'echo "process $$" > "$GUARD" && exec "$@"' sh "$@" 9>&-
}

# log_file PATH: prints the path of an empty file that stays: PATH, or another
# among the temporary files where that can't be written
log_file() {
	if (: > "$1") 2> /dev/null; then
		echo "$1"
	else
		mktemp "$temporary/$(basename "$1").XXXXXX"
	fi
}
