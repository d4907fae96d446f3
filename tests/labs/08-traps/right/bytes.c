/* The gate is written byte by byte, as the manual's picture shows it. */
void interrupt_enter(struct trap_frame *frame)
{
	struct cpu *cpu = cpu_this();

	if (cpu_has_smap())
		cpu_user_access_end();
	cpu->interrupts[frame->vector]++;
	cpu->nesting++;
	handlers[frame->vector](frame);
	cpu_this()->nesting--;
	if (is_ring_3(frame) && programs)
		programs->leave(frame);
}

static uint16_t ist_of(unsigned int vector)
{
	switch (vector) {
	case VECTOR_DF:
		return IST_DF;
	case VECTOR_NMI:
		return IST_NMI;
	case VECTOR_MC:
		return IST_MC;
	default:
		return IST_NONE;
	}
}

static struct idt_gate make_gate(const char *entry, uint16_t ist)
{
	uint64_t low = (uint64_t)entry & 0xFFFF;
	uint64_t middle = (uint64_t)entry >> 16 & 0xFFFF;
	union {
		uint64_t words[2];
		struct idt_gate gate;
	} both = { .words = {
			   low | SEL_CODE << 16 | (uint64_t)ist << 32 |
				   0x8EULL << 40 | middle << 48,
			   (uint64_t)entry >> 32,
		   } };

	return both.gate;
}

static void fill_idt(void)
{
	size_t size =
		(size_t)(interrupt_entries_end - interrupt_entries) / VECTORS;

	for (unsigned int i = 0; i < VECTORS; i++)
		idt[i] = make_gate(interrupt_entries + i * size, ist_of(i));
}
