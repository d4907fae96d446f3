; A call for each table of 1 GiB.
	mov	edi, pdpt
	mov	eax, page_directories + (PD_COUNT - 1) * PAGE_SIZE + PTE_TABLE
	mov	edx, PAGE_SIZE
	mov	cx, PD_COUNT
	call	entries_write
	mov	edi, page_table
	mov	eax, (ENTRIES - 1) * PAGE_SIZE + PTE_4K
	mov	cx, ENTRIES
	call	entries_write
	and	dword [page_table + GUARD_ENTRY], 0
	mov	edx, HUGE_2M
%assign gib 0
%rep PD_COUNT
	mov	edi, page_directories + gib * PAGE_SIZE
	mov	eax, ((gib + 1) * ENTRIES - 1) * HUGE_2M + PTE_2M
	mov	cx, ENTRIES
	call	entries_write
%assign gib gib + 1
%endrep
	mov	dword [page_directories], page_table + PTE_TABLE
	ret

