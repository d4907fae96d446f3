; test_disk.asm - disk_init and disk_read beside a drive that lies
;
; The log: ? EDD check, P parameters, G geometry, R reset, X lba+count,
; C cylinder,head,sector+count, ! a call that no BIOS should ever see.

%include "tests/realmode/realmode.inc"

global tests, fake_reset
extern disk_init, disk_read, disk_method, disk_retries

%define ALWAYS	0xFFFF			; for edd_fails, chs_fails
%define EMPTY	0xEEEEEEEE		; a sector nobody has read

cpu 386
section_text16

; read_run LBA, COUNT
%macro read_run 2
	mov	dword [in_eax], %1
	mov	word [in_ecx], %2
	run	disk_read
%endmacro
; have LBA, COUNT - these sectors and nothing behind them are in the buffer
%macro have 2
	mov	eax, %1
	mov	cx, %2
	call	buffer_check
%endmacro
%macro error_is 3
	same	"error_numbers[0]", [error_numbers], %1
	same	"error_numbers[1]", [error_numbers + 4], %2
	same	"error_numbers[2]", [error_numbers + 8], %3
%endmacro

tests:
	call	init_tests
	call	edd_tests
	call	retreat_tests
	jmp	chs_tests

init_tests:
	case	"init: EDD"
	run	disk_init
	succeeds
	logged	"? P "
	same_byte "method", [disk_method], DISK_EDD
	done

	case	"init: EDD absent, CHS"
	mov	byte [edd_carry], 1
	run	disk_init
	succeeds
	logged	"? G "
	same_byte "method", [disk_method], DISK_CHS
	done

	case	"init: EDD unknown, CF and BX left alone"
	mov	byte [edd_carry], CARRY_KEPT
	run	disk_init
	succeeds
	logged	"? G "
	done

	case	"init: EDD lies, BX"
	mov	dword [edd_ebx], EDD_MAGIC
	run	disk_init
	succeeds
	logged	"? G "
	done

	case	"init: EDD lies, no packet calls"
	mov	dword [edd_ecx], 0xBADBAD06
	run	disk_init
	succeeds
	logged	"? G "
	done

	case	"init: parameters not told"
	mov	byte [parameters_carry], 1
	run	disk_init
	succeeds
	same_byte "method", [disk_method], DISK_EDD
	done

	case	"init: sector size 0 means nothing"
	mov	word [sector_size], 0
	run	disk_init
	succeeds
	same_byte "method", [disk_method], DISK_EDD
	done

	case	"init: sector size 4096 refused"
	mov	word [sector_size], 4096
	run	disk_init
	fails	E_SECTOR_SIZE
	same	"drive", [error_numbers], 0x80
	same	"bytes", [error_numbers + 4], 4096
	done

	case	"init: 0 sectors per track refused"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFFFFC0
	run	disk_init
	fails	E_READ
	error_is 0x80, 0, 1
	done

	case	"init: no geometry"
	mov	byte [edd_carry], 1
	mov	byte [geometry_carry], 1
	run	disk_init
	fails	E_READ
	error_is 0x80, 0, 0x20
	done
	ret

edd_tests:
	case	"edd: 64 sectors in one call"
	run	disk_init
	log_clear
	read_run 0x12345678, 64
	succeeds
	logged	"X12345678+40 "
	have	0x12345678, 64
	same	"retries", [disk_retries], 0
	done

	case	"edd: one sector"
	run	disk_init
	read_run 7, 1
	succeeds
	have	7, 1
	done

	case	"edd: third try succeeds, a reset before each"
	run	disk_init
	log_clear
	mov	word [edd_fails], 2
	read_run 9, 4
	succeeds
	logged	"X9+4 R X9+4 R X9+4 "
	have	9, 4
	same	"retries", [disk_retries], 2
	done

	case	"edd: calls longer than 16 fail, and it is learnt"
	run	disk_init
	log_clear
	mov	word [edd_max], 16
	read_run 0, 40
	succeeds
	logged	"X0+28 R X0+28 R X0+28 R X0+10 X10+10 X20+8 "
	have	0, 40
	log_clear
	read_run 0x100, 32
	succeeds
	logged	"X100+10 X110+10 "
	have	0x100, 32
	done

	case	"edd: short transfer reported as success"
	run	disk_init
	log_clear
	mov	word [edd_short], 16
	read_run 0, 64
	succeeds
	logged	"X0+40 R X0+40 R X0+40 R X0+10 X10+10 X20+10 X30+10 "
	have	0, 64
	done

	case	"edd: CF left alone is a failure"
	run	disk_init
	mov	byte [edd_read_carry], CARRY_KEPT
	mov	byte [geometry_carry], 1
	read_run 5, 1
	fails	E_READ
	done
	ret

