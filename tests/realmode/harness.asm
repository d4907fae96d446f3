; harness.asm - registers full of sentinels, and TAP lines on COM1
;
; Uses no BIOS: that one is fake while a test runs.

%define HARNESS
%include "tests/realmode/realmode.inc"

global test_begin, test_end, run_routine, expect_equal, expect_log
global expect_success, expect_failure, expect_carry, test_hung
global log_char, log_hex, log_text, log_empty
global run_target, run_clobbers
global in_eax, in_ebx, in_ecx, in_edx, in_esi, in_edi, in_ebp
global out_eax, out_esi, out_flags, boot_drive
extern tests, fake_reset, error_numbers, bss16_start, bss16_end
extern harness_bss_start, harness_bss_end

%define LOG_SIZE	1200
%define SENTINEL_FS	0xF5F5
%define SENTINEL_GS	0x6565
%define FLAG_CARRY	0x001
%define FLAG_INTERRUPTS	0x200
%define FLAG_DIRECTION	0x400
%define REGISTERS	7

cpu 386
section .entry16 progbits alloc exec nowrite
bits 16
global realmode_start
realmode_start:
	mov	sp, BOOT_SECTOR_ADDR & ~(PAGE_SIZE - 1)	; realmode.ld says why
	mov	al, 0xFF		; no interrupts from the real BIOS
	out	0x21, al
	out	0xA1, al
	mov	di, harness_bss_start
	mov	cx, harness_bss_end
	call	clear
	mov	byte [boot_drive], 0x80
	call	tests
	text	si, "1.."
	call	print
	movzx	eax, word [tests_run]
	call	print_decimal
	mov	al, 10
	call	putc
	mov	al, DEBUG_EXIT_SUCCESS
	cmp	word [tests_failed], 0
	je	quit
	mov	al, DEBUG_EXIT_FAILURE
quit:
	out	DEBUG_EXIT, al
	cli
	hlt
	jmp	quit

section_text16

; clear - zero [di, cx)
clear:
	sub	cx, di
	xor	al, al
	rep	stosb
	ret

; test_begin - in: si  name
test_begin:
	mov	[test_name], si
	mov	byte [test_failed], 0
	call	log_empty
	mov	di, bss16_start
	mov	cx, bss16_end
	call	clear
	mov	di, error_numbers
	mov	cx, error_numbers + 4 * ERROR_NUMBERS
	call	clear
	mov	si, sentinels
	mov	di, in_eax
	mov	cx, REGISTERS
	rep	movsd
	jmp	fake_reset

; test_end - the TAP line
test_end:
	inc	word [tests_run]
	cmp	byte [test_failed], 0
	je	.ok
	inc	word [tests_failed]
	text	si, "not "
	call	print
.ok:
	text	si, "ok "
	call	print
	mov	si, [test_name]
	call	print
	mov	al, 10
	jmp	putc

; test_hung - for a fake that was asked too often
test_hung:
	xor	ax, ax
	mov	ds, ax
	text	si, "not ok "
	call	print
	mov	si, [test_name]
	call	print
	text	si, ": does not end"
	call	print
	mov	al, 10
	call	putc
	mov	al, DEBUG_EXIT_FAILURE
	jmp	quit

; run_routine - call [run_target] with in_*, keep out_*, compare
run_routine:
	mov	[saved_sp], sp
	mov	ax, SENTINEL_FS
	mov	fs, ax
	mov	ax, SENTINEL_GS
	mov	gs, ax
	mov	eax, [in_eax]
	mov	ebx, [in_ebx]
	mov	ecx, [in_ecx]
	mov	edx, [in_edx]
	mov	esi, [in_esi]
	mov	edi, [in_edi]
	mov	ebp, [in_ebp]
	cld
	sti
	stc				; success must clear it
	call	[run_target]
	mov	[cs:out_eax], eax	; DS is not to be trusted yet
	mov	[cs:out_ebx], ebx
	mov	[cs:out_ecx], ecx
	mov	[cs:out_edx], edx
	mov	[cs:out_esi], esi
	mov	[cs:out_edi], edi
	mov	[cs:out_ebp], ebp
	mov	[cs:out_sp], sp
	pushfd
	pop	dword [cs:out_flags]
	mov	ax, ds
	mov	[cs:out_ds], ax
	mov	ax, es
	mov	[cs:out_es], ax
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	mov	sp, [saved_sp]
	cld

	xor	bx, bx
.register:
	mov	cx, bx
	mov	edx, -1			; the bits that must be kept
	mov	ax, [run_clobbers]
	shr	ax, cl
	test	al, 1
	jz	.compare
	mov	edx, 0xFFFF0000
	test	ah, 1
	jz	.compare
	xor	edx, edx
.compare:
	mov	si, bx
	shl	si, 2
	mov	eax, [out_eax + si]
	and	eax, edx
	and	edx, [in_eax + si]
	add	si, register_names
	call	expect_equal
	inc	bx
	cmp	bx, REGISTERS
	jb	.register

	test	word [run_clobbers], C_FS
	jnz	.fs_free
	mov	ax, fs
	same_word "fs", ax, SENTINEL_FS
