; test_console.asm - text on a screen whose BIOS trashes registers, on a COM1
; that may be absent or dead, and in the words of errors
;
; The log: what INT 10h was given; a character to COM1 has a < before it, one
; to port E9h a >.

%include "tests/realmode/realmode.inc"

global tests, fake_reset
global fake_in, fake_out, fake_cpuid, fake_pushfd
extern console_init, console_putc, console_print, console_print_hex
extern warning_print, serial_alive, debugcon_alive

%define UART_ABSENT	0		; reads FFh
%define UART_GOOD	1
%define UART_DEAD	2		; there, but takes no byte, ever
%define NEW_LINE	13, 10
%define REGISTERS_UART	8

; It moves si, which its header lists as a result.
%define CLOBBERS_console_print_si (CLOBBERS_console_print | C_SI)

cpu 386
section_text16

; shows ROUTINE, EAX, TEXT
%macro shows 3+
	mov	dword [in_eax], %2
	run	%1
	logged	%3
%endmacro

tests:
	call	init_tests
	call	text_tests
	jmp	warning_tests

init_tests:
	case	"console: COM1 and port E9h are there"
	run	console_init
	same_byte "serial", [serial_alive], 1
	same_byte "debugcon", [debugcon_alive], 1
	same_byte "divisor, low", [divisor], UART_DIVISOR
	same_byte "divisor, high", [divisor + 1], 0
	same_byte "format", [uart_register + UART_LCR], UART_LCR_8N1
	same_byte "interrupts", [uart_register + UART_IER], 0
	shows	console_putc, 'x', "x>x<x"
	done

	case	"console: no COM1"
	mov	byte [uart], UART_ABSENT
	run	console_init
	same_byte "serial", [serial_alive], 0
	shows	console_putc, 'x', "x>x"
	done

	case	"console: no port E9h"
	mov	byte [debugcon_reads], 0xFF
	run	console_init
	same_byte "debugcon", [debugcon_alive], 0
	shows	console_putc, 'x', "x<x"
	done

	case	"console: a dead COM1 costs one wait"
	mov	byte [uart], UART_DEAD
	run	console_init
	same_byte "serial", [serial_alive], 1
	shows	console_putc, 'x', "x>x"
	same_byte "serial", [serial_alive], 0
	mov	eax, [polls]
	xor	edx, edx
	mov	ecx, UART_POLLS
	div	ecx
	same	"waits", eax, 1
	mov	dword [polls], 0
	shows	console_putc, 'y', "x>xy>y"
	same	"polls", [polls], 0
	done
	ret

text_tests:
	case	"console: a line feed returns the carriage"
	shows	console_putc, 0xA1A2A300 | 10, NEW_LINE
	done

	case	"console: a string, si behind it"
	text	ax, "some words"
	movzx	eax, ax
	mov	[in_esi], eax
	run	console_print_si
	logged	"some words"
	mov	ebx, [in_esi]
	add	ebx, 11
	same	"si", [out_esi], ebx
	done

	case	"console: another page than 0 is shown"
	mov	byte [BDA_VIDEO_PAGE], 3
	shows	console_putc, 'x', "x"
	done

	case	"console: 0"
	shows	console_print_hex, 0, "0"
	done
	case	"console: F"
	shows	console_print_hex, 0xF, "F"
	done
	case	"console: 100"
	shows	console_print_hex, 0x100, "100"
	done
	case	"console: 9ABCDEF0"
	shows	console_print_hex, 0x9ABCDEF0, "9ABCDEF0"
	done
	ret

warning_tests:
	case	"warning: two numbers in their places"
	mov	dword [error_numbers], 0xFF
	mov	dword [error_numbers + 4], 0x80
	shows	warning_print, W_DRIVE << 8, NEW_LINE, \
		"firstlight: warning 50: the BIOS named drive FF, ", \
		"booted from 80", NEW_LINE
	done

	case	"warning: words within the words"
	mov	dword [error_numbers], 0x6F1
	text	ax, " SSE"
	movzx	eax, ax
	mov	[error_numbers + 4], eax
	shows	warning_print, E_CPU_FEATURES << 8, NEW_LINE, \
		"firstlight: warning 11: the CPU (signature 6F1) lacks ", \
		"SSE: a 64-bit CPU is needed", NEW_LINE
	done

	case	"warning: a code without words"
	shows	warning_print, 0xEE00, NEW_LINE, \
		"firstlight: warning EE: ?", NEW_LINE
	done
	ret

console_print_si:
	jmp	console_print

; fake_reset - all there
fake_reset:
	mov	al, INT_VIDEO
	mov	dx, int10
	call	fake_vector_set
	mov	byte [uart], UART_GOOD
	mov	byte [debugcon_reads], DEBUGCON
	mov	byte [BDA_VIDEO_PAGE], 0
	mov	dword [polls], 0
	mov	di, uart_register
	mov	cx, REGISTERS_UART
	mov	al, 0x5A
	rep	stosb
	ret

int10:
	cmp	byte [call_eax + 1], VIDEO_TELETYPE
	jne	.wrong
	mov	al, [BDA_VIDEO_PAGE]
	cmp	[call_ebx + 1], al
	jne	.wrong
	mov	al, [call_eax]
	jmp	log_char
.wrong:
	mov	al, '!'
	jmp	log_char

; fake_in - in: stack port (removed). out: al
fake_in:
	push	bp
	mov	bp, sp
	pushf
	push	eax
	push	bx
	inc	dword [polls]
	cmp	dword [polls], 4 * UART_POLLS
	ja	test_hung
	mov	bx, [bp + 4]
	mov	al, [debugcon_reads]
	cmp	bx, DEBUGCON
	je	.done
	sub	bx, COM1
	cmp	bx, REGISTERS_UART
	jae	test_hung
	mov	al, 0xFF
	cmp	byte [uart], UART_ABSENT
	je	.done
	mov	al, [uart_register + bx]
	cmp	bx, UART_LSR
	jne	.done
	mov	al, UART_LSR_THRE
	cmp	byte [uart], UART_GOOD
	je	.done
	xor	al, al
.done:
	pop	bx
	mov	[bp - 6], al		; al of the pushed eax
	pop	eax
	popf
	pop	bp
	ret	2

; fake_out - in: stack port (removed), al
fake_out:
	push	bp
	mov	bp, sp
	pushf
	push	ax
	push	bx
	mov	bx, [bp + 4]
	cmp	bx, DEBUGCON
	je	.debugcon
	sub	bx, COM1
	cmp	bx, REGISTERS_UART
	jae	test_hung
	cmp	bx, UART_IER
	ja	.store
	test	byte [uart_register + UART_LCR], UART_LCR_DLAB
	jnz	.divisor
	cmp	bx, UART_DATA
	jne	.store
	mov	ah, '<'
.character:
	xchg	al, ah
	call	log_char
	mov	al, ah
	call	log_char
	jmp	.done
.debugcon:
	mov	ah, '>'
	jmp	.character
.divisor:
	mov	[divisor + bx], al
	jmp	.done
.store:
	mov	[uart_register + bx], al
.done:
	pop	bx
	pop	ax
	popf
	pop	bp
	ret	2

fake_cpuid:	; not the business of a console
fake_pushfd:
	jmp	test_hung

section_harness
polls:		resd 1
uart:		resb 1
debugcon_reads:	resb 1
divisor:	resb 2
uart_register:	resb REGISTERS_UART
