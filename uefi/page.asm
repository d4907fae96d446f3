; page.asm - the page of text that a PC shows if UEFI has started the image
;
; EFI/BOOT/BOOTX64.EFI of the volume in volume.asm: a PE32+ file, the only kind
; that UEFI starts, with one section of code and words. Nothing in it is
; written to, nothing depends on its address: no data section, no relocations.
; The calls are the UEFI Specification's ("EFI System Table", "Console Support",
; "Services - Boot Services"), in Microsoft's convention: arguments in RCX, RDX,
; R8, R9, behind 32 bytes of stack for the callee; RBX, RDI, RSI are kept.

%include "boot/layout.inc"

bits 64
default rel

%define FILE_ALIGN	SECTOR_SIZE
%define SECTION_ALIGN	PAGE_SIZE

; EFI_SYSTEM_TABLE, byte offsets
%define FIRMWARE_VENDOR	 0x18		; CHAR16 *
%define FIRMWARE_REVISION 0x20		; u32
%define CON_IN		 0x30
%define CON_OUT		 0x40
%define BOOT_SERVICES	 0x60
; EFI_SIMPLE_TEXT_INPUT_PROTOCOL, _OUTPUT_PROTOCOL, EFI_BOOT_SERVICES
%define RESET		 0x00
%define READ_KEY	 0x08
%define WAIT_FOR_KEY	 0x10		; an event
%define OUTPUT_STRING	 0x08
%define CLEAR_SCREEN	 0x30
%define WAIT_FOR_EVENT	 0x60
%define SET_WATCHDOG	 0x100

; For Microsoft's convention and calls at RSP = 0 mod 16.
%define SHADOW		32
%define LOCALS		32
%define FRAME		(SHADOW + LOCALS)

; ---- The file's headers (Microsoft, "PE Format") ----------------------------

section page start=0
file:
	db "MZ"
	times 0x3C - ($ - file) db 0
	dd coff - file

coff:	db "PE", 0, 0
	dw 0x8664			; x86-64
	dw 1				; sections
	dd 0, 0, 0			; no time stamp, no symbols
	dw optional_end - optional
	dw 0x0022			; executable, may lie above 2 GiB

optional:
	dw 0x020B			; PE32+
	db 0, 0
	dd text_size			; of code
	dd 0, 0				; of data, of zeros
	dd SECTION_ALIGN + entry - text	; entry, from the image's base
	dd SECTION_ALIGN		; where code begins
	dq 0				; any base will do
	dd SECTION_ALIGN, FILE_ALIGN
	dw 0, 0, 0, 0, 0, 0		; versions
	dd 0
	dd 2 * SECTION_ALIGN		; the image in memory
	dd FILE_ALIGN			; the headers
	dd 0				; no checksum
	dw 10				; a UEFI application
	dw 0x0100			; no page is written and executed
	dq 0, 0, 0, 0			; stack and heap are the firmware's
	dd 0
	dd 16				; directories: none is there
	times 16 dq 0
optional_end:

	db ".text", 0, 0, 0
	dd text_used, SECTION_ALIGN, text_size, FILE_ALIGN
	dd 0, 0
	dw 0, 0
	dd 0x60000020			; code: execute, read
	times FILE_ALIGN - ($ - file) db 0

; ---- The program ------------------------------------------------------------

text:
; entry - say why nothing boots, wait for a key, go back to the firmware
; in:       rdx    EFI_SYSTEM_TABLE
; out:      rax    EFI_SUCCESS
entry:
	push	rbx
	push	rsi
	sub	rsp, FRAME + 8
	mov	rbx, rdx

	; The watchdog would restart the PC after 5 minutes.
	xor	ecx, ecx
	xor	edx, edx
	xor	r8d, r8d
	xor	r9d, r9d
	mov	rax, [rbx + BOOT_SERVICES]
	call	[rax + SET_WATCHDOG]

	mov	rcx, [rbx + CON_OUT]
	call	[rcx + CLEAR_SCREEN]
	lea	rdx, [words]
	call	print
	mov	rdx, [rbx + FIRMWARE_VENDOR]
	call	print
	lea	rdx, [revision]
	call	print
	call	print_revision
	lea	rdx, [key]
	call	print

	mov	rcx, [rbx + CON_IN]
	xor	edx, edx
	call	[rcx + RESET]		; forget older keys
	mov	rax, [rbx + CON_IN]
	mov	rax, [rax + WAIT_FOR_KEY]
	mov	[rsp + SHADOW], rax
	mov	ecx, 1			; events
	lea	rdx, [rsp + SHADOW]
	lea	r8, [rsp + SHADOW + 8]	; which it was
	mov	rax, [rbx + BOOT_SERVICES]
	call	[rax + WAIT_FOR_EVENT]
	mov	rcx, [rbx + CON_IN]
	lea	rdx, [rsp + SHADOW]
	call	[rcx + READ_KEY]

	xor	eax, eax
	add	rsp, FRAME + 8
	pop	rsi
	pop	rbx
	ret

; print - a string of CHAR16, on all consoles of the firmware
; in:       rbx    EFI_SYSTEM_TABLE;  rdx  string
print:
	mov	rcx, [rbx + CON_OUT]
	sub	rsp, SHADOW + 8
	call	[rcx + OUTPUT_STRING]
	add	rsp, SHADOW + 8
	ret

; print_revision - the firmware's own number, 8 hexadecimal digits
; in:       rbx    EFI_SYSTEM_TABLE
print_revision:
	push	rsi
	sub	rsp, FRAME
	mov	eax, [rbx + FIRMWARE_REVISION]
	lea	rsi, [rsp + SHADOW]
	mov	ecx, 8
.digit:
	rol	eax, 4
	mov	edx, eax
	and	edx, 15
	add	edx, '0'
	cmp	edx, '9'
	jbe	.store
	add	edx, 'A' - '9' - 1
.store:
	mov	[rsi], dx
	add	rsi, 2
	loop	.digit
	mov	word [rsi], 0
	lea	rdx, [rsp + SHADOW]
	call	print
	add	rsp, FRAME
	pop	rsi
	ret

%macro line 1
	dw __utf16__(%1), 13, 10
%endmacro
words:
	line "Firstlight boots by a BIOS. This PC has started it by UEFI."
	dw 13, 10
	line "To see it boot on this PC, in its setup:"
	line "  - switch Secure Boot off;"
	line "  - switch Legacy boot, or CSM, on;"
	line "  - in the boot menu choose this drive's entry without UEFI."
	line "Many PCs made since about 2020 have no such switch. On any PC:"
	line "  qemu-system-x86_64 -drive format=raw,file=firstlight.img"
	dw 13, 10
	dw __utf16__("Firmware: "), 0
revision:
	dw __utf16__(", revision "), 0
key:
	dw 13, 10, 13, 10
	line "Press a key to go back."
	dw 0
text_used equ $ - text
	times -($ - file) & (FILE_ALIGN - 1) db 0
text_size equ $ - text
