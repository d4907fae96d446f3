; error.asm - the texts of all errors, and how a failure of 16-bit code ends

%include "stage2/stage2.inc"

global error_fail, error_table, warning_print
extern bios_call, console_print, console_print_hex, console_putc
extern error_numbers

cpu 386
section_text16

; error_fail - print the error, wait for a key, go back to the BIOS
; in:       ah     E_* code, error_numbers
; out:      does not return
error_fail:
	mov	si, error_word
	call	message_print
	mov	ax, [BDA_KEYS_HEAD]	; forget keys pressed before the
	mov	[BDA_KEYS_TAIL], ax	; question (HW-40)
	mov	si, error_end
	call	console_print
	xor	ah, ah
	bios	INT_KEYBOARD
	bios	INT_NO_BOOT		; the next boot device, if there is one
	jmp	0xFFFF:0		; INT 18h has returned: reboot

; warning_print - print a warning; the boot goes on
; in:       ah     W_* code, error_numbers
; clobbers: fs, gs, flags
warning_print:
	pushad
	mov	si, warning_word
	call	message_print
	mov	al, 10
	call	console_putc
	popad
	ret

; message_print - "firstlight: error 34: text with numbers"
; in:       si     error_word or warning_word;  ah  code;  error_numbers
; clobbers: eax, bx, si, fs, gs, flags
message_print:
	mov	bl, ah
	push	si
	mov	si, prefix
	call	console_print
	pop	si
	call	console_print
	movzx	eax, bl
	call	console_print_hex
	mov	si, separator
	call	console_print

	mov	si, error_table
.find:	; the table ends in a code 0 with words of its own
	lodsb
	cmp	al, bl
	je	.found
	test	al, al
	jz	.found
.skip:
	lodsb
	test	al, al
	jnz	.skip
	jmp	.find
.found:
	mov	bx, error_numbers
.next:
	lodsb
	cmp	al, '%'
	je	.number
	cmp	al, '$'
	je	.string
	test	al, al
	jz	.done
	call	console_putc
	jmp	.next
.number:
	mov	eax, [bx]
	add	bx, 4
	call	console_print_hex
	jmp	.next
.string:
	push	si
	mov	si, [bx]
	add	bx, 4
	call	console_print
	pop	si
	jmp	.next
.done:
	ret

section_rodata16
prefix:		db 10, "firstlight: ", 0
error_word:	db "error ", 0
warning_word:	db "warning ", 0
separator:	db ": ", 0
error_end:	db 10, "Press a key for the next boot device.", 10, 0

; Code, text, NUL; and so on. report.c reads it, too.
%macro words 2
	db %1, %2, 0
%endmacro
error_table:
	words E_NO_CPUID, E_NO_CPUID_TEXT
	words E_CPU_FEATURES, E_CPU_FEATURES_TEXT
	words E_LOW_MEMORY, E_LOW_MEMORY_TEXT
	words E_A20, E_A20_TEXT
	words E_NO_MAP, E_NO_MAP_TEXT
	words E_LOAD_RANGE, E_LOAD_RANGE_TEXT
	words E_HEADER_CRC, E_HEADER_CRC_TEXT
	words E_HEADER_VERSION, E_HEADER_VERSION_TEXT
	words E_BLOB_TABLE, E_BLOB_TABLE_TEXT
	words E_READ, E_READ_TEXT
	words E_BLOB_CRC, E_BLOB_CRC_TEXT
	words E_KERNEL_RETURNED, E_KERNEL_RETURNED_TEXT
	words E_FAULT, E_FAULT_TEXT
	words E_FAULT_32, E_FAULT_32_TEXT
	words W_DRIVE, W_DRIVE_TEXT
	words W_MAP_TRUNCATED, W_MAP_TRUNCATED_TEXT
	words W_DIAG_MISSING, W_DIAG_MISSING_TEXT
	words W_DIAG_DAMAGED, W_DIAG_DAMAGED_TEXT
	words W_NO_TEXT, W_NO_TEXT_TEXT
	db 0, "?", 0