retreat_tests:
	case	"retreat: 64, 16, 4, 1, then CHS"
	run	disk_init
	log_clear
	mov	word [edd_fails], ALWAYS
	read_run 0, 64
	succeeds
	logged	"X0+40 R X0+40 R X0+40 R X0+10 R X0+10 R X0+10 R ", \
		"X0+4 R X0+4 R X0+4 R X0+1 R X0+1 R X0+1 R ", \
		"G C0,0,1+3F C0,1,1+1 "
	have	0, 64
	same	"retries", [disk_retries], 12
	same_byte "method", [disk_method], DISK_CHS
	log_clear
	read_run 62, 2
	succeeds
	logged	"C0,0,3F+1 C0,1,1+1 "
	have	62, 2
	done

	case	"retreat: nothing works, the first status is told"
	run	disk_init
	mov	word [edd_fails], ALWAYS
	mov	word [chs_fails], ALWAYS
	read_run 77, 64
	fails	E_READ
	error_is 0x80, 77, 0x20
	same	"retries", [disk_retries], 24
	done

	case	"retreat: each read has its own first status"
	run	disk_init
	mov	word [edd_fails], 1
	read_run 1, 1
	succeeds
	mov	word [edd_fails], ALWAYS
	mov	word [chs_fails], ALWAYS
	read_run 2, 1
	fails	E_READ
	error_is 0x80, 2, 0x21
	done

	case	"retreat: EDD fails and there is no geometry"
	run	disk_init
	mov	word [edd_fails], ALWAYS
	mov	byte [geometry_carry], 1
	read_run 3, 1
	fails	E_READ
	error_is 0x80, 3, 0x20
	done

	case	"retreat: EDD fails and tracks have 0 sectors"
	run	disk_init
	mov	word [edd_fails], ALWAYS
	mov	dword [geometry_ecx], 0
	read_run 3, 1
	fails	E_READ
	error_is 0x80, 3, 0x20
	done

	case	"retreat: the LBA told is where it stopped"
	run	disk_init
	mov	dword [bad_lba], 37
	read_run 0, 64
	fails	E_READ
	same	"LBA", [error_numbers + 4], 37
	done
	ret

chs_tests:
	case	"chs: no call crosses a track"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFF4F12
	mov	dword [geometry_edx], 0xFFFF01FF
	run	disk_init
	log_clear
	read_run 10, 32
	succeeds
	logged	"C0,0,B+8 C0,1,1+12 C1,0,1+6 "
	have	10, 32
	done

	case	"chs: 256 heads, cylinder bits 8 and 9"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFFFFFF
	mov	dword [geometry_edx], 0xFFFFFFFF
	run	disk_init
	log_clear
	read_run (1023 * 256 + 255) * 63 + 62, 1
	succeeds
	logged	"C3FF,FF,3F+1 "
	have	(1023 * 256 + 255) * 63 + 62, 1
	done

	case	"chs: no cylinder beyond 1023 is asked for"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFFFFFF
	mov	dword [geometry_edx], 0xFFFFFFFF
	run	disk_init
	log_clear
	read_run 1024 * 256 * 63, 1
	fails	E_READ
	error_is 0x80, 1024 * 256 * 63, 1
	logged	"R R R R R R R R R R R R "
	done

	case	"chs: third try succeeds, a reset before each"
	mov	byte [edd_carry], 1
	run	disk_init
	log_clear
	mov	word [chs_fails], 2
	read_run 0, 2
	succeeds
	logged	"C0,0,1+2 R C0,0,1+2 R C0,0,1+2 "
	have	0, 2
	done

	case	"chs: calls longer than 4 fail"
	mov	byte [edd_carry], 1
	run	disk_init
	log_clear
	mov	word [chs_max], 4
	read_run 0, 8
	succeeds
	logged	"C0,0,1+8 R C0,0,1+8 R C0,0,1+8 R ", \
		"C0,0,1+8 R C0,0,1+8 R C0,0,1+8 R C0,0,1+4 C0,0,5+4 "
	have	0, 8
	done
	ret

