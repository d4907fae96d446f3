/* Each level is a call. */
static bool walk_level(paddr_t table, vaddr_t address, unsigned int level,
		       bool (*read)(paddr_t from, uint64_t *entry),
		       struct paging_walk *walk)
{
	const unsigned int at = walk->levels++;
	uint64_t entry = 0;

	walk->step[at].address = table + 8 * index_of(address, level);
	walk->unreadable = !read(walk->step[at].address, &entry);
	walk->step[at].entry = walk->unreadable ? 0 : entry;
	if (walk->unreadable || !(entry & PTE_PRESENT))
		return false;
	return level == 1 || entry & PTE_HUGE ||
	       walk_level(entry & PTE_ADDRESS, address, level - 1, read, walk);
}

bool paging_walk(paddr_t root, vaddr_t address,
		 bool (*read)(paddr_t from, uint64_t *entry),
		 struct paging_walk *walk)
{
	*walk = (struct paging_walk){ .levels = 0 };
	return walk_level(root & PTE_ADDRESS, address, PAGING_LEVELS, read,
			  walk);
}
