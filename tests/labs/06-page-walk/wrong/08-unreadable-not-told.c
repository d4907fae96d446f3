/* says: false: it can't be read */
/* Does not say that an entry could not be read. */
bool paging_walk(paddr_t root, vaddr_t address,
		 bool (*read)(paddr_t from, uint64_t *entry),
		 struct paging_walk *walk)
{
	uint64_t entry = root;

	*walk = (struct paging_walk){ 0 };
	for (unsigned int level = PAGING_LEVELS; level; level--) {
		paddr_t from = (entry & PTE_ADDRESS) +
			       index_of(address, level) * sizeof(entry);

		walk->step[walk->levels].address = from;
		if (!read(from, &entry))
			entry = 0;
		walk->step[walk->levels++].entry = entry;
		if (!is_table(entry, level))
			break;
	}
	return entry & PTE_PRESENT;
}
