; test_diag.asm - diag_offer: who asks, what is loaded, what is not started
;
; The diagnostics are a few bytes of our own in the disk buffer, which say
; that they ran, and with which drives.
; The log: K the keyboard was asked, R a key taken from it, D lba+sectors read,
; G dx the diagnostics ran, W code a warning.

%include "tests/realmode/realmode.inc"

global tests, fake_reset, disk_read, warning_print, serial_alive, serial_status
global fake_in, fake_out, fake_cpuid, fake_pushfd
extern diag_offer

%define HEADER		HEADER_ADDR
%define SEGMENT		(DISK_BUFFER_ADDR / 16)
%define NO_KEY		0		; the BIOS says so
%define NO_ANSWER	0xFF		; there is no such function
%define KEYS_START	0x1E		; of the BIOS's buffer, RBIL 40h:1Eh
%define ENDLESS		255

cpu 386
section_text16

; asked NAME - and the diagnostics must run
%macro asked 1+
	run	diag_offer
	logged	%1
	done
%endmacro
; key CHARACTER, or NO_KEY, NO_ANSWER; TIMES - how often it waits
%macro key 1-2 1
	mov	byte [key_waiting], %1
	mov	byte [key_times], %2
%endmacro
; byte_came CHARACTER - on COM1
%macro byte_came 1
	mov	byte [uart_lsr], UART_LSR_DATA | UART_LSR_THRE
	mov	byte [uart_data], %1
%endmacro

tests:
	call	asking_tests
	jmp	loading_tests

asking_tests:
	case	"diag: nobody asks"
	asked	"K"

	case	"diag: the header asks"
	or	byte [HEADER + HEADER_FLAGS], HEADER_FLAG_DIAG
	asked	"D14+1 GFF80 "
	case	"diag: the header's other flags do not"
	mov	byte [HEADER + HEADER_FLAGS], ~HEADER_FLAG_DIAG & 0xFF
	asked	"K"

	case	"diag: the right Shift key"
	mov	byte [BDA_SHIFT_STATE], 1
	asked	"D14+1 GFF80 "
	case	"diag: the left Shift key"
	mov	byte [BDA_SHIFT_STATE], 2
	asked	"D14+1 GFF80 "
	case	"diag: no other key that shifts"
	mov	byte [BDA_SHIFT_STATE], ~3 & 0xFF
	asked	"K"

	case	"diag: a d waits"
	key	'd'
	asked	"KRD14+1 GFF80 "
	case	"diag: a D waits"
	key	'D'
	asked	"KRD14+1 GFF80 "
	case	"diag: another key waits"
	key	'e'
	asked	"KRK"
	case	"diag: two others, then a d"
	key	'e', 2
	mov	byte [key_behind], 'd'
	asked	"KRKRKRD14+1 GFF80 "
	case	"diag: another key, then a d on COM1"
	key	'e'
	byte_came 'd'
	asked	"KRKD14+1 GFF80 "
	case	"diag: a keyboard that is never empty"
	key	'e', ENDLESS
	run	diag_offer
	same_byte "keys taken", [keys_taken], 64
	done
	case	"diag: a key is told of, and none is there"
	key	'e'
	mov	byte [phantom], 1
	asked	"K"
	case	"diag: no keyboard function, AX full of d"
	key	NO_ANSWER
	mov	dword [in_eax], "dddd"
	asked	"K"

	case	"diag: a d on COM1"
	byte_came 'd'
	asked	"KD14+1 GFF80 "
	case	"diag: a D on COM1"
	byte_came 'D'
	asked	"KD14+1 GFF80 "
	case	"diag: another byte on COM1"
	byte_came 'c'
	asked	"K"
	case	"diag: an old d in COM1's register is none"
	mov	byte [uart_data], 'd'
	asked	"K"
	case	"diag: no COM1, which reads as if a d had come"
	byte_came 'd'
	mov	byte [serial_alive], 0
	asked	"K"
	ret

loading_tests:
	case	"diag: the drives are told"
	call	want
	mov	word [boot_drive], 0x8100 | 0x9
	asked	"D14+1 G8109 "

	case	"diag: behind a longer stage 2"
	call	want
	mov	word [HEADER + HEADER_STAGE2_SECTORS], 0x100
	asked	"D102+1 GFF80 "

	case	"diag: as much as one read holds"
	call	want
	mov	byte [HEADER + HEADER_DIAG_SECTORS], DISK_CHUNK_MAX
	mov	dword [last_word], 0x12345678
	call	program_put
	asked	"D14+40 GFF80 "

	case	"diag: the last word of that is wrong"
	call	want
	mov	byte [HEADER + HEADER_DIAG_SECTORS], DISK_CHUNK_MAX
	mov	dword [last_word], 0x12345678
	call	program_put
	mov	ax, SEGMENT
	mov	es, ax
	inc	dword [es:DISK_CHUNK_MAX * SECTOR_SIZE - 4]
	mov	ax, 0
	mov	es, ax
	run	diag_offer
	logged	"D14+40 W53 "
	same	"sum", [error_numbers], DIAG_SUM_VALUE + 1
	done

	case	"diag: nothing but zeros came"
	call	want
	mov	byte [zeros], 1
	call	program_put
	run	diag_offer
	logged	"D14+1 W53 "
	same	"sum", [error_numbers], 0
	done

	case	"diag: the image has none"
	call	want
	mov	byte [HEADER + HEADER_DIAG_SECTORS], 0
	asked	"W52 "

	case	"diag: they can't be read"
	call	want
	mov	byte [disk_code], E_READ
	run	diag_offer
	logged	"D14+1 W34 "
	same	"the numbers are the disk's", [error_numbers], 0xD15C
	done
	ret

