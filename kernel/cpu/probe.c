#include "kernel/cpu/probe.h"

#include "boot/x86.h"

/* As probe_entry.asm writes it, collected by the linker. */
struct probe {
	uint64_t at;
	uint64_t go_on_at;
};

extern const struct probe probes_start[], probes_end[];

bool probe_recover(struct trap_frame *frame)
{
	if (frame->vector != VECTOR_PF && frame->vector != VECTOR_GP)
		return false;
	for (const struct probe *probe = probes_start; probe < probes_end;
	     probe++) {
		if (probe->at == frame->rip) {
			frame->rip = probe->go_on_at;
			return true;
		}
	}
	return false;
}
