; test_a20.asm - a20_enable on machines where one way works, or none
;
; A20 is really closed and opened, through port 92h; which of the faked ways
; makes the harness open it, and how many polls later, is the test's choice.
; The log: B INT 15h AX=2401h, PP=VV a port written.

%include "tests/realmode/realmode.inc"

global tests, fake_reset
global fake_in, fake_out, fake_cpuid, fake_pushfd
extern a20_enable, a20_method

%define DELAY_PORT	0x80
%define POLLS_MAX	0x60000		; more is a hang
%define NEVER		0
%define KBC_READY	0		; kbc_mode: takes bytes
%define KBC_ABSENT	1		; reads FFh
%define KBC_BUSY	2		; never takes a byte
%define KBC_CHATTY	3		; always has a byte for us
%define KBC_SOME_BYTES	4		; has 16 bytes for us, then is ready
%define KBC_DIES	5		; takes the command, then nothing
%define KBC_DIES_LATE	6		; takes command and data, then nothing

%define KEYBOARD_BYTES	"64=D1 60=DF 64=FF "

; machine OPENER, KEYBOARD_CONTROLLER - A20_* of the way that works
%macro machine 2
	mov	byte [opener], %1
	mov	byte [kbc_mode], %2
%endmacro

cpu 386
section_text16

tests:
	case	"a20: was open"
	call	a20_open
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_WAS_OPEN
	logged	""
	done

	case	"a20: open now, closed before: the way is remembered"
	call	a20_open
	mov	byte [a20_method], A20_KEYBOARD
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_KEYBOARD
	done

	case	"a20: closed again"
	machine	A20_BIOS, KBC_READY
	mov	byte [a20_method], A20_WAS_OPEN
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_BIOS
	done

	case	"a20: the BIOS opens it"
	machine	A20_BIOS, KBC_READY
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_BIOS
	logged	"B "
	done

	case	"a20: the BIOS opens it and reports failure"
	machine	A20_BIOS, KBC_READY
	mov	byte [bios_carry], 1
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_BIOS
	done

	case	"a20: the BIOS opens it, 1000 polls later"
	machine	A20_BIOS, KBC_READY
	mov	dword [opener_polls], 1000
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_BIOS
	logged	"B "
	done

	case	"a20: the BIOS claims success, port 92h does it"
	machine	A20_PORT_92, KBC_READY
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_PORT_92
	logged	"B 92=2 "
	done

	case	"a20: port 92h, its reset bit is written as 0"
	machine	A20_PORT_92, KBC_READY
	mov	byte [port_92_value], 0x25
	run	a20_enable
	succeeds
	logged	"B 92=26 "
	done

	case	"a20: port 92h absent is not written"
	machine	A20_KEYBOARD, KBC_READY
	mov	byte [port_92_value], 0xFF
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_KEYBOARD
	logged	"B ", KEYBOARD_BYTES
	done

	case	"a20: keyboard controller"
	machine	A20_KEYBOARD, KBC_READY
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_KEYBOARD
	logged	"B 92=2 ", KEYBOARD_BYTES
	done

	case	"a20: keyboard controller, 20,000 polls later"
	machine	A20_KEYBOARD, KBC_READY
	mov	dword [opener_polls], 20000
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_KEYBOARD
	done

	case	"a20: keyboard controller with keys pressed"
	machine	A20_KEYBOARD, KBC_SOME_BYTES
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_KEYBOARD
	same_byte "bytes left", [kbc_bytes], 0
	done

	case	"a20: no way works"
	machine	NEVER, KBC_READY
	run	a20_enable
	fails	E_A20
	logged	"B 92=2 ", KEYBOARD_BYTES
	done

	case	"a20: no keyboard controller, none is written"
	machine	NEVER, KBC_ABSENT
	run	a20_enable
	fails	E_A20
	logged	"B 92=2 "
	mov	eax, [polls]
	shr	eax, 8			; tests of A20, no waiting for it
	same	"polls", eax, 3 * 0x80
	done

	case	"a20: keyboard controller busy for ever"
	machine	NEVER, KBC_BUSY
	run	a20_enable
	fails	E_A20
	logged	"B 92=2 "
	done

	case	"a20: keyboard controller never out of bytes"
	machine	NEVER, KBC_CHATTY
	run	a20_enable
	fails	E_A20
	logged	"B 92=2 "
	done

	case	"a20: keyboard controller dies after the command"
	machine	NEVER, KBC_DIES
	run	a20_enable
	fails	E_A20
	logged	"B 92=2 64=D1 "
	done

	case	"a20: keyboard controller opens it and dies"
	machine	A20_KEYBOARD, KBC_DIES_LATE
	run	a20_enable
	succeeds
	same_byte "method", [a20_method], A20_KEYBOARD
	logged	"B 92=2 64=D1 60=DF "
	done

	case	"a20: port 92h late, while the controller is busy"
	machine	A20_PORT_92, KBC_BUSY
	mov	dword [opener_polls], 0x9000
	run	a20_enable
	succeeds
	done
	ret

