; memory.asm - ask the BIOS what memory there is
;
; Its answer is kept as it is, in raw_map; lib/memmap.c cleans it in 64-bit
; mode. Only the ranges we load to are checked here (HW-24, HW-25).

%include "stage2/stage2.inc"

global low_memory_check, low_memory_end
global memory_map_read, memory_warn, memory_range_check
global boot_flags, map_source, raw_count, raw_map
extern bios_call, error_numbers, failure_return, warning_print

%define RANGE_BASE	0		; struct mem_range, bootinfo.h
%define RANGE_LENGTH	8
%define RANGE_TYPE	16
%define RANGE_ATTRIBUTES 20
%define RANGE_SIZE	24
%define E820_SHORTEST	20		; bytes: without attributes
%define E820_CALLS	512		; then EBX will never become 0

cpu 386
section_text16

; low_memory_check - is everything below LOADER_DATA_END ours to use? (HW-15)
; out:      CF=1   E_LOW_MEMORY
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
low_memory_check:
	call	low_memory_end
	cmp	eax, LOADER_DATA_END
	jae	.done
	mov	ecx, LOADER_DATA_END
	failure	E_LOW_MEMORY
.done:
	ret

; low_memory_end - where usable low memory ends
; out:      eax    the lower of INT 12h and the EBDA
; clobbers: ebx, ecx, edx, esi, edi, fs, gs, flags
low_memory_end:
	xor	eax, eax
	bios	INT_LOW_MEMORY
	movzx	eax, ax
	shl	eax, 10			; KiB
	movzx	ebx, word [BDA_EBDA_SEGMENT]
	cmp	bh, EBDA_SEGMENT_MIN >> 8
	jb	.done			; no EBDA (HW-15)
	shl	ebx, 4
	cmp	ebx, eax
	jae	.done
	mov	eax, ebx
.done:
	ret

; memory_map_read - E820, else E801, else 88 (RBIL INT 15)
; out:      CF=0   raw_map, raw_count, map_source, boot_flags
;           CF=1   E_NO_MAP
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
memory_map_read:
	mov	byte [map_source], MAP_E820
	call	e820_read
	jnc	.done
	mov	byte [map_source], MAP_E801
	call	e801_read
	jnc	.done
	mov	byte [map_source], MAP_88
	call	size_88_read
	jnc	.done
	failure	E_NO_MAP
.done:
	ret

; memory_warn - warn when the BIOS listed more entries than are kept
; clobbers: ax, fs, gs, flags
memory_warn:
	test	byte [boot_flags], BOOT_MAP_TRUNCATED
	jz	.done
	mov	dword [error_numbers], MEM_RAW_MAX
	mov	ah, W_MAP_TRUNCATED
	jmp	warning_print
.done:
	ret

; e820_read - the list, an entry per call
; Each call gets the same buffer: some BIOSes write only what has changed.
; out:      CF=1   none, or not to be trusted
; clobbers: as memory_map_read
e820_read:
	xor	ebx, ebx
	mov	[raw_count], bx		; the diagnostics may have filled it
	mov	word [calls], E820_CALLS
.next:
	mov	di, entry
	mov	dword [di + RANGE_ATTRIBUTES], MEM_ATTR_PRESENT
	mov	eax, 0xE820
	mov	edx, E820_MAGIC
	mov	ecx, RANGE_SIZE
	bios	INT_SYSTEM
	jc	.end			; how some BIOSes end the list
	cmp	eax, E820_MAGIC
	jne	.confused
	cmp	ecx, E820_SHORTEST
	jb	.more			; dropped
	cmp	ecx, RANGE_SIZE
	jae	.keep
	mov	dword [entry + RANGE_ATTRIBUTES], MEM_ATTR_PRESENT
.keep:
	mov	di, [raw_count]
	cmp	di, MEM_RAW_MAX
	jae	.truncated
	inc	word [raw_count]
	imul	di, di, RANGE_SIZE
	add	di, raw_map
	mov	si, entry
	mov	cx, RANGE_SIZE / 4
	rep	movsd
.more:
	test	ebx, ebx
	jz	.end
	dec	word [calls]
	jnz	.next
	jmp	.end
.confused:
	mov	word [raw_count], 0
	jmp	.end
.truncated:
	or	byte [boot_flags], BOOT_MAP_TRUNCATED
.end:
	mov	cx, [raw_count]
	stc
	jcxz	presence_assume.done
; falls through
; presence_assume - if no entry has MEM_ATTR_PRESENT, set it in all
; Some BIOSes write attributes without knowing this bit.
; in:       cx     entries, 1..
; out:      CF=0
; clobbers: cx, di, flags
presence_assume:
	mov	di, raw_map + RANGE_ATTRIBUTES
.look:
	test	byte [di], MEM_ATTR_PRESENT
	jnz	.done			; CF=0
	add	di, RANGE_SIZE
	loop	.look
	mov	cx, [raw_count]
.set:
	sub	di, RANGE_SIZE
	or	byte [di], MEM_ATTR_PRESENT ; CF=0
	loop	.set
.done:
	ret

