; test_memory.asm - memory_map_read and memory_warn beside a BIOS that lists
; badly
;
; The log: S E820, 1 E801, 8 88h, ! a call that no BIOS should ever see.

%include "tests/realmode/realmode.inc"
%include "tests/realmode/entries.inc"

global tests, fake_reset, warning_print
extern memory_map_read, memory_warn
extern boot_flags, map_source, raw_count, raw_map

%define CONTINUATION	0x5EED0000	; all of EBX must come back
%define NO_ENTRY	0xFFFF
%define CALLS_MAX	2000		; more is a hang

%macro e820 1
	mov	word [e820_list], %1
	mov	word [e820_count], %1_count
%endmacro
; raw_map holds just these
%macro map_is 1
	same_word "entries", [raw_count], %1_count
	mov	si, %1
	mov	cx, %1_count * ENTRY_SIZE / 4
	call	map_compare
%endmacro
%macro source_is 1
	same_byte "source", [map_source], %1
%endmacro

cpu 386
section_text16

tests:
	call	e820_tests
	call	long_tests
	jmp	older_tests

list three
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0x7EE0000, MEM_USABLE, 1
	entry	0xFFFC0000, 0x40000, 2, 1
list_end three
list one
	entry	0, 0x8000000, MEM_USABLE, 1
list_end one
list attributes
	entry	0, 0x9FC00, MEM_USABLE, 0
	entry	MIB, 0x7EE0000, MEM_USABLE, 3
list_end attributes
list without_bit
	entry	0, 0x9FC00, MEM_USABLE, 0
	entry	MIB, 0x7EE0000, MEM_USABLE, 2
	entry	0xFFFC0000, 0x40000, 2, 0
list_end without_bit
list with_bit
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0x7EE0000, MEM_USABLE, 3
	entry	0xFFFC0000, 0x40000, 2, 1
list_end with_bit
list without_second
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	0xFFFC0000, 0x40000, 2, 1
list_end without_second

e820_tests:
	case	"E820: EBX=0 ends the list"
	run	memory_map_read
	succeeds
	source_is MAP_E820
	map_is	three
	same	"flags", [boot_flags], 0
	logged	"SSS"
	done

	case	"E820: CF=1 ends the list"
	mov	byte [end_by_carry], 1
	run	memory_map_read
	succeeds
	source_is MAP_E820
	map_is	three
	logged	"SSSS"
	done

	case	"E820: CF=1 and no signature ends the list"
	mov	byte [end_by_carry], CARRY_KEPT
	run	memory_map_read
	succeeds
	map_is	three
	done

	case	"E820: one entry"
	e820	one
	run	memory_map_read
	succeeds
	map_is	one
	logged	"S"
	done

	case	"E820: entries of 20 bytes, attributes are as if present"
	mov	dword [entry_bytes], 20
	run	memory_map_read
	succeeds
	map_is	three
	done

	case	"E820: 20 written, 24 claimed: attributes preset"
	mov	byte [write_bytes], 20
	run	memory_map_read
	succeeds
	map_is	three
	done

	case	"E820: 24 written, 20 claimed: attributes not believed"
	e820	one
	mov	dword [entry_bytes], 20
	mov	byte [write_bytes], 24
	mov	byte [dirty_attributes], 1
	run	memory_map_read
	succeeds
	map_is	one
	done

	case	"E820: attributes are kept as told"
	e820	attributes
	run	memory_map_read
	succeeds
	map_is	attributes
	done

	case	"E820: read again, as by the diagnostics before"
	run	memory_map_read
	e820	attributes
	run	memory_map_read
	succeeds
	source_is MAP_E820
	map_is	attributes
	done

	case	"E820: gone when it is asked for again"
	run	memory_map_read
	mov	word [bad_signature], 0
	run	memory_map_read
	succeeds
	source_is MAP_E801
	done

	case	"E820: a BIOS that writes only what has changed"
	mov	byte [same_buffer], 1
	run	memory_map_read
	succeeds
	source_is MAP_E820
	map_is	three
	done

	case	"E820: no entry has the bit of being there: all count"
	e820	without_bit
	run	memory_map_read
	succeeds
	source_is MAP_E820
	map_is	with_bit
	done

	case	"E820: an entry of 19 bytes is dropped"
	mov	word [short_entry], 1
	run	memory_map_read
	succeeds
	map_is	without_second
	done

	case	"E820: all entries short, E801 is asked"
	mov	dword [entry_bytes], 16
	run	memory_map_read
	succeeds
	source_is MAP_E801
	logged	"SSS1"
	done

	case	"E820: no entries, E801 is asked"
	mov	word [e820_count], 0
	run	memory_map_read
	succeeds
	source_is MAP_E801
	logged	"S1"
	done

	case	"E820: wrong signature, E801 is asked"
	mov	dword [signature], 0x50414D53
	run	memory_map_read
	succeeds
	source_is MAP_E801
	logged	"S1"
	done

	case	"E820: signature lost later, nothing of it is kept"
	mov	word [bad_signature], 2
	run	memory_map_read
	succeeds
	source_is MAP_E801
	same_word "entries", [raw_count], 3
	logged	"SSS1"
	done

	case	"E820: 16-bit signature only"
	mov	dword [signature], E820_MAGIC & 0xFFFF
	run	memory_map_read
	succeeds
	source_is MAP_E801
	done
	ret

; long ENTRIES, KEPT - the BIOS lists ENTRIES, the first KEPT are recorded
%macro long 2
	mov	word [e820_list], 0
	mov	word [e820_count], %1
	run	memory_map_read
	succeeds
	mov	cx, %2
	call	long_check
	run	memory_warn
%endmacro

