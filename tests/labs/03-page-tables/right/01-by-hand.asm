; Without entries_write: one loop for each table.
	mov	edi, page_directories
	xor	edx, edx
	mov	eax, PTE_2M
	mov	cx, PD_COUNT * ENTRIES
.huge:
	stosd
	xchg	eax, edx
	stosd
	xchg	eax, edx
	add	eax, HUGE_2M
	loop	.huge
	mov	eax, page_table + PTE_TABLE
	mov	[page_directories], eax
	mov	edi, page_table
	mov	eax, PTE_4K
	mov	cx, ENTRIES
.small:
	stosd
	xchg	eax, edx
	stosd
	xchg	eax, edx
	add	eax, PAGE_SIZE
	loop	.small
	mov	[page_table + GUARD_ENTRY], ecx
	mov	edi, pdpt
	mov	eax, page_directories + (PD_COUNT - 1) * PAGE_SIZE + PTE_TABLE
	mov	edx, PAGE_SIZE
	mov	cl, PD_COUNT
	jmp	entries_write

