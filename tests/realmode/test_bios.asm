; test_bios.asm - bios_call behind handlers that trash what they can

%include "tests/realmode/realmode.inc"

global tests, fake_reset
extern bios_call

%define VECTOR	0x15

; Not listed by bios_call, since `flags` are its answer and ebp is kept.
%define CLOBBERS_bios_15	CLOBBERS_bios_call
%define CLOBBERS_bios_60	CLOBBERS_bios_call

cpu 386
section_text16

bios_15:
	bios	VECTOR
	ret
bios_60:
	bios	0x60
	ret

tests:
	case	"bios_call: registers go in and come out"
	run	bios_15
	succeeds
	same	"eax in", [call_eax], 0xA1A2A3A4
	same	"ebx in", [call_ebx], 0xB1B2B3B4
	same	"ecx in", [call_ecx], 0xC1C2C3C4
	same	"edx in", [call_edx], 0xD1D2D3D4
	same	"esi in", [call_esi], 0x51525354
	same	"edi in", [call_edi], 0xD9DADBDC
	same	"eax out", [out_eax], 0xBAD000A0
	done

	case	"bios_call: CF=1 comes back"
	mov	byte [carry], 1
	run	bios_15
	carry_is 1
	done

	case	"bios_call: CF left alone is a failure"
	mov	byte [carry], CARRY_KEPT
	run	bios_15
	carry_is 1
	done

	case	"bios_call: an iret alone is a failure"
	mov	word [4 * 0x60], nothing
	mov	word [4 * 0x60 + 2], 0
	run	bios_60
	carry_is 1
	same	"eax", [out_eax], 0xA1A2A3A4
	done

	case	"bios_call: a handler that drops the flags (retf 2)"
	mov	word [4 * 0x60], drops_flags
	mov	word [4 * 0x60 + 2], 0
	run	bios_60
	carry_is 0
	done

	case	"bios_call: entered with IF=0, as by INT"
	mov	word [4 * 0x60], notes_flags
	mov	word [4 * 0x60 + 2], 0
	run	bios_60
	mov	ecx, [flags_inside]
	and	ecx, 0x200
	same	"IF", ecx, 0
	mov	ecx, [flags_stacked]
	and	ecx, 0x201
	same	"IF and CF to return", ecx, 0x201
	done
	ret

nothing:
	iret
drops_flags:
	std
	clc
	retf	2
notes_flags:
	push	bp
	mov	bp, sp
	pushf
	pop	word [flags_inside]
	push	word [bp + 6]
	pop	word [flags_stacked]
	pop	bp
	iret

fake_reset:
	mov	byte [carry], 0
	mov	al, VECTOR
	mov	dx, .answer
	jmp	fake_vector_set
.answer:
	mov	al, [carry]
	mov	[fake_carry], al
	ret

section_harness
flags_inside:	resd 1
flags_stacked:	resd 1
carry:		resb 1
