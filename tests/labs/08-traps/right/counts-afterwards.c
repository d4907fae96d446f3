/* The vector is counted when its handler has returned. */
void interrupt_enter(struct trap_frame *frame)
{
	void (*leave)(struct trap_frame *) = NULL;
	const uint64_t vector = frame->vector;

	if (cpu_has_smap())
		cpu_user_access_end();
	cpu_this()->nesting += 1;
	handlers[vector](frame);
	cpu_this()->nesting -= 1;
	cpu_this()->interrupts[vector] += 1;
	if (programs && is_ring_3(frame))
		leave = programs->leave;
	if (leave)
		leave(frame);
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
		idt[i] = make_gate(interrupt_entries + i * size, ist_of(i));
}
