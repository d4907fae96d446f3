/* From the last vector down, with the stacks in a table. */
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

static const uint16_t own_stacks[EXCEPTIONS] = {
	[VECTOR_NMI] = IST_NMI,
	[VECTOR_DF] = IST_DF,
	[VECTOR_MC] = IST_MC,
};

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
	const char *entry = interrupt_entries_end;
	unsigned int i = VECTORS;

	while (i-- > 0) {
		entry -= (interrupt_entries_end - interrupt_entries) / VECTORS;
		idt[i] = make_gate(entry,
				   i < EXCEPTIONS ? own_stacks[i] : IST_NONE);
	}
}
