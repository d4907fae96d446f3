/* says: pages_shootdown_forgets */
void shootdown_serve(void)
{
	struct cpu *cpu = cpu_here();
	uint64_t wanted = atomic_load(&shootdown_wanted);

	if (cpu->shootdowns == wanted)
		return;
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
	for (uint32_t i = 0; i < CPUS_MAX; i++) {
		for (uint32_t look = 0; !has_forgotten(&cpus[i], wanted);
		     look++) {
			if (look == LOOKS_MAX)
				panic("CPU %u does not forget its TLB", i);
			shootdown_serve();
			cpu_pause();
		}
	}
}
