; modes.asm - real, protected and long mode, and the ways between them
;
;   real mode --copy_up--> 32-bit --> real mode   once per chunk, to reach
;                                                 memory above 1 MiB (HW-20)
;   real mode --long_mode_enter--> 32-bit --> 64-bit C, once, for good

%include "stage2/stage2.inc"

global copy_up, copy_up.back_to_real, long_mode_enter, tables_fill
global SEL_DATA32, SEL_TSS, fault32_say
global gdt, idt64, page_tables, stack_guard, stack_low, stack_high
global fault32_stubs, fault64_stubs, fault_stack_high
extern bios_call, bss_start, bss_end
extern error_fail, fault32, fault64, long_mode_start

%define OPCODE_CALL	0xE8		; call rel32, in 32- and 64-bit mode
; SDM 3A, "Task Management in 64-bit Mode"
%define TSS_SIZE	104
%define TSS_IST1	36
%define PD_COUNT	4		; 4 GiB in tables of 1 GiB
%define HUGE_2M		0x200000
%define GUARD_ENTRY	(LOADER_DATA_ADDR / PAGE_SIZE * 8) ; stack_guard's
%define PTE_TABLE	(PTE_PRESENT | PTE_WRITE)
%define PTE_4K	PTE_TABLE	; in the last table
%define ENTRIES		512		; in a table
%define PTE_2M	(PTE_PRESENT | PTE_WRITE | PTE_HUGE)

cpu 386
section_text16

; copy_up - from DISK_BUFFER to anywhere below 4 GiB
; in:       edi    target;  ecx  bytes, 1..the buffer's size
; clobbers: flags; IF is 0 meanwhile, 1 after
copy_up:
	pushad
	call	protected_mode
bits 32
	mov	esi, DISK_BUFFER_ADDR
	mov	edx, ecx
	shr	ecx, 2
	rep	movsd
	mov	ecx, edx
	and	ecx, 3
	rep	movsb

.back_to_real:
	; Through a 16-bit segment, so that limits are real mode's again.
	jmp	SEL_CODE16:.code16
bits 16
.code16:
	mov	ax, SEL_DATA16
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	eax, cr0
	and	al, ~CR0_PE & 0xFF
	mov	cr0, eax
	jmp	0:.real
.real:
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	lidt	[idt_real]
	sti
	popad
	ret

; protected_mode - return to the caller in 32-bit mode, flat segments
; clobbers: eax, ebx, flags
protected_mode:
	cli
	lgdt	[gdt_pointer]		; the BIOS may have loaded its own
	lidt	[idt32_pointer]
	mov	eax, cr0
	or	al, CR0_PE
	mov	cr0, eax
	jmp	SEL_CODE32:.code32
bits 32
.code32:
	mov	ax, SEL_DATA32
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	movzx	esp, sp			; its upper half may hold anything
	pop	bx			; a 16-bit return address
	movzx	ebx, bx
	jmp	ebx

bits 16
; tables_fill - fill in the TSS and the two IDTs
; clobbers: eax, ebx, ecx, edx, si, di, ebp, flags
tables_fill:
	mov	dword [tss + TSS_IST1], fault_stack_high
	mov	edx, fault32
	mov	eax, SEL_CODE32 << 16
	mov	ebp, DESC_PRESENT | GATE_INTERRUPT
	mov	si, fault32_stubs
	mov	di, idt32
	mov	bx, 8
	call	idt_fill
	mov	edx, fault64
	mov	eax, SEL_CODE64 << 16
	inc	bp			; IST1: a broken stack is reported
	mov	si, fault64_stubs
	mov	di, idt64
	add	bx, bx
