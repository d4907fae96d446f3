; test_low_memory.asm - low_memory_check beside any INT 12h and EBDA (HW-15)

%include "tests/realmode/realmode.inc"

global tests, fake_reset, warning_print
extern low_memory_check

cpu 386
section_text16

tests:
	case	"low memory: 640 KiB"
	run	low_memory_check
	succeeds
	done

	case	"low memory: just enough, in registers full of dirt"
	mov	dword [low_eax], 0xBAD00000 | LOADER_DATA_END / 1024
	run	low_memory_check
	succeeds
	done

	case	"low memory: 1 KiB too little"
	mov	dword [low_eax], 0xBAD00000 | (LOADER_DATA_END / 1024 - 1)
	run	low_memory_check
	fails	E_LOW_MEMORY
	same	"end", [error_numbers], LOADER_DATA_END - 1024
	same	"needed", [error_numbers + 4], LOADER_DATA_END
	done

	case	"low memory: the EBDA is lower than INT 12h says"
	mov	word [BDA_EBDA_SEGMENT], EBDA_SEGMENT_MIN
	run	low_memory_check
	fails	E_LOW_MEMORY
	same	"end", [error_numbers], 0x20000
	done

	case	"low memory: no EBDA"
	mov	word [BDA_EBDA_SEGMENT], 0
	run	low_memory_check
	succeeds
	done

	case	"low memory: a printer's port is no EBDA"
	mov	word [BDA_EBDA_SEGMENT], 0x3BC
	run	low_memory_check
	succeeds
	done

	case	"low memory: nor is what is just too low for one"
	mov	word [BDA_EBDA_SEGMENT], EBDA_SEGMENT_MIN - 1
	run	low_memory_check
	succeeds
	done

	case	"low memory: INT 12h is lower than the EBDA"
	mov	dword [low_eax], 64
	run	low_memory_check
	fails	E_LOW_MEMORY
	same	"end", [error_numbers], 0x10000
	done
	ret

; fake_reset - 639 KiB, then the EBDA
fake_reset:
	mov	al, INT_LOW_MEMORY
	mov	dx, int12
	call	fake_vector_set
	mov	dword [low_eax], 0xBAD0027F
	mov	word [BDA_EBDA_SEGMENT], 0x9FC0
warning_print:
	ret

int12:
	mov	eax, [low_eax]
	mov	[fake_eax], eax
	ret

section_harness
low_eax:	resd 1			; INT 12h
