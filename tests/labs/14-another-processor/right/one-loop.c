/* A loop of startups, each with its time. */
static void smp_lay_page(paddr_t tables)
{
	const struct ap_values values = {
		.cr0 = (uint32_t)cpu_cr0(),
		.cr3 = (uint32_t)tables,
		.cr4 = (uint32_t)cpu_cr4(),
		.efer = (uint32_t)cpu_read_msr(MSR_EFER) & ~(uint32_t)EFER_LMA,
	};
	char *page = paddr_pointer(AP_PAGE_ADDR);

	memcpy(page, ap_page, (size_t)(ap_page_end - ap_page));
	memcpy(page + (ap_values - ap_page), &values, sizeof(values));
}

/* Whether so many run, at last. */
static bool smp_wait(uint32_t running, uint64_t us)
{
	struct deadline deadline = deadline_after_us(us);

	while (atomic_load(&ap_running) < running)
		if (deadline_has_come(&deadline))
			return false;
	return true;
}

static void smp_wake(uint32_t id)
{
	static const uint64_t times_us[] = { AGAIN_US, ANSWER_US };
	const uint32_t before = atomic_load(&ap_running);
	bool sent = local_apic_send(id, IPI_INIT);

	for (int i = 0; sent && i < 2; i++) {
		if (i == 0)
			clock_wait_us(INIT_US);
		atomic_store(&ap_sent_at, tsc_read());
		sent = local_apic_send(id, IPI_STARTUP | AP_PAGE_ADDR >> 12);
		if (sent && smp_wait(before + 1, times_us[i]))
			break;
	}
}
