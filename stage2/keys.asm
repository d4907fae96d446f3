; keys.asm - what somebody has typed, on the keyboard or on COM1
;
; Nothing here waits for a key.

%include "stage2/stage2.inc"

global key_read, serial_read, serial_lost
extern bios_call, serial_alive, serial_status

cpu 386
section_text16

; key_read - take a key from the BIOS, if one has been pressed
; A BIOS may report a key that it does not have, and wait for it (HW-51).
; out:      CF=0   al  character, 0 for a key that has none
;           CF=1   no key
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
key_read:
	mov	ah, KEYBOARD_PEEK
	bios	INT_KEYBOARD
	jz	.none
	mov	ax, [BDA_KEYS_HEAD]	; equal without a keyboard, too
	cmp	ax, [BDA_KEYS_TAIL]
	je	.none
	mov	ah, KEYBOARD_READ
	bios	INT_KEYBOARD
	clc
	ret
.none:
	stc
	ret

; serial_read - take a byte from COM1, if one has come
; out:      CF=0   al;  CF=1   none
; clobbers: al, dx, flags
serial_read:
	cmp	byte [serial_alive], 0	; absent, all bits read as 1 (HW-32)
	je	key_read.none
	mov	dx, COM1 + UART_LSR
	in	al, dx
	or	[serial_status], al
	test	al, UART_LSR_DATA
	jz	key_read.none
	mov	dl, (COM1 + UART_DATA) & 0xFF
	in	al, dx			; CF=0
	ret

; serial_lost - has a byte been lost on COM1 since this was last asked? (HW-52)
; out:      CF=1   yes
; clobbers: flags
serial_lost:
	btr	word [serial_status], UART_LSR_OVERRUN_BIT
	ret
