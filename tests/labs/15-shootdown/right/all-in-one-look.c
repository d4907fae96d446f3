void shootdown_serve(void)
{
	struct cpu *cpu = cpu_here();
	uint64_t wanted = atomic_load(&shootdown_wanted);

	if (cpu->shootdowns == wanted)
		return;
	cpu_write_cr3(cpu_cr3());
	atomic_store(&cpu->shootdowns, wanted);
}

static uint32_t others_that_remember(uint64_t wanted)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < CPUS_MAX; i++)
		count += cpus[i].started == CPU_STARTED && !cpus[i].stopped &&
			 cpus[i].shootdowns < wanted;
	return count;
}

void shootdown(void)
{
	uint64_t wanted, looks = 0;

	if (!shootdown_send)
		return;
	wanted = ++shootdown_wanted;
	shootdown_send();
	do {
		shootdown_serve();
		cpu_pause();
		if (looks++ == LOOKS_MAX / CPUS_MAX)
			panic("a CPU does not forget its TLB");
	} while (others_that_remember(wanted));
}
