; console.asm - print text, by the BIOS on the screen, and on COM1 and port E9h

%include "stage2/stage2.inc"

global console_init, console_putc, console_print, console_print_hex
global ports_putc
global serial_alive, serial_status, debugcon_alive
extern bios_call

%if UART_POLLS != 0x10000
%error "CX counts more or fewer polls, from 0 on"
%endif

cpu 386
section_text16

; console_init - find out which of COM1 and port E9h are there
; clobbers: ax, dx, flags                              answers: HW-32
console_init:
	mov	dx, COM1 + UART_IER	; no interrupts; a UART reads it back
	xor	al, al
	out	dx, al
	in	al, dx
	test	al, al
	jnz	.debugcon
	mov	dl, (COM1 + UART_LCR) & 0xFF
	mov	al, UART_LCR_DLAB
	out	dx, al
	mov	dl, (COM1 + UART_DATA) & 0xFF
	mov	al, UART_DIVISOR
	out	dx, al
	inc	dx			; the divisor's high byte
	xor	al, al
	out	dx, al
	mov	dl, (COM1 + UART_LCR) & 0xFF
	mov	al, UART_LCR_8N1
	out	dx, al
	inc	dx			; UART_MCR
	mov	al, UART_MCR_DTR_RTS
	out	dx, al
	mov	byte [serial_alive], 1
.debugcon:
	in	al, DEBUGCON
	cmp	al, DEBUGCON
	jne	.done
	mov	byte [debugcon_alive], 1
.done:
	ret

; console_putc - one character everywhere
; in:       al     character; LF also returns the carriage
; clobbers: fs, gs, flags
console_putc:
	pushad
	cmp	al, 10
	jne	.screen
	mov	al, 13
	call	console_putc
	mov	al, 10
.screen:
	push	ax
	mov	ah, VIDEO_TELETYPE
	mov	bl, 7			; grey, in a graphics mode
	mov	bh, [BDA_VIDEO_PAGE]	; video_init may come later
	bios	INT_VIDEO
	pop	ax
	call	ports_putc
	popad
	ret

; ports_putc - one character to COM1 and port E9h
; in:       al     character
; clobbers: ax, cx, dx, flags
ports_putc:
	cmp	byte [debugcon_alive], 0
	je	.serial
	out	DEBUGCON, al
.serial:
	cmp	byte [serial_alive], 0
	je	.done
	mov	ah, al
	xor	cx, cx			; UART_POLLS
	mov	dx, COM1 + UART_LSR
.poll:
	in	al, dx
	or	[serial_status], al
	test	al, UART_LSR_THRE
	jnz	.send
	loop	.poll
	mov	byte [serial_alive], 0	; give it up for good (HW-32)
	jmp	.done
.send:
	mov	dl, (COM1 + UART_DATA) & 0xFF
	mov	al, ah
	out	dx, al
.done:
	ret

; console_print - a string
; in:       si     NUL-terminated string
; out:      si     behind its NUL
; clobbers: al, fs, gs, flags
console_print:
	lodsb
	test	al, al
	jz	.done
	call	console_putc
	jmp	console_print
.done:
	ret

; console_print_hex - a number, without leading zeros
; in:       eax
; clobbers: fs, gs, flags
console_print_hex:
	pushad
	mov	cx, 8
.skip:	; leading zeros, but not the last digit
	cmp	cl, 1
	je	.digit
	test	eax, 0xF0000000
	jnz	.digit
	shl	eax, 4
	loop	.skip
.digit:
	rol	eax, 4
	push	eax
	and	al, 0x0F
	cmp	al, 10
	sbb	al, 0x69
	das				; 0..15 to '0'..'F'
	call	console_putc
	pop	eax
	loop	.digit
	popad
	ret

section_bss16
serial_alive:	resb 1
debugcon_alive:	resb 1
serial_status:	resw 1			; UART_LSR_*, each bit ever read as 1
