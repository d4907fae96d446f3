; The small pages first, the top last.
	mov	edi, page_table
	mov	eax, (ENTRIES - 1) * PAGE_SIZE + PTE_4K
	mov	edx, PAGE_SIZE
	mov	ecx, ENTRIES
	call	entries_write
	mov	[page_table + GUARD_ENTRY], ecx
	mov	edi, page_directories
	mov	eax, (PD_COUNT * ENTRIES - 1) * HUGE_2M + PTE_2M
	mov	edx, HUGE_2M
	mov	ecx, PD_COUNT * ENTRIES
	call	entries_write
	mov	dword [page_directories], page_table + PTE_TABLE
	mov	edi, pdpt
	mov	eax, page_directories + (PD_COUNT - 1) * PAGE_SIZE + PTE_TABLE
	mov	edx, PAGE_SIZE
	mov	ecx, PD_COUNT
	jmp	entries_write