; falls through
; idt_fill - a gate and a stub for each of the 32 exceptions (SDM 3A, "64-Bit
; Mode IDT")
; A stub is a near call: its return address tells the handler the vector.
; in:       di     IDT, zeros;  bx  bytes a gate
;           si     room for EXCEPTIONS * STUB_SIZE bytes
;           eax    code selector << 16;  edx  handler
;           ebp    the gate's second dword
; clobbers: ax, ecx, edx, si, di, flags
idt_fill:
	movzx	ecx, si
	sub	edx, ecx
	mov	cx, EXCEPTIONS
.gate:
	mov	ax, si
	mov	[di], eax
	mov	[di + 4], ebp
	add	di, bx
	mov	byte [si], OPCODE_CALL
	sub	edx, STUB_SIZE		; relative to the next instruction
	mov	[si + 1], edx
	add	si, STUB_SIZE
	loop	.gate
	ret

; fault32_say - fault32 (exceptions.asm) makes copy_up return here
fault32_say:
	mov	ah, E_FAULT_32
	jmp	error_fail

; long_mode_enter - the last BIOS call, then up to stage2_main for good
long_mode_enter:
	mov	ax, 0xEC00		; "an OS that uses long mode" (HW-28)
	mov	bl, 2
	bios	INT_SYSTEM		; the answer is ignored

	cli				; no BIOS call from here on (HW-27)
	mov	al, CMOS_NMI_OFF
	out	CMOS_INDEX, al
	in	al, CMOS_DATA		; an index must be followed by data
	mov	al, 0xFF
	out	PIC1_DATA, al
	out	PIC2_DATA, al
	call	protected_mode
bits 32
	mov	esp, stack_high
	call	bss_clear
	call	page_tables_build

	; CR0.PG comes last; the other three could come in any order. This is
	; the order of SDM 3A, "Initializing IA-32e Mode".
	mov	eax, BOOT_CR4
	mov	cr4, eax
	mov	eax, page_tables
	mov	cr3, eax
	mov	ecx, MSR_EFER		; firmware may have used it
	mov	eax, EFER_LME
	cdq
	cpu	586
	wrmsr
	cpu	386
	mov	eax, BOOT_CR0
	mov	cr0, eax
	lidt	[idt64_pointer]
	jmp	SEL_CODE64:long_mode_start

; bss_clear - zero .bss (HW-11)
; clobbers: eax, ecx, edi
bss_clear:
	mov	edi, bss_start
	mov	ecx, bss_end
	sub	ecx, edi
	shr	ecx, 2
	xor	eax, eax
	rep	stosd
	ret

; page_tables_build - map the first 4 GiB onto themselves, but for stack_guard
; The first 2 MiB, with stack_guard, in pages of 4 KiB, all else of 2 MiB.
; SDM 3A, "4-Level Paging and 5-Level Paging"
; clobbers: eax, ecx, edx, edi
page_tables_build:
	mov	edi, page_tables	; and pdpt, which follows it
	mov	ecx, 2 * PAGE_SIZE / 4
	xor	eax, eax
	rep	stosd
	mov	dword [page_tables], pdpt + PTE_TABLE
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
	mov	edi, page_directories
	mov	eax, (PD_COUNT * ENTRIES - 1) * HUGE_2M + PTE_2M
	mov	edx, HUGE_2M
	mov	cx, PD_COUNT * ENTRIES
	call	entries_write
	mov	dword [page_directories], page_table + PTE_TABLE
	ret

; entries_write - write entries of a page table, from the last to the first
; They point below 4 GiB: their upper halves are 0.
; in:       edi    the first;  ecx  how many
;           eax    value of the last;  edx  bytes from each to the next
; out:      ecx = 0
; clobbers: eax
entries_write:
	mov	[edi + 8 * ecx - 8], eax
	and	dword [edi + 8 * ecx - 4], 0
	sub	eax, edx
	loop	entries_write
	ret

section .data16 progbits alloc noexec write align=8
; Flat segments; those of 16 bits are for the way back to real mode.
; SDM 3A, "Segment Descriptors"
%macro flat 1
	dd 0x0000FFFF, DESC_PRESENT | DESC_NOT_SYSTEM | DESC_ACCESSED | (%1)
%endmacro
%define PAGED DESC_4K | DESC_LIMIT_HIGH
gdt:
	dq 0
SEL_CODE16 equ $ - gdt
	flat DESC_CODE | DESC_READ
SEL_DATA16 equ $ - gdt
	flat DESC_WRITE
SEL_CODE32 equ $ - gdt
	flat DESC_CODE | DESC_READ | DESC_32 | PAGED
SEL_DATA32 equ $ - gdt
	flat DESC_WRITE | DESC_32 | PAGED
SEL_CODE64 equ $ - gdt
	flat DESC_CODE | DESC_READ | DESC_LONG | PAGED
SEL_TSS equ $ - gdt
	dw TSS_SIZE - 1, tss
	db 0, (DESC_PRESENT | DESC_TSS) >> 8, 0, 0
	dq 0
.end:

gdt_pointer:
	dw gdt.end - gdt - 1
	dd gdt
idt32_pointer:
	dw 8 * EXCEPTIONS - 1
	dd idt32
idt64_pointer:
	dw 16 * EXCEPTIONS - 1
	dd idt64
	dd 0				; upper half, for an LIDT in 64-bit code
idt_real:
	dw 0x3FF
	dd 0

section_bss16
idt32:		resb 8 * EXCEPTIONS
idt64:		resb 16 * EXCEPTIONS
tss:		resb TSS_SIZE
fault32_stubs:	resb EXCEPTIONS * STUB_SIZE
fault64_stubs:	resb EXCEPTIONS * STUB_SIZE

section .bss.pages nobits alloc noexec write align=4096
page_tables:	resb PAGE_SIZE		; PML4
pdpt:		resb PAGE_SIZE
page_directories: resb PD_COUNT * PAGE_SIZE
page_table:	resb PAGE_SIZE		; of the first 2 MiB

; First in the loader's data (stage2.ld): what overflows the stack beyond the
; guard reaches the disk buffer, which is not needed any more.
section .stack nobits alloc noexec write align=4096
stack_guard:	resb PAGE_SIZE		; not mapped
stack_low:	resb KERNEL_STACK_MIN
stack_high:
		resb PAGE_SIZE
fault_stack_high:
