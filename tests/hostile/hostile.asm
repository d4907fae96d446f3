; hostile.asm - a disk that turns a good BIOS into a bad one
;
; Boot it as the first drive, with the disk under test as the second. It
;   1. is loaded by the real BIOS and loads the rest of itself to the top of
;      low memory, which it takes away from INT 12h     (this file)
;   2. hooks the BIOS's services                         (hooks.inc)
;   3. reads LBA 0 of the second drive to 0000:7C00 and jumps to it in
;      whatever state the driver of the test asked for  (entry.inc)
; From then on every service misbehaves as `config` says: int10.inc, int13.inc,
; int15.inc, int16.inc. Ports can't be hooked, so for a broken A20 gate or a
; dead UART the disk under test runs in virtual-8086 mode until it wants
; protected mode itself (monitor.inc).
;
; Everything is one segment with origin 0: at first 07C0h, later the resident
; one. The disk's drive number and ours change places, so that the disk under
; test is 80h as it would be alone.

cpu 386
bits 16
org 0

LOADED_SEGMENT	equ 0x7C0	; where the BIOS puts sector 0
RESIDENT_K	equ 36		; KiB that we take from the top of low memory
BDA_SEGMENT	equ 0x40
BDA_MEMORY_K	equ 0x13
BDA_EBDA	equ 0x0E
OUR_DRIVE	equ 0x80	; as the real BIOS numbers them
THEIR_DRIVE	equ 0x81
DEBUG_PORT	equ 0xE9	; QEMU's isa-debugcon, Bochs's port_e9_hack

start:
	jmp	short load
	nop
	times 0x5A - ($ - $$) db 0

load:
	cli
	mov	ax, LOADED_SEGMENT
	mov	ds, ax
	xor	ax, ax
	mov	ss, ax
	mov	sp, 0x7C00
	sti
	cld
	jmp	LOADED_SEGMENT:.take
.take:
	mov	ax, BDA_SEGMENT
	mov	es, ax
	mov	ax, [es:BDA_MEMORY_K]
	sub	ax, RESIDENT_K
	mov	[es:BDA_MEMORY_K], ax
	shl	ax, 6			; KiB to paragraphs
	mov	[.packet + 6], ax
	push	ax

	mov	si, .packet
	mov	ah, 0x42
	mov	dl, OUR_DRIVE
	int	0x13
	mov	si, .failed
	jc	.dead
	push	word resident		; retf goes to ax:resident
	retf

.dead:	; not what is being tested: say so and stop
	lodsb
	out	DEBUG_PORT, al
	test	al, al
	jnz	.dead
.stop:
	hlt
	jmp	.stop

.failed: db "hostile: can't load myself", 10, 0
.packet: dw 16, RESIDENT_SECTORS, 0, 0
	dq 0

	times 0x1B8 - ($ - $$) db 0
	dd 0x484F5354			; disk signature
	dw 0
	; One active partition, or some BIOSes do not boot us (HW-1).
	db 0x80, 1, 1, 0, 0xDA, 63, 32, 0
	dd 32, 2048 - 32
	times 510 - ($ - $$) db 0
	dw 0xAA55

%include "config.inc"
%include "report.inc"
%include "hooks.inc"
%include "int10.inc"
%include "int13.inc"
%include "reads.inc"
%include "int15.inc"
%include "int16.inc"
%include "entry.inc"
%include "tables.inc"
%include "devices.inc"
%include "monitor.inc"
%include "ports.inc"

; resident - the first instruction at the top of low memory
resident:
	cli
	mov	ax, cs
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	sp, stack_high
	cld
	sti
	call	hooks_install
	jmp	victim_start

	align	512
RESIDENT_SECTORS equ ($ - $$) / 512

; Memory only, not on the disk.
absolute $ - $$
tss:		resb 104
io_bitmap:	resb 8192 + 1
	alignb	16
ebda:		resb 1024
idt:		resb VECTORS * 8
		resb 2048
stack_high:
		resb 2048
monitor_stack_high:
resident_end:
%if resident_end > RESIDENT_K * 1024
%error "RESIDENT_K is too small"
%endif