; fake_reset - a drive as it should be; 63 sectors, 255 heads
fake_reset:
	mov	al, INT_DISK
	mov	dx, int13
	call	fake_vector_set
	mov	di, knobs
	mov	si, knobs_good
	mov	cx, knobs_good.end - knobs_good
	rep	movsb
; falls through
; buffer_empty - so that old sectors are not taken for new
buffer_empty:
	mov	ax, DISK_BUFFER_ADDR / 16
	mov	cx, DISK_CHUNK_MAX
.next:
	mov	es, ax
	mov	dword [es:0], EMPTY
	mov	dword [es:SECTOR_SIZE - 4], EMPTY
	add	ax, SECTOR_SIZE / 16
	loop	.next
	mov	es, cx
	ret

; buffer_check - in: eax first LBA, cx sectors; empties the buffer
buffer_check:
	mov	edx, eax
	mov	bx, DISK_BUFFER_ADDR / 16
	mov	di, DISK_CHUNK_MAX
.next:
	test	di, di
	jz	buffer_empty
	dec	di
	test	cx, cx
	jnz	.full
	mov	edx, EMPTY
	inc	cx			; stays 0
.full:
	dec	cx
	mov	es, bx
	mov	eax, [es:0]
	mov	ebp, [es:SECTOR_SIZE - 4]
	push	word 0
	pop	es
	text	si, "sector's start"
	call	expect_equal
	mov	eax, ebp
	text	si, "sector's end"
	call	expect_equal
	add	bx, SECTOR_SIZE / 16
	cmp	edx, EMPTY
	je	.next
	inc	edx
	jmp	.next

; sectors_give - in: eax LBA, cx sectors, es:0 where
sectors_give:
	jcxz	.done
.next:
	mov	[es:0], eax
	mov	[es:SECTOR_SIZE - 4], eax
	inc	eax
	mov	bx, es
	add	bx, SECTOR_SIZE / 16
	mov	es, bx
	loop	.next
.done:
	ret

; int13 - the drive
int13:
	mov	al, [call_edx]
	cmp	al, [boot_drive]
	je	.ours
	mov	al, '!'
	call	log_char
.ours:
	mov	al, [call_eax + 1]
	cmp	al, DISK_EDD_CHECK
	je	.check
	cmp	al, DISK_EDD_PARAMETERS
	je	.parameters
	cmp	al, DISK_READ_EDD
	je	edd
	cmp	al, DISK_GEOMETRY
	je	.geometry
	cmp	al, DISK_READ_CHS
	je	chs
	cmp	al, DISK_RESET
	mov	al, '!'
	jne	note
	mov	byte [fake_carry], 1	; nobody needs a reset to succeed
	mov	al, 'R'
	jmp	note
.check:
	mov	al, [edd_carry]
	mov	[fake_carry], al
	mov	eax, [edd_ebx]
	cmp	byte [edd_carry], CARRY_KEPT
	jne	.answered
	mov	eax, [call_ebx]
.answered:
	mov	[fake_ebx], eax
	mov	eax, [edd_ecx]
	mov	[fake_ecx], eax
	mov	al, '?'
	jmp	note
.parameters:
	mov	si, [call_esi]
	cmp	word [si], 30
	mov	al, '!'
	jne	note
	mov	ax, [sector_size]
	mov	[si + 24], ax
	mov	al, [parameters_carry]
	mov	[fake_carry], al
	mov	al, 'P'
	jmp	note
.geometry:
	mov	al, 'G'
	call	note
	mov	al, [geometry_carry]
	mov	[fake_carry], al
	cmp	al, 0
	jne	status_give
	mov	eax, [geometry_ecx]
	mov	[fake_ecx], eax
	mov	eax, [geometry_edx]
	mov	[fake_edx], eax
	ret

; note - in: al, into the log, with a blank
note:
	call	log_char
	mov	al, ' '
	jmp	log_char

; status_give - a failure, each with a status of its own
status_give:
	mov	al, [status_next]
	inc	byte [status_next]
	mov	[fake_eax + 1], al
	mov	byte [fake_carry], 1
	ret