; e801_read - KiB above 1 MiB, 64 KiB blocks above 16 MiB
; out:      CF=1   not there
; clobbers: as memory_map_read
e801_read:
	mov	ax, 0xE801
	xor	bx, bx
	xor	cx, cx
	xor	dx, dx
	bios	INT_SYSTEM
	jc	.failed
	test	ax, ax
	jnz	.known
	test	bx, bx
	jnz	.known
	mov	ax, cx			; some BIOSes answer in CX, DX only
	mov	bx, dx
	or	dx, cx
	jz	.failed
.known:
	push	bx
	call	add_low_and_high
	pop	bx
	movzx	ecx, bx
	shl	ecx, 16			; 64 KiB
	mov	eax, 0x1000000
	call	range_add
	clc
	ret
.failed:
	stc
	ret

; size_88_read - the AT's way, up to 64 MiB
; out:      CF=1   not there
; clobbers: as memory_map_read
size_88_read:
	mov	ah, 0x88
	bios	INT_SYSTEM
	jc	e801_read.failed
	test	ax, ax
	jz	e801_read.failed
	call	add_low_and_high
	clc
	ret

; add_low_and_high - make entries for low memory, and memory from 1 MiB on
; in:       ax     KiB above 1 MiB
; clobbers: as memory_map_read
add_low_and_high:
	push	ax
	call	low_memory_end
	mov	ecx, eax
	xor	eax, eax
	call	range_add
	pop	ax
	movzx	ecx, ax
	shl	ecx, 10
	mov	eax, LOAD_ADDR
; falls through
; range_add - add a usable entry; raw_map has room, as it was empty
; in:       eax    base;  ecx  bytes, 0 adds nothing
; clobbers: di, flags
range_add:
	jecxz	.done
	imul	di, [raw_count], RANGE_SIZE
	add	di, raw_map
	push	eax
	stosd				; base, then length: 64 bits each
	xor	eax, eax
	stosd
	xchg	eax, ecx
	stosd
	xchg	eax, ecx
	stosd
	mov	al, MEM_USABLE
	stosd
	mov	al, MEM_ATTR_PRESENT
	stosd
	pop	eax
	inc	word [raw_count]
.done:
	ret

; memory_range_check - is all of a range free RAM, by the raw map? (HW-25)
; in:       eax    first byte;  ecx  last byte
; out:      CF=1   no
; clobbers: flags
memory_range_check:
	pushad
	; Nothing but RAM may touch it...
	mov	si, raw_map
	mov	bp, [raw_count]
.touching:
	call	range_clip
	jc	.next
	call	range_is_ram
	je	.next
	cmp	ebx, ecx
	ja	.next
	cmp	edx, eax
	jae	.refused
.next:
	add	si, RANGE_SIZE
	dec	bp
	jnz	.touching

	; ...and RAM entries, in whatever order, must cover it end to end.
.cover:
	mov	si, raw_map
	mov	bp, [raw_count]
.search:
	call	range_clip
	jc	.other
	call	range_is_ram
	jne	.other
	cmp	ebx, eax
	ja	.other
	cmp	edx, eax
	jae	.covers
.other:
	add	si, RANGE_SIZE
	dec	bp
	jnz	.search
.refused:
	stc
	jmp	.done
.covers:	; eax only grows, so this ends
	cmp	edx, ecx
	jae	.free
	lea	eax, [edx + 1]
	jmp	.cover
.free:
	clc
.done:
	popad
	ret

; range_is_ram - is an entry plain RAM, and not persistent memory? memmap.c
; takes that for reserved, too (HW-24)
; in:       si     entry
; out:      ZF=1   yes
; clobbers: flags
range_is_ram:
	cmp	dword [si + RANGE_TYPE], MEM_USABLE
	jne	.done
	test	byte [si + RANGE_ATTRIBUTES], MEM_ATTR_NONVOLATILE
.done:
	ret

; range_clip - turn an entry of the raw map into 32-bit bounds
; An entry that reaches beyond 2^64 ends there, as in memmap.c (HW-29).
; in:       si     entry
; out:      CF=0   ebx  first byte, edx  last byte, both below 4 GiB
;           CF=1   no part of it lies below 4 GiB
; clobbers: ebx, edx, flags
range_clip:
	push	eax
	test	byte [si + RANGE_ATTRIBUTES], MEM_ATTR_PRESENT
	jz	.none
	cmp	dword [si + RANGE_BASE + 4], 0
	jne	.none
	mov	ebx, [si + RANGE_BASE]
	mov	edx, [si + RANGE_LENGTH]
	mov	eax, [si + RANGE_LENGTH + 4]
	sub	edx, 1			; last = base + (length - 1)
	sbb	eax, 0
	jc	.none			; empty
	add	edx, ebx
	adc	eax, 0
	jc	.high			; beyond 2^64, though EAX may be 0
	jz	.done			; CF=0
.high:
	mov	edx, 0xFFFFFFFF
	clc
	jmp	.done
.none:
	stc
.done:
	pop	eax
	ret

section_bss16
raw_map:	resb MEM_RAW_MAX * RANGE_SIZE
entry:		resb RANGE_SIZE		; what E820 tells goes here
raw_count:	resd 1
boot_flags:	resd 1
calls:		resw 1
map_source:	resb 1
