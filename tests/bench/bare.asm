; bare.asm - the least that brings a kernel's sectors to 1 MiB: a yardstick
;
; A boot sector that reads the same sectors as stage 2, as many per BIOS call,
; and copies them up from protected mode. It checks nothing, tells nothing and
; starts nothing: what our loader takes more is the price of what it does more.
; tests/bench/boot.py puts it in place of an image's LBA 0.

%include "boot/layout.inc"
%include "boot/x86.inc"

org BOOT_SECTOR_ADDR
bits 16
	jmp	start

; Where it ends (bench/boot.py knows this address), and what it is told.
times 8 - ($ - $$) nop
done:
	mov	al, DEBUG_EXIT_SUCCESS
	out	DEBUG_EXIT, al
	jmp	$
times 16 - ($ - $$) nop
first_lba:	dd 0
sectors:	dd 0

start:
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	sp, REAL_STACK_END
	cld
	mov	eax, [first_lba]
	mov	[packet.lba], eax
	mov	dword [target], LOAD_ADDR
.next:
	mov	ax, DISK_CHUNK_MAX
	movzx	ebx, ax
	cmp	[sectors], ebx
	jae	.whole
	mov	ax, [sectors]
.whole:
	mov	[packet.count], ax
	mov	ah, DISK_READ_EDD
	mov	si, packet
	int	INT_DISK
	call	copy_up
	movzx	eax, word [packet.count]
	add	[packet.lba], eax
	sub	[sectors], eax
	jnz	.next
	jmp	done

copy_up:
	cli
	lgdt	[gdt_pointer]
	mov	eax, cr0
	or	al, CR0_PE
	mov	cr0, eax
	mov	ax, 8
	mov	ds, ax
	mov	es, ax
	mov	esi, DISK_BUFFER_ADDR
	mov	edi, [target]
	movzx	ecx, word [packet.count]
	shl	ecx, 7			; sectors to 32-bit words
	a32 rep	movsd
	mov	[target], edi
	mov	eax, cr0
	and	al, ~CR0_PE & 0xFF
	mov	cr0, eax
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	sti
	ret

packet:
	db	16, 0
.count:
	dw	0
	dw	0, DISK_BUFFER_ADDR / 16
.lba:
	dq	0

target:	dd 0

gdt:	dq 0
	dd 0x0000FFFF			; flat data, 4 GiB
	dd DESC_PRESENT | DESC_NOT_SYSTEM | DESC_WRITE | \
		DESC_32 | DESC_4K | DESC_LIMIT_HIGH
gdt_pointer:
	dw gdt_pointer - gdt - 1
	dd gdt

	times SECTOR_SIZE - 2 - ($ - $$) db 0
	dw 0xAA55
