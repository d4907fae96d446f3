#!/bin/sh
# guard.sh - end processes and remove folders once their owner has ended.
#
#	sh tools/guard.sh < PIPE
#
# The owner is the one process that holds PIPE open for writing. When it ends,
# however that happens, SIGKILL included, the kernel closes PIPE: no trap of the
# owner's has to run. Until then the owner writes a line for each thing that
# must not outlive it, and for a process that it has seen end:
#
#	process PID
#	ended PID		this number may soon be another process's
#	folder PATH
#
# Prints "ready" when nothing but SIGKILL can end it any more. tools/scratch.sh
# starts one for a script, tests/boot/harness/guard.py one for Python.
set -u

patience=20 # tenths of a second from SIGTERM to SIGKILL

# What ends the owner may be sent to its whole process group.
trap '' HUP INT QUIT TERM PIPE TSTP
echo ready
# Whoever reads the owner's output need not wait for us.
exec > /dev/null 2>&1

# forget PID
forget() {
	kept=
	for pid in $processes; do
		[ "$pid" = "$1" ] || kept="$kept $pid"
	done
	processes=$kept
}

any_runs() {
	for pid in $processes; do
		kill -0 "$pid" && return 0
	done
	return 1
}

# A guest may be stopped, or hang: SIGKILL ends it in any case.
end_processes() {
	for pid in $processes; do
		kill -TERM "$pid"
	done
	tries=0
	while any_runs && [ $tries -lt $patience ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	for pid in $processes; do
		kill -KILL "$pid"
	done
	processes=
}

# The folders are the positional parameters: their names may hold blanks.
# Twice: a process may be started while its owner ends. One that opens the pipe
# by its name, to say so, has done it before the folder with that name is gone.
processes=
for round in 1 2; do
	while read -r word rest; do
		case $word in
		process) processes="$processes $rest" ;;
		ended) forget "$rest" ;;
		folder) set -- "$@" "$rest" ;;
		esac
	done
	end_processes
	[ $round = 2 ] || rm -rf "$@"
done
