void shootdown_serve(void)
{
	struct cpu *cpu = cpu_here();
	uint64_t wanted = atomic_load(&shootdown_wanted);

	if (cpu->shootdowns == wanted)
		return;
	cpu_write_cr3(cpu_cr3());
	atomic_store(&cpu->shootdowns, wanted);
}

static bool has_forgotten(const struct cpu *cpu, uint64_t wanted)
{
	return cpu->started != CPU_STARTED || cpu->stopped ||
	       atomic_load(&cpu->shootdowns) >= wanted;
}

void shootdown(void)
{
	uint64_t wanted;

	if (!shootdown_send)
		return;
	wanted = atomic_fetch_add(&shootdown_wanted, 1) + 1;
	shootdown_serve();
	shootdown_send();
	for (struct cpu *cpu = cpus + CPUS_MAX; cpu-- > cpus;) {
		uint32_t left = LOOKS_MAX;

		while (!has_forgotten(cpu, wanted)) {
			if (!left--)
				panic("CPU %u does not forget its TLB",
				      cpu->number);
			cpu_pause();
			shootdown_serve();
		}
	}
}
