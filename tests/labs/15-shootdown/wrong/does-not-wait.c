/* says: and the other CPU has not forgotten its TLB */
void shootdown_serve(void)
{
	struct cpu *cpu = cpu_here();
	uint64_t wanted = atomic_load(&shootdown_wanted);

	if (cpu->shootdowns == wanted)
		return;
	cpu_write_cr3(cpu_cr3());
	atomic_store(&cpu->shootdowns, wanted);
}

void shootdown(void)
{
	if (!shootdown_send)
		return;
	atomic_fetch_add(&shootdown_wanted, 1);
	shootdown_serve();
	shootdown_send();
}
