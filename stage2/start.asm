; start.asm - stage 2's first instruction, and its table of contents
;
; Entered from the boot sector: real mode, all segments 0, DL = drive,
; DH = what the BIOS gave as drive, header at HEADER_ADDR.

%include "stage2/stage2.inc"

global stage2_start
global boot_drive, bios_drive, time_stamps
extern a20_enable, blobs_load, bss16_start, bss16_end, console_init
extern cpu_check, diag_offer, disk_init, error_fail, header_check
extern long_mode_enter
extern low_memory_check, memory_map_read, memory_warn
extern video_init, video_warn, warning_print
extern error_numbers, tables_fill

cpu 386

; step ROUTINE - call it; if it fails, end with its error
%macro step 1
	call	%1
	jc	error_fail
%endmacro

; milestone INDEX - note the TSC for boot_info.time_stamps; see time_note
%macro milestone 1
	mov	di, time_stamps + 8 * (%1)
	call	time_note
%endmacro

section .entry16 progbits alloc exec nowrite
bits 16
stage2_start:
	call	variables_clear
	mov	[boot_drive], dl
	mov	[bios_drive], dh
	call	console_init
	call	tables_fill
	call	drive_warn		; HW-12

	step	header_check
	step	disk_init
	call	diag_offer		; before all that may fail

	step	cpu_check		; from here on more than a 386
	milestone TIME_STAGE2
	step	a20_enable
	milestone TIME_A20
	step	low_memory_check
	step	memory_map_read
	call	memory_warn
	call	video_init
	call	video_warn
	milestone TIME_MEMORY

	step	blobs_load
	milestone TIME_LOADED

	jmp	long_mode_enter		; which ends in stage2_main, main.c

; time_note - store the TSC
; in:       di     where to
; clobbers: eax, edx, di
time_note:
	cpu	586
	rdtsc
	cpu	386
	stosd
	xchg	eax, edx
	stosd
	ret

; variables_clear - zero .bss16, RAM holds anything at power-on (HW-11)
; clobbers: eax, cx, di, flags
variables_clear:
	xor	eax, eax
	mov	di, bss16_start
	mov	cx, bss16_end
	sub	cx, di
	shr	cx, 2			; the linker script aligns both ends
	rep	stosd
	ret

; drive_warn - warn when the boot sector did not use the BIOS's DL
; clobbers: eax, fs, gs, flags
drive_warn:
	movzx	eax, byte [bios_drive]
	cmp	al, [boot_drive]
	je	.done
	mov	[error_numbers], eax
	mov	al, [boot_drive]
	mov	[error_numbers + 4], eax
	mov	ah, W_DRIVE
	jmp	warning_print
.done:
	ret

section_bss16
time_stamps:	resq TIME_COUNT
boot_drive:	resb 1			; these two in this order: diag.asm
bios_drive:	resb 1