; fake_reset - A20 is closed, ports are there, nothing opens it
fake_reset:
	mov	al, INT_SYSTEM
	mov	dx, int15
	call	fake_vector_set
	mov	byte [port_92_value], 0
	mov	byte [bios_carry], 0
	mov	byte [kbc_bytes], 16
	mov	byte [kbc_command], 0
	mov	byte [kbc_data], 0
	mov	byte [opener], NEVER
	mov	dword [opener_polls], 1
	mov	dword [polls_to_open], 0
	mov	dword [polls], 0
	in	al, PORT_92
	and	al, ~(PORT_92_A20 | PORT_92_RESET) & 0xFF
	out	PORT_92, al
	mov	ax, 0xFFFF		; or the tests would prove nothing
	mov	es, ax
	mov	dword [witness], 0x12345678
	mov	eax, [es:witness + 0x10]
	mov	dword [witness], 0x9ABCDEF0
	mov	ebx, [es:witness + 0x10]
	push	word 0
	pop	es
	same	"A20 closed", eax, 0x12345678
	same	"A20 closed", ebx, 0x9ABCDEF0
	ret

a20_open:
	in	al, PORT_92
	or	al, PORT_92_A20
	and	al, ~PORT_92_RESET & 0xFF
	out	PORT_92, al
	ret

; way_taken - in: al A20_*; the right one starts the countdown
; clobbers: eax, flags
way_taken:
	cmp	al, [opener]
	jne	.done
	mov	eax, [opener_polls]
	mov	[polls_to_open], eax
.done:
	ret

int15:
	cmp	word [call_eax], 0x2401
	mov	al, 'B'
	je	.asked
	mov	al, '!'
.asked:
	call	log_char
	mov	al, ' '
	call	log_char
	mov	al, A20_BIOS
	call	way_taken
	mov	al, [bios_carry]
	mov	[fake_carry], al
	ret

; fake_in - in: stack port (removed). out: al
fake_in:
	push	bp
	mov	bp, sp
	pushf
	push	eax
	push	dx
	inc	dword [polls]
	cmp	dword [polls], POLLS_MAX
	ja	test_hung
	mov	dx, [bp + 4]
	cmp	dx, DELAY_PORT
	je	.delay
	cmp	dx, PORT_92
	je	.port_92
	cmp	dx, KBC_STATUS
	je	.status
	cmp	dx, KBC_DATA
	je	.data
	mov	al, '!'
	call	log_char
.delay:
	mov	al, 0
	cmp	dword [polls_to_open], 0
	je	.done
	dec	dword [polls_to_open]
	jnz	.done
	call	a20_open
	jmp	.done
.port_92:
	mov	al, [port_92_value]
	jmp	.done
.data:
	mov	al, 0x1C
	cmp	byte [kbc_mode], KBC_SOME_BYTES
	jne	.done
	dec	byte [kbc_bytes]
	jmp	.done
.status:
	call	status
.done:
	pop	dx
	mov	[bp - 6], al		; al of the pushed eax
	pop	eax
	popf
	pop	bp
	ret	2

; status - out: al, what port 64h reads
status:
	mov	al, 0xFF
	cmp	byte [kbc_mode], KBC_ABSENT
	je	.done
	mov	al, KBC_IN_FULL
	cmp	byte [kbc_mode], KBC_BUSY
	je	.done
	mov	al, KBC_OUT_FULL
	cmp	byte [kbc_mode], KBC_CHATTY
	je	.done
	cmp	byte [kbc_mode], KBC_SOME_BYTES
	je	.some
	cmp	byte [kbc_mode], KBC_DIES
	je	.dies
	cmp	byte [kbc_mode], KBC_DIES_LATE
	je	.dies_late
.ready:
	xor	al, al
.done:
	ret
.some:
	cmp	byte [kbc_bytes], 0
	je	.ready
	ret
.dies:
	cmp	byte [kbc_command], 0
	je	.ready
	mov	al, KBC_IN_FULL
	ret
.dies_late:
	cmp	byte [kbc_data], 0
	je	.ready
	mov	al, KBC_IN_FULL
	ret

; fake_out - in: stack port (removed), al
fake_out:
	push	bp
	mov	bp, sp
	pushf
	pushad
	mov	bl, al
	test	byte [bp - 1], EFLAGS_IF >> 8
	jz	.alone
	cmp	word [bp + 4], PORT_92
	je	.alone
	mov	al, '!'			; an interrupt could write between
	call	log_char
.alone:
	movzx	eax, word [bp + 4]
	mov	dx, ax
	call	log_hex
	mov	al, '='
	call	log_char
	movzx	eax, bl
	call	log_hex
	mov	al, ' '
	call	log_char
	cmp	dx, PORT_92
	je	.port_92
	cmp	dx, KBC_STATUS
	je	.command
	cmp	dx, KBC_DATA
	jne	.done
	mov	[kbc_data], bl
	cmp	byte [kbc_command], KBC_WRITE_OUTPUT
	jne	.done
	test	bl, KBC_OUTPUT_A20
	jz	.done
	mov	al, A20_KEYBOARD
	call	way_taken
	jmp	.done
.command:
	mov	[kbc_command], bl
	jmp	.done
.port_92:
	test	bl, PORT_92_A20
	jz	.done
	mov	al, A20_PORT_92
	call	way_taken
.done:
	popad
	popf
	pop	bp
	ret	2

fake_cpuid:	; not the business of A20
fake_pushfd:
	jmp	test_hung

section_harness
opener_polls:	resd 1			; from the right way to A20 open
polls_to_open:	resd 1
polls:		resd 1
witness:	resd 1
opener:		resb 1
kbc_mode:	resb 1
kbc_bytes:	resb 1
kbc_command:	resb 1			; the last one
kbc_data:	resb 1			; the last byte, 0: none
port_92_value:	resb 1
bios_carry:	resb 1