long_tests:
	case	"E820: 127 entries"
	long	MEM_RAW_MAX - 1, MEM_RAW_MAX - 1
	same	"flags", [boot_flags], 0
	same_byte "warning", [warned], 0
	done

	case	"E820: 128 entries are not truncated"
	long	MEM_RAW_MAX, MEM_RAW_MAX
	same	"flags", [boot_flags], 0
	same_byte "warning", [warned], 0
	done

	case	"E820: 128 entries, CF=1 ends the list"
	mov	byte [end_by_carry], 1
	long	MEM_RAW_MAX, MEM_RAW_MAX
	same	"flags", [boot_flags], 0
	same_byte "warning", [warned], 0
	done

	case	"E820: 129 entries, truncated"
	long	MEM_RAW_MAX + 1, MEM_RAW_MAX
	same	"flags", [boot_flags], BOOT_MAP_TRUNCATED
	done

	case	"E820: 300 entries, truncated, with a warning"
	long	300, MEM_RAW_MAX
	same	"flags", [boot_flags], BOOT_MAP_TRUNCATED
	same_byte "warning", [warned], W_MAP_TRUNCATED
	same	"number", [error_numbers], MEM_RAW_MAX
	done

	case	"E820: endless continuation"
	long	0xFFFF, MEM_RAW_MAX
	done

	case	"E820: endless continuation of short entries"
	mov	word [e820_list], 0
	mov	word [e820_count], 0xFFFF
	mov	dword [entry_bytes], 0
	run	memory_map_read
	succeeds
	source_is MAP_E801
	done
	ret

list e801_map
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0xF00000, MEM_USABLE, 1
	entry	0x1000000, 0x7000000, MEM_USABLE, 1
list_end e801_map
list e801_hole
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0xE00000, MEM_USABLE, 1
list_end e801_hole
list e801_high
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	0x1000000, 0x7000000, MEM_USABLE, 1
list_end e801_high
list map_88
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0x3C00000, MEM_USABLE, 1
list_end map_88
list map_88_ebda
	entry	0, 0x90000, MEM_USABLE, 1
	entry	MIB, 0x3C00000, MEM_USABLE, 1
list_end map_88_ebda

%macro no_e820 0
	mov	byte [e820_carry], 1
%endmacro
%macro no_e801 0
	mov	byte [e801_carry], 1
%endmacro
; e801_says AX, BX, CX, DX
%macro e801_says 4
	mov	dword [e801_eax], 0xBAD00000 | %1
	mov	dword [e801_ebx], 0xBAD00000 | %2
	mov	dword [e801_ecx], 0xBAD00000 | %3
	mov	dword [e801_edx], 0xBAD00000 | %4
%endmacro

older_tests:
	case	"E801: AX and BX"
	no_e820
	e801_says 0x3C00, 0x700, 0, 0
	run	memory_map_read
	succeeds
	source_is MAP_E801
	map_is	e801_map
	logged	"S1"
	done

	case	"E801: CX and DX"
	no_e820
	e801_says 0, 0, 0x3C00, 0x700
	run	memory_map_read
	succeeds
	source_is MAP_E801
	map_is	e801_map
	done

	case	"E801: both pairs, the first counts"
	no_e820
	e801_says 0x3C00, 0x700, 0x1234, 0x5678
	run	memory_map_read
	succeeds
	map_is	e801_map
	done

	case	"E801: a hole below 16 MiB, nothing above"
	no_e820
	e801_says 0x3800, 0, 0, 0
	run	memory_map_read
	succeeds
	map_is	e801_hole
	done

	case	"E801: nothing below 16 MiB, some above"
	no_e820
	e801_says 0, 0x700, 0x1234, 0x5678
	run	memory_map_read
	succeeds
	map_is	e801_high
	done

	case	"E801: all zero, 88h is asked"
	no_e820
	e801_says 0, 0, 0, 0
	run	memory_map_read
	succeeds
	source_is MAP_88
	map_is	map_88
	logged	"S18"
	done

	case	"E801: unknown, CF left alone"
	mov	byte [e820_carry], CARRY_KEPT
	mov	byte [e801_carry], CARRY_KEPT
	run	memory_map_read
	succeeds
	source_is MAP_88
	map_is	map_88
	done

	case	"88h: low memory ends at the EBDA"
	no_e820
	no_e801
	mov	word [BDA_EBDA_SEGMENT], 0x9000
	run	memory_map_read
	succeeds
	map_is	map_88_ebda
	done

	case	"88h: fails, no map"
	no_e820
	no_e801
	mov	byte [old_carry], 1
	run	memory_map_read
	fails	E_NO_MAP
	same_word "entries", [raw_count], 0
	logged	"S18"
	done

	case	"88h: 0 KiB, no map"
	no_e820
	no_e801
	mov	dword [old_eax], 0xBAD00000
	run	memory_map_read
	fails	E_NO_MAP
	done
	ret

; map_compare - in: si list, cx dwords
map_compare:
	mov	bx, raw_map
.next:
	lodsd
	mov	edx, eax
	mov	eax, [bx]
	push	si
	text	si, "raw_map"
	call	expect_equal
	pop	si
	add	bx, 4
	loop	.next
	ret

; long_check - in: cx how many generated entries raw_map must hold
long_check:
	movzx	ebx, cx
	same_word "entries", [raw_count], ebx
	mov	bx, raw_map
	xor	edx, edx
.next:
	mov	eax, [bx]
	text	si, "base"
	call	expect_equal
	add	edx, MIB
	add	bx, ENTRY_SIZE
	loop	.next
	ret

warning_print:
	mov	[warned], ah
	ret

%include "tests/realmode/fake_memory.inc"
