# edges.awk - QEMU's log of every instruction -> each step once
#
#	qemu-system-x86_64 -singlestep -d exec,nochain -D FIFO ...
#	awk -f edges.awk FIFO
#
# Reads "Trace 0: HOST [CS_BASE/PC/FLAGS/CFLAGS]", a line per instruction, and
# prints "START FROM TO": at the START-th start of a boot sector (there are two
# where tests/hostile comes first, more after a reset) TO came next after FROM.
# FROM is - for the first. An interrupt's own instructions lie outside the
# range that is logged, so what it interrupts goes on as if nothing was.

BEGIN { first = "0000000000007c00"; last = "-"; start = 0 }

function note() {
	if (pending == "")
		return
	if (pending == first) {
		start++
		last = "-"
	}
	if (!((start, last, pending) in seen)) {
		seen[start, last, pending] = 1
		print start, substr(last, length(last) - 4), substr(pending, 12)
	}
	last = pending
	pending = ""
}

# The instruction was logged, then an interrupt came before it.
/^Stopped/ { pending = ""; next }

$1 == "Trace" && $2 == "0:" {
	note()
	split($4, part, "/")
	pending = part[2]
}

END { note() }
