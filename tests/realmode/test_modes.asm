; test_modes.asm - copy_up, exceptions in its 32-bit window, the BIOS's end
;
; The way on to long mode is for boots to show: it does not come back.
; The log: T the BIOS is told, PP=VV a port written, PP? one read.

%include "tests/realmode/realmode.inc"

global tests, fake_reset, error_fail, boot_info, bss_start, bss_end
global cpu_ext_edx, text_base, stage2_main, fault_report, kernel_returned_report
global fake_in, fake_out, fake_cpuid, fake_pushfd
extern copy_up, long_mode_enter, protected_mode, tables_fill

%define HIGH_SEGMENT	0xFFFF		; offset 10h is 1 MiB
%define HIGH_OFFSET	0x10
%define EMPTY		0xEE
%define GUARD		8		; bytes behind that must stay
%define NO_SELECTOR	0x1230
%define OPCODE_UD2	0x0B0F
%define VECTOR_UD	6
%define VECTOR_GP	13
%define VECTOR_LAST	31
%define ALL (C_EAX | C_EBX | C_ECX | C_EDX | C_ESI | C_EDI | C_EBP)
%define CLOBBERS_fault_gp	ALL
%define CLOBBERS_fault_ud	ALL
%define CLOBBERS_fault_last	ALL
%define CLOBBERS_last_call	(ALL | C_FS | C_GS)
%define FLAG_INTERRUPTS		0x200
%define PIT_CHANNEL_0	0x40		; 8254
%define PIT_COMMAND	0x43
%define PIT_RATE	0x34		; channel 0, both bytes, mode 2
%define TICK_FAST	64		; 54 us
%define TICK_USUAL	0		; 55 ms
%define PIC1_TIMER	1
%define COPIES		2000

cpu 386
section_text16

; copies BYTES - to 1 MiB, these and no more
%macro copies 1
	mov	dword [in_edi], LOAD_ADDR
	mov	dword [in_ecx], %1
	run	copy_up
	mov	cx, %1
	call	high_check
%endmacro
; fault NAME, VECTOR, EIP, CODE
%macro fault 4
	call	tables_fill
	run	%1
	fails	E_FAULT_32
	same	"vector", [error_numbers], %2
	same	"EIP", [error_numbers + 4], %3
	same	"code", [error_numbers + 8], %4
%endmacro
; fault_routine NAME, INSTRUCTION... - NAME.at is where that stands
%macro fault_routine 2+
%1:
	mov	[stack_before], sp
	call	protected_mode
bits 32
	mov	eax, NO_SELECTOR
.at:
	%2
.after:
	jmp	$
bits 16
%endmacro

tests:
	case	"copy_up: one byte"
	copies	1
	done

	case	"copy_up: words and a rest"
	copies	4
	copies	7
	copies	4094
	done

	case	"copy_up: the whole buffer"
	copies	DISK_CHUNK_MAX * SECTOR_SIZE
	done

	case	"copy_up: no interrupt in its window"
	mov	al, ~PIC1_TIMER & 0xFF
	out	PIC1_DATA, al
	mov	ax, TICK_FAST
	call	tick_every
	mov	cx, COPIES
	mov	dword [in_edi], LOAD_ADDR
	mov	dword [in_ecx], DISK_CHUNK_MAX * SECTOR_SIZE
.copy:
	push	cx
	run	copy_up
	pop	cx
	loop	.copy
	mov	ax, TICK_USUAL
	call	tick_every
	mov	al, 0xFF		; as the harness has it
	out	PIC1_DATA, al
	done

	case	"fault32: an exception with an error code"
	fault	fault_gp, VECTOR_GP, fault_gp.at, NO_SELECTOR
	done

	case	"fault32: an exception without"
	fault	fault_ud, VECTOR_UD, fault_ud.at, 0
	done

	case	"fault32: the last vector"
	fault	fault_last, VECTOR_LAST, fault_last.after, 0
	done

	case	"long_mode_enter: the BIOS is told, NMI and PICs are off"
	run	last_call
	logged	"T 70=80 71? 21=FF A1=FF "
	mov	eax, [flags_at_end]
	and	eax, FLAG_INTERRUPTS
	same	"IF", eax, 0
	done
	ret

