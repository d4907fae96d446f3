/* says: #DF, NMI and #MC run on stacks of their own */
/* All on the stack that they find. */
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

__attribute__((unused)) static uint16_t ist_of(unsigned int vector)
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
	uint64_t offset = (uint64_t)entry;

	return (struct idt_gate){
		.offset_low = (uint16_t)offset,
		.selector = SEL_CODE,
		.type = (uint16_t)(DESC_PRESENT | GATE_INTERRUPT | ist),
		.offset_middle = (uint16_t)(offset >> 16),
		.offset_high = (uint32_t)(offset >> 32),
	};
}

static void fill_idt(void)
{
	size_t size =
		(size_t)(interrupt_entries_end - interrupt_entries) / VECTORS;

	for (unsigned int i = 0; i < VECTORS; i++)
		idt[i] = make_gate(interrupt_entries + i * size, IST_NONE);
}
