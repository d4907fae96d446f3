#!/bin/sh
# reader.sh - turn one QEMU's log into edges while it is being written
#
#	sh reader.sh FIFO EDGES
#
# A boot logs some 25 MB; EDGES keeps a few KB of them. FIFO is removed at the
# end, so that nobody takes half of the edges for all.
set -u

timeout 1800 awk -f "$(dirname "$0")/edges.awk" "$1" > "$2"
rm -f "$1"
