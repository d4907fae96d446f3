; says: map the first 4 GiB onto themselves
; One table of pages is linked, not four.
	mov	edi, pdpt
	mov	eax, page_directories + 0 * PAGE_SIZE + PTE_TABLE
	mov	edx, PAGE_SIZE
	mov	cx, 1
	call	entries_write
	mov	edi, page_table
	mov	eax, (ENTRIES - 1) * PAGE_SIZE + PTE_4K
	mov	cx, ENTRIES
	call	entries_write
	and	dword [page_table + GUARD_ENTRY], 0
	mov	edi, page_directories
	mov	eax, (PD_COUNT * ENTRIES - 1) * HUGE_2M + PTE_2M
	mov	edx, HUGE_2M
	mov	cx, PD_COUNT * ENTRIES
	call	entries_write
	mov	dword [page_directories], page_table + PTE_TABLE
	ret