; tick_every - in: ax, 1193182ths of a second between two timer interrupts
tick_every:
	push	ax
	mov	al, PIT_RATE
	out	PIT_COMMAND, al
	pop	ax
	out	PIT_CHANNEL_0, al
	mov	al, ah
	out	PIT_CHANNEL_0, al
	ret

; last_call - long_mode_enter up to the last port it writes
last_call:
	mov	[stack_before], sp
	jmp	long_mode_enter

	fault_routine fault_gp, mov ds, ax
	fault_routine fault_ud, dw OPCODE_UD2
	fault_routine fault_last, int VECTOR_LAST

; error_fail - in: ah code; back to who ran the routine that failed
error_fail:
	mov	sp, [stack_before]
	stc
	ret

; fake_reset - numbers in the buffer, nothing at 1 MiB
fake_reset:
	mov	al, INT_SYSTEM
	mov	dx, int15
	call	fake_vector_set
	mov	ax, DISK_BUFFER_ADDR / 16
	mov	es, ax
	xor	di, di
.next:
	call	byte_at
	stosb
	cmp	di, DISK_CHUNK_MAX * SECTOR_SIZE
	jne	.next
	; falls through
; high_empty - clobbers: ax, cx, di
high_empty:
	mov	ax, HIGH_SEGMENT
	mov	es, ax
	mov	di, HIGH_OFFSET
	mov	cx, DISK_CHUNK_MAX * SECTOR_SIZE + GUARD
	mov	al, EMPTY
	rep	stosb
	mov	es, cx
	ret

; high_check - in: cx bytes that must have come; empties the place
high_check:
	mov	ax, HIGH_SEGMENT
	mov	es, ax
	xor	di, di
	xor	bx, bx			; differences
.next:
	call	byte_at
	cmp	di, cx
	jb	.expected
	mov	al, EMPTY
.expected:
	cmp	al, [es:di + HIGH_OFFSET]
	je	.same
	inc	bx
.same:
	inc	di
	cmp	di, DISK_CHUNK_MAX * SECTOR_SIZE + GUARD
	jne	.next
	push	word 0
	pop	es
	same_word "bytes that differ", bx, 0
	jmp	high_empty

; byte_at - in: di; out: al, what the buffer holds there, never EMPTY
byte_at:
	mov	ax, di
	xor	al, ah
	cmp	al, EMPTY
	jne	.done
	inc	al
.done:
	ret

int15:
	mov	al, 'T'
	cmp	word [call_eax], 0xEC00
	jne	.wrong
	cmp	byte [call_ebx], 2
	je	.said
.wrong:
	mov	al, '!'
.said:
	call	log_char
	mov	al, ' '
	jmp	log_char

; fake_in - in: stack port (removed). out: al
fake_in:
	push	bp
	mov	bp, sp
	movzx	eax, word [bp + 4]
	call	log_hex
	mov	al, '?'
	call	log_char
	mov	al, ' '
	call	log_char
	pop	bp
	ret	2

; fake_out - in: stack port (removed), al. The last one is the test's end.
fake_out:
	pushfd
	pop	dword [flags_at_end]
	push	bp
	mov	bp, sp
	push	eax
	movzx	ebx, al
	movzx	eax, word [bp + 4]
	call	log_hex
	mov	dx, ax
	mov	al, '='
	call	log_char
	mov	eax, ebx
	call	log_hex
	mov	al, ' '
	call	log_char
	pop	eax
	pop	bp
	cmp	dx, PIC2_DATA
	je	.end
	ret	2
.end:
	mov	sp, [stack_before]
	sti
	ret

; For what is not run.
fake_cpuid:
fake_pushfd:
stage2_main:
fault_report:
kernel_returned_report:
	jmp	test_hung

section_harness
bss_start:
bss_end:
boot_info:	resd 1
flags_at_end:	resd 1
cpu_ext_edx:	resd 1
text_base:	resd 1
stack_before:	resw 1
