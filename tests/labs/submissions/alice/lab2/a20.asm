; a20.asm - open address line 20
;
; As IBM's AT did, a PC may force address bit 20 to 0, for programs that rely on
; the 8086's wrap at 1 MiB. Then each odd mebibyte shows the even one below it.
; No way to open the line works everywhere: test, try one, test again (HW-23).

%include "stage2/stage2.inc"

global a20_enable, a20_method
extern bios_call, failure_return

%define TESTS_SHORT	32
%define TESTS_LONG	0x8000		; about 30 ms: slow controllers
%define DELAY_PORT	0x80		; POST code port: a read takes 1 us

cpu 386
section_text16

; a20_enable - make odd mebibytes reachable; called at the start, and again
; where a BIOS call may have closed A20
; out:      CF=0   a20_method = A20_*, the last way that was needed
;           CF=1   E_A20
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
a20_enable:
	mov	cx, TESTS_SHORT
	call	a20_test
	jc	.closed
	cmp	byte [a20_method], 0
	jne	.done			; CF=0
	mov	byte [a20_method], A20_WAS_OPEN
	ret
.closed:
	mov	byte [a20_method], A20_BIOS
	mov	ax, 0x2401		; RBIL INT 15/AX=2401h
	bios	INT_SYSTEM
	mov	cx, TESTS_LONG
	call	a20_test
	jnc	.done

	mov	byte [a20_method], A20_PORT_92
	call	port_92_open
	jc	.keyboard
	mov	cx, TESTS_LONG
	call	a20_test
	jnc	.done

.keyboard:
	mov	byte [a20_method], A20_KEYBOARD
	call	keyboard_open
	mov	cx, TESTS_LONG		; also when it timed out
	call	a20_test
	jnc	.done
	failure	E_A20
.done:
	ret

; a20_test - do 0:x and FFFF:x+10h differ, in one of several tests?
; in:       cx     tests, about 1 us each
; out:      CF=0   A20 is open;  CF=1   it is closed
; clobbers: eax, cx, flags
a20_test:
	push	es
	mov	ax, 0xFFFF
	mov	es, ax
.again:
	inc	dword [probe]		; equal by chance only once
	in	al, DELAY_PORT
	mov	eax, [probe]
	cmp	eax, [es:probe + 0x10]
	jne	.open
	loop	.again
	stc
	jmp	.done
.open:
	clc
.done:
	pop	es
	ret

; port_92_open - the "fast" gate of PS/2s and most chipsets
; out:      CF=1   no such port
; clobbers: al, flags
port_92_open:
	in	al, PORT_92
	cmp	al, 0xFF
	je	.absent
	or	al, PORT_92_A20
	and	al, ~PORT_92_RESET & 0xFF ; a 1 here would reset the machine
	out	PORT_92, al
	clc
	ret
.absent:
	stc
	ret

; keyboard_open - A20 as a pin of the 8042 keyboard controller, as in the AT
; The BIOS's keyboard interrupt writes commands, too: none may come between.
; The last command ends the sequence for a USB controller that stands in for
; the 8042 (UHCI 1.1, LEGSUP: A20Gate pass-through).
; out:      CF=1   no controller, or it takes no commands
; clobbers: al, cx, flags; IF is 0 meanwhile, 1 after
keyboard_open:
	cli
	call	keyboard_wait
	jc	.done
	mov	al, KBC_WRITE_OUTPUT
	out	KBC_STATUS, al
	call	keyboard_wait
	jc	.done
	mov	al, KBC_OUTPUT_A20_ON
	out	KBC_DATA, al
	call	keyboard_wait
	jc	.done
	mov	al, KBC_PULSE_NONE
	out	KBC_STATUS, al
	call	keyboard_wait
.done:
	sti
	ret

; keyboard_wait - wait until the controller takes a byte; drop what it sends
; out:      CF=1   absent, or busy for all of 65,536 polls
; clobbers: al, cx, flags
keyboard_wait:
	xor	cx, cx
.poll:
	in	al, KBC_STATUS
	cmp	al, 0xFF
	je	.failed			; HW-33
	test	al, KBC_OUT_FULL
	jz	.sent
	in	al, KBC_DATA
	jmp	.next
.sent:
	test	al, KBC_IN_FULL
	jz	.done			; CF=0
.next:
	in	al, DELAY_PORT
	loop	.poll
.failed:
	stc
.done:
	ret

section_bss16
probe:		resd 1
a20_method:	resb 1