.fs_free:
	test	word [run_clobbers], C_GS
	jnz	.gs_free
	mov	ax, gs
	same_word "gs", ax, SENTINEL_GS
.gs_free:
	same_word "ds", [out_ds], 0
	same_word "es", [out_es], 0
	movzx	ecx, word [saved_sp]
	same_word "sp", [out_sp], ecx
	mov	ecx, [out_flags]
	and	ecx, FLAG_DIRECTION | FLAG_INTERRUPTS
	same "DF=0, IF=1", ecx, FLAG_INTERRUPTS
	ret

expect_success:
	mov	dl, 0			; falls through

; expect_carry - in: dl  what CF must be
expect_carry:
	movzx	ebx, dl
	mov	ecx, [out_flags]
	and	ecx, FLAG_CARRY
	same	"CF", ecx, ebx
	ret

; expect_failure - in: dl  code
expect_failure:
	push	dx
	mov	dl, 1
	call	expect_carry
	pop	dx
	movzx	ebx, dl
	same_byte "code", [out_eax + 1], ebx
	ret

; expect_equal - in: eax got, edx expected, si what
; clobbers: flags
expect_equal:
	cmp	eax, edx
	je	.done
	pushad
	call	complain
	call	print_hex
	text	si, ", not "
	call	print
	mov	eax, edx
	call	print_hex
	mov	al, 10
	call	putc
	popad
.done:
	ret

; complain - in: si what; prints "# what: "
complain:
	push	ax
	mov	byte [test_failed], 1
	push	si
	text	si, "# "
	call	print
	pop	si
	call	print
	text	si, ": "
	call	print
	pop	ax
	ret

; expect_log - in: si text that the log must hold
expect_log:
	mov	bx, si
	mov	di, log
.next:
	lodsb
	scasb
	jne	.differs
	test	al, al
	jnz	.next
	ret
.differs:
	text	si, "log"
	call	complain
	mov	si, log
	call	print
	text	si, ", not "
	call	print
	mov	si, bx
	call	print
	mov	al, 10
	jmp	putc

log_empty:
	mov	word [log_end], log
	mov	byte [log], 0
	ret

; log_char - in: al.  The log is full: the rest is lost, and so the test.
; clobbers: flags
log_char:
	push	di
	mov	di, [log_end]
	cmp	di, log + LOG_SIZE - 1
	jae	.done
	stosb
	mov	byte [di], 0
	mov	[log_end], di
.done:
	pop	di
	ret

; log_text - in: si.  clobbers: al, si, flags
log_text:
	lodsb
	test	al, al
	jz	.done
	call	log_char
	jmp	log_text
.done:
	ret

; log_hex - in: eax, as few digits as it needs. clobbers: flags
log_hex:
	mov	word [number_sink], log_char
	jmp	number
print_hex:
	mov	word [number_sink], putc
number:
	pushad
	mov	ebx, 16
	jmp	digits
print_decimal:
	mov	word [number_sink], putc
	pushad
	mov	ebx, 10
digits:
	xor	cx, cx
.divide:
	xor	edx, edx
	div	ebx
	push	dx
	inc	cx
	test	eax, eax
	jnz	.divide
.say:
	pop	ax
	cmp	al, 10
	sbb	al, 0x69
	das
	call	[number_sink]
	loop	.say
	popad
	ret

; print - in: si.  clobbers: al, si, flags
print:
	lodsb
	test	al, al
	jz	.done
	call	putc
	jmp	print
.done:
	ret

; putc - in: al.  clobbers: flags
putc:
	push	dx
	push	ax
	mov	dx, COM1 + UART_LSR
.wait:
	in	al, dx
	test	al, UART_LSR_THRE
	jz	.wait
	pop	ax
	mov	dx, COM1 + UART_DATA
	out	dx, al
	pop	dx
	ret

section_rodata16
register_names:
	db "eax", 0, "ebx", 0, "ecx", 0, "edx", 0, "esi", 0, "edi", 0, "ebp", 0
	align 4, db 0
sentinels:
	dd 0xA1A2A3A4, 0xB1B2B3B4, 0xC1C2C3C4, 0xD1D2D3D4
	dd 0x51525354, 0xD9DADBDC, 0xBB5B5B5B

section_harness
in_eax:		resd 1			; the order of register_names
in_ebx:		resd 1
in_ecx:		resd 1
in_edx:		resd 1
in_esi:		resd 1
in_edi:		resd 1
in_ebp:		resd 1
out_eax:	resd 1
out_ebx:	resd 1
out_ecx:	resd 1
out_edx:	resd 1
out_esi:	resd 1
out_edi:	resd 1
out_ebp:	resd 1
out_flags:	resd 1
out_sp:		resw 1
out_ds:		resw 1
out_es:		resw 1
saved_sp:	resw 1
run_target:	resw 1
run_clobbers:	resw 1
tests_run:	resw 1
tests_failed:	resw 1
test_name:	resw 1
number_sink:	resw 1
log_end:	resw 1
test_failed:	resb 1
boot_drive:	resb 2			; and bios_drive, as in start.asm
log:		resb LOG_SIZE