; want - the header asks; clobbers: flags
want:
	or	byte [HEADER + HEADER_FLAGS], HEADER_FLAG_DIAG
	ret

fake_reset:
	mov	byte [BDA_SHIFT_STATE], 0
	mov	byte [HEADER + HEADER_FLAGS], 0
	mov	byte [HEADER + HEADER_DIAG_SECTORS], 1
	mov	word [HEADER + HEADER_STAGE2_SECTORS], 18
	mov	word [boot_drive], 0xFF80
	key	NO_KEY
	mov	byte [key_behind], NO_KEY
	mov	byte [keys_taken], 0
	mov	byte [phantom], 0
	mov	byte [serial_alive], 1
	mov	byte [uart_lsr], UART_LSR_THRE
	mov	byte [uart_data], 0
	mov	byte [disk_code], 0
	mov	byte [zeros], 0
	mov	dword [last_word], 0
	mov	al, INT_KEYBOARD
	mov	dx, keyboard
	call	fake_vector_set
; falls through
; program_put - into the disk buffer, as mkimage makes it
; clobbers: eax, cx, si, di
program_put:
	mov	ax, SEGMENT
	mov	es, ax
	xor	di, di
	xor	eax, eax
	mov	cx, DISK_CHUNK_MAX * SECTOR_SIZE / 4
	rep	stosd
	cmp	byte [zeros], 0
	jne	.done
	mov	si, program
	mov	di, DIAG_ENTRY
	mov	cx, PROGRAM_SIZE
	rep	movsb
	mov	eax, [last_word]
	mov	[es:DISK_CHUNK_MAX * SECTOR_SIZE - 4], eax

	xor	di, di
	mov	eax, DIAG_SUM_VALUE
	mov	cx, DISK_CHUNK_MAX * SECTOR_SIZE / 4
.sum:
	sub	eax, [es:di]
	add	di, 4
	loop	.sum
	mov	[es:DIAG_SUM], eax
.done:
	xor	ax, ax
	mov	es, ax
	ret

; The diagnostics: they go through segment 0 to say so, and come back with no
; register as it was.
program:
	call	0:ran
	retf
PROGRAM_SIZE	equ $ - program

ran:
	movzx	edx, dx
	mov	al, 'G'
	call	log_char
	mov	eax, edx
	call	log_hex
	mov	al, ' '
	call	log_char
	mov	eax, 0xBAD000A1
	mov	ebx, eax
	mov	ecx, eax
	mov	edx, eax
	mov	esi, eax
	mov	edi, eax
	mov	ebp, eax
	mov	fs, ax
	mov	gs, ax
	retf

keyboard:
	cmp	byte [key_waiting], NO_ANSWER
	je	.no_answer
	cmp	byte [call_eax + 1], KEYBOARD_PEEK
	je	.peek
	cmp	byte [call_eax + 1], KEYBOARD_READ
	jne	test_hung
	inc	byte [keys_taken]
	mov	al, 'R'
	call	.answer
	cmp	byte [key_waiting], NO_KEY
	je	test_hung		; it must not wait
	cmp	byte [phantom], 0
	jne	test_hung
	cmp	byte [key_times], ENDLESS
	je	.done
	dec	byte [key_times]
	jnz	.done
	mov	al, [key_behind]	; the next one
	mov	[key_waiting], al
	mov	byte [key_times], 1
	mov	byte [key_behind], NO_KEY
.done:
	ret
.peek:
	mov	byte [fake_zero], 1
	mov	word [BDA_KEYS_HEAD], KEYS_START
	mov	word [BDA_KEYS_TAIL], KEYS_START
	cmp	byte [key_waiting], NO_KEY
	je	.empty
	mov	byte [fake_zero], 0
	cmp	byte [phantom], 0
	jne	.empty
	mov	word [BDA_KEYS_TAIL], KEYS_START + 2
.empty:
	mov	al, 'K'
.answer:
	cmp	byte [keys_taken], 3
	ja	.said			; or the log gets too long
	call	log_char
.said:
	mov	al, [key_waiting]
	mov	[fake_eax], al
	ret
.no_answer:
	mov	al, 'K'
	call	log_char
	mov	eax, [call_eax]
	mov	[fake_eax], eax
	ret

; disk_read - the program lies there already
disk_read:
	push	ax
	mov	al, 'D'
	call	log_char
	pop	ax
	call	log_hex
	mov	al, '+'
	call	log_char
	movzx	eax, cx
	call	log_hex
	mov	al, ' '
	call	log_char
	mov	dword [error_numbers], 0xD15C
	jmp	disk_read_done

warning_print:
	pushad
	mov	al, 'W'
	call	log_char
	movzx	eax, ah
	call	log_hex
	mov	al, ' '
	call	log_char
	popad
	ret

; fake_in - in: stack port (removed). out: al
fake_in:
	push	bp
	mov	bp, sp
	pushf
	push	bx
	mov	bx, [bp + 4]
	mov	al, [uart_lsr]
	cmp	bx, COM1 + UART_LSR
	je	.done
	mov	al, [uart_data]
	cmp	bx, COM1 + UART_DATA
	jne	test_hung
.done:
	pop	bx
	popf
	pop	bp
	ret	2

fake_out:
fake_cpuid:
fake_pushfd:
	jmp	test_hung

section_harness
last_word:	resd 1
key_waiting:	resb 1
key_times:	resb 1
key_behind:	resb 1
keys_taken:	resb 1
phantom:	resb 1			; no key is where the BIOS keeps them
serial_alive:	resb 1
serial_status:	resw 1
uart_lsr:	resb 1
uart_data:	resb 1
zeros:		resb 1

%include "tests/realmode/fake_disk_read.inc"
