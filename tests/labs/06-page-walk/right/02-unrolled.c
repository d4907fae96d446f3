/* Without the helpers: shifts that are counted down. */
bool paging_walk(paddr_t root, vaddr_t address,
		 bool (*read)(paddr_t from, uint64_t *entry),
		 struct paging_walk *walk)
{
	paddr_t table = root & PTE_ADDRESS;
	int shift = 39;

	walk->levels = 0;
	walk->unreadable = false;
	for (;;) {
		uint64_t entry = 0;
		paddr_t from = table | (address >> shift & 511) << 3;

		if (!read(from, &entry)) {
			walk->unreadable = true;
			entry = 0;
		}
		walk->step[walk->levels].address = from;
		walk->step[walk->levels].entry = entry;
		walk->levels++;
		if (!(entry & PTE_PRESENT))
			return false;
		if (shift == 12 || entry & PTE_HUGE)
			return true;
		table = entry & PTE_ADDRESS;
		shift -= 9;
	}
}
