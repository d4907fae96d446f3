; fake_bios.asm - interrupt handlers with the worst of manners
;
; A handler is a routine that finds the caller's registers in call_* and
; leaves its answer in fake_*. Whatever it does not answer returns as garbage:
; all general registers, all data segments, DF=1, IF=0 (HW-13).

%define FAKE_BIOS
%include "tests/realmode/realmode.inc"

global call_eax, call_ebx, call_ecx, call_edx, call_esi, call_edi
global call_es
global fake_eax, fake_ebx, fake_ecx, fake_edx, fake_carry, fake_zero
global fake_vector_set

%define FLAGS_TRASHED	0x600		; IF, DF
%define FLAG_DIRECTION	0x400
%define FLAG_ZERO	0x40

cpu 386
section_text16

; fake_vector_set - in: al vector 10h..17h, dx routine
; clobbers: eax, bx, flags
fake_vector_set:
	movzx	bx, al
	and	bx, 7
	mov	ax, bx
	add	bx, bx
	mov	[routines + bx], dx
	add	bx, bx
	imul	ax, ax, STUB_SIZE
	add	ax, stubs
	mov	[bx + 4 * 0x10], ax
	mov	word [bx + 4 * 0x10 + 2], 0
	ret

stubs:
%assign vector 0
%rep 8
	push	word strict routines + 2 * vector
	jmp	short enter
%assign vector vector + 1
%endrep

enter:
	cli
	pop	word [cs:routine]
	mov	[cs:call_eax], eax
	mov	[cs:call_ebx], ebx
	mov	[cs:call_ecx], ecx
	mov	[cs:call_edx], edx
	mov	[cs:call_esi], esi
	mov	[cs:call_edi], edi
	mov	[cs:call_es], es
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	cld
	mov	dword [fake_eax], 0xBAD000A0
	mov	dword [fake_ebx], 0xBAD000B0
	mov	dword [fake_ecx], 0xBAD000C0
	mov	dword [fake_edx], 0xBAD000D0
	mov	byte [fake_carry], CARRY_KEPT
	mov	byte [fake_zero], CARRY_KEPT
	mov	bx, [routine]
	call	[bx]

	mov	bp, sp
	mov	ax, [bp + 4]
	and	ax, ~FLAGS_TRASHED
	or	ax, FLAG_DIRECTION
	cmp	byte [fake_carry], CARRY_KEPT
	je	.kept
	and	al, ~1
	or	al, [fake_carry]
.kept:
	cmp	byte [fake_zero], CARRY_KEPT
	je	.zero_kept
	and	al, ~FLAG_ZERO
	cmp	byte [fake_zero], 0
	je	.zero_kept
	or	al, FLAG_ZERO
.zero_kept:
	mov	[bp + 4], ax
	mov	ax, 0xBADE
	mov	es, ax
	mov	fs, ax
	mov	gs, ax
	mov	eax, [fake_eax]
	mov	ebx, [fake_ebx]
	mov	ecx, [fake_ecx]
	mov	edx, [fake_edx]
	mov	esi, 0xBAD00051
	mov	edi, 0xBAD000D1
	mov	ebp, 0xBAD000B9
	mov	ds, [bad_segment]
	iret

section_rodata16
bad_segment:	dw 0xBAD5

section_harness
call_eax:	resd 1
call_ebx:	resd 1
call_ecx:	resd 1
call_edx:	resd 1
call_esi:	resd 1
call_edi:	resd 1
fake_eax:	resd 1
fake_ebx:	resd 1
fake_ecx:	resd 1
fake_edx:	resd 1
routines:	resw 8
routine:	resw 1
call_es:	resw 1
fake_carry:	resb 1			; 0, 1, CARRY_KEPT
fake_zero:	resb 1			; as well