; edd - read by packet
edd:
	mov	al, 'X'
	call	log_char
	mov	si, [call_esi]
	mov	eax, [si + 8]
	call	log_hex
	movzx	eax, word [si + 2]
	call	plus
	cmp	word [si], 16
	jne	wrong
	cmp	word [si + 4], 0	; an offset could wrap
	jne	wrong
	cmp	dword [si + 12], 0
	jne	wrong

	mov	cx, [si + 2]
	cmp	byte [edd_read_carry], CARRY_KEPT
	je	.silent
	mov	word [si + 2], 0	; how many it got
	cmp	cx, [edd_max]
	ja	status_give
	mov	di, edd_fails
	call	fails_now
	jc	status_give
	cmp	cx, [edd_short]
	jbe	.whole
	mov	cx, [edd_short]
	shr	cx, 1
.whole:
	mov	eax, [bad_lba]
	sub	eax, [si + 8]
	movzx	edx, cx
	cmp	eax, edx
	jb	status_give
	mov	[si + 2], cx
	mov	es, [si + 6]
	mov	eax, [si + 8]
	mov	byte [fake_carry], 0
	jmp	sectors_give
.silent:
	ret

; chs - read by geometry
chs:
	mov	al, 'C'
	call	log_char
	movzx	eax, byte [call_ecx]
	shl	ax, 2
	mov	al, [call_ecx + 1]
	and	ah, 3
	call	log_hex
	mov	esi, eax		; cylinder
	call	comma
	movzx	eax, byte [call_edx + 1]
	call	log_hex
	mov	edi, eax		; head
	call	comma
	movzx	eax, byte [call_ecx]
	and	al, 63
	call	log_hex
	mov	ebp, eax		; sector
	movzx	eax, byte [call_eax]
	mov	cx, ax
	call	plus
	test	cx, cx
	jz	wrong

	movzx	ebx, byte [geometry_edx + 1]
	inc	bx			; heads
	movzx	edx, byte [geometry_ecx]
	and	dl, 63
	imul	esi, ebx
	add	esi, edi
	imul	esi, edx
	lea	eax, [esi + ebp - 1]	; LBA
	add	bp, cx
	dec	bp
	cmp	bp, dx			; the track's end
	ja	wrong
	cmp	cx, [chs_max]
	ja	status_give
	mov	di, chs_fails
	call	fails_now
	jc	status_give
	mov	edx, [bad_lba]
	sub	edx, eax
	movzx	ebx, cx
	cmp	edx, ebx
	jb	status_give
	cmp	word [call_ebx], 0
	jne	wrong
	mov	es, [call_es]
	mov	byte [fake_carry], 0
	jmp	sectors_give

wrong:
	mov	al, '!'
	call	log_char
	jmp	status_give
comma:
	push	ax
	mov	al, ','
	call	log_char
	pop	ax
	ret
plus:
	push	ax
	mov	al, '+'
	call	log_char
	pop	ax
	call	log_hex
	mov	al, ' '
	jmp	log_char

; fails_now - in: di counter of failures to come; out: CF=1 now
fails_now:
	cmp	word [di], 1
	cmc
	jnc	.done
	cmp	word [di], ALWAYS
	je	.always
	dec	word [di]
.always:
	stc
.done:
	ret

section_rodata16
knobs_good:
	dd	0xBAD00000 | EDD_MAGIC_BACK, 0xBAD00000 | EDD_PACKET
	dd	0xFFFFFFFF, 0xBAD0FEFF, 0xFFFFFFFF
	dw	SECTOR_SIZE, 0, 0xFFFF, 0xFFFF, 0, 0xFFFF
	db	0, 0, 0, 0, 0x20
.end:

section_harness				; the order of knobs_good
knobs:
edd_ebx:	resd 1			; 41h's answer
edd_ecx:	resd 1
geometry_ecx:	resd 1			; 08h's answer: 63 sectors,
geometry_edx:	resd 1			; 255 heads
bad_lba:	resd 1			; no method can read it
sector_size:	resw 1			; 48h's answer
edd_fails:	resw 1			; how many calls to come will fail
edd_max:	resw 1			; longer calls fail
edd_short:	resw 1			; longer calls read half of this
chs_fails:	resw 1
chs_max:	resw 1
edd_carry:	resb 1
parameters_carry: resb 1
geometry_carry:	resb 1
edd_read_carry:	resb 1
status_next:	resb 1			; of the next failure
