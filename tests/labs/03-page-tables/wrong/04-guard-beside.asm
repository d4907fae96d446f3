; says: but for stack_guard
; The entry behind the guard's is cleared.
	mov	edi, pdpt
	mov	eax, page_directories + (PD_COUNT - 1) * PAGE_SIZE + PTE_TABLE
	mov	edx, PAGE_SIZE
	mov	cx, PD_COUNT
	call	entries_write
	mov	edi, page_table
	mov	eax, (ENTRIES - 1) * PAGE_SIZE + PTE_4K
	mov	cx, ENTRIES
	call	entries_write
	and	dword [page_table + GUARD_ENTRY + 8], 0
	mov	edi, page_directories
	mov	eax, (PD_COUNT * ENTRIES - 1) * HUGE_2M + PTE_2M
	mov	edx, HUGE_2M
	mov	cx, PD_COUNT * ENTRIES
	call	entries_write
	mov	dword [page_directories], page_table + PTE_TABLE
	ret

