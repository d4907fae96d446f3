; test_range.asm - memory_range_check on maps with holes and overlaps

%include "tests/realmode/realmode.inc"
%include "tests/realmode/entries.inc"

global tests, fake_reset, warning_print
extern memory_range_check, raw_count, raw_map

cpu 386
section_text16

list holes		; out of order, as HW-24 allows
	entry	0x1000000, 0x1000000, MEM_USABLE, 1
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0x400000, MEM_USABLE, 1
	entry	0x500000, 0x100000, MEM_USABLE, 1
	entry	0x700000, 0x100000, MEM_USABLE, 1
	entry	0x1800000, 0x1000, 2, 1
	entry	0x1900000, 0, 2, 1
	entry	0x1A00000, 0x1000, 2, 0
	entry	0x1B00000, 0x1000, MEM_USABLE, MEM_ATTR_PRESENT | \
		MEM_ATTR_NONVOLATILE
	entry	0x3000000, 0x1000000, MEM_USABLE, 0
	entry	0xFFF00000, 0x200000, MEM_USABLE, 1
	entry	0x100000000, 0x40000000, MEM_USABLE, 1
	entry	0x100800000, 0x1000, 2, 1
list_end holes
list huge
	entry	0, 0xFFFFFFFFFFFFFFFF, MEM_USABLE, 1
list_end huge
list high_reserved
	entry	0, 0x100000000, MEM_USABLE, 1
	entry	0xC0000000, 0xFFFFFFFF00000000, 2, 1
list_end high_reserved
list to_the_end		; HW-29: the last byte is the last of 64 bits
	entry	0, 0x100000000, MEM_USABLE, 1
	entry	MIB, -MIB, 2, 1
list_end to_the_end
list beyond_the_end	; and behind it; by one byte, by as much as can be
	entry	0, 0x100000000, MEM_USABLE, 1
	entry	MIB, -MIB + 1, 2, 1
list_end beyond_the_end
list far_beyond_the_end
	entry	0, 0x100000000, MEM_USABLE, 1
	entry	0xFFFFF000, -1, 2, 1
list_end far_beyond_the_end
list ram_beyond_the_end
	entry	MIB, -MIB + 1, MEM_USABLE, 1
list_end ram_beyond_the_end
list last_page
	entry	0xFFFFF000, 0x1000, MEM_USABLE, 1
list_end last_page

list nonvolatile
	entry	MIB, 0x1000000, MEM_USABLE, MEM_ATTR_PRESENT | \
		MEM_ATTR_NONVOLATILE
list_end nonvolatile

list one_byte_missing
	entry	MIB, 0x1000, MEM_USABLE, 1
	entry	MIB + 0x1001, 0x1000, MEM_USABLE, 1
list_end one_byte_missing

; range NAME, MAP, FIRST, LAST, free|taken
%macro range 5
	case	%1
	mov	si, %2
	mov	cx, %2_count
	call	map_set
	mov	dword [in_eax], %3
	mov	dword [in_ecx], %4
	run	memory_range_check
	carry_is %5
	done
%endmacro
%define free	0
%define taken	1

tests:
	range	"range: in one entry", holes, MIB, 0x1FFFFF, free
	range	"range: exactly an entry", holes, 0x700000, 0x7FFFFF, free
	range	"range: two adjoining", holes, MIB, 0x5FFFFF, free
	range	"range: over their seam", holes, 0x4FFFFF, 0x500000, free
	range	"range: a hole at its end", holes, MIB, 0x600000, taken
	range	"range: a hole at its start", holes, 0x6FFFFF, 0x7FFFFF, taken
	range	"range: a hole inside", holes, MIB, 0x7FFFFF, taken
	range	"range: all in a hole", holes, 0x600000, 0x6FFFFF, taken
	range	"range: reserved over RAM", holes, 0x1000000, 0x1FFFFFF, taken
	range	"range: reserved, last byte", holes, 0x1700000, 0x1800000, taken
	range	"range: reserved, first byte", holes, 0x1800FFF, 0x1810000, taken
	range	"range: up to reserved", holes, 0x1700000, 0x17FFFFF, free
	range	"range: from reserved on", holes, 0x1801000, 0x18FFFFF, free
	range	"range: empty reserved", holes, 0x1900000, 0x1900FFF, free
	range	"range: around empty reserved", holes, 0x18FF000, \
		0x1900FFF, free
	range	"range: absent reserved", holes, 0x1A00000, 0x1A00FFF, free
	range	"range: non-volatile RAM over RAM", holes, 0x1B00000, \
		0x1B00FFF, taken
	range	"range: non-volatile RAM, nothing else", nonvolatile, MIB, \
		0x1FFFFF, taken
	range	"range: absent RAM", holes, 0x3000000, 0x3000FFF, taken
	range	"range: above RAM", holes, 0x40000000, 0x40000FFF, taken
	range	"range: RAM's end", holes, 0x1F00000, 0x2000000, taken
	range	"range: up to 4 GiB", holes, 0xFFF00000, 0xFFFFFFFF, free
	range	"range: reserved is 4 GiB up", holes, 0x800000, 0x800FFF, taken
	range	"range: same low bits as high RAM", holes, 0x2800000, \
		0x2800FFF, taken
	range	"range: the last page", last_page, 0xFFFFF000, 0xFFFFFFFF, free
	range	"range: before the last page", last_page, 0xFFFFEFFF, \
		0xFFFFFFFF, taken
	range	"range: a length of 2^64 - 1", huge, MIB, 0xFFFFFFFF, free
	range	"range: reserved of 2^64", high_reserved, 0xBFFFFFFF, \
		0xC0000000, taken
	range	"range: below it", high_reserved, MIB, 0xBFFFFFFF, free
	range	"range: reserved up to 2^64", to_the_end, 2 * MIB, 3 * MIB, taken
	range	"range: below that", to_the_end, 0x10000, MIB - 1, free
	range	"range: reserved beyond 2^64", beyond_the_end, 2 * MIB, \
		3 * MIB, taken
	range	"range: its first byte", beyond_the_end, 0x10000, MIB, taken
	range	"range: below that too", beyond_the_end, 0x10000, MIB - 1, free
	range	"range: reserved far beyond 2^64", far_beyond_the_end, \
		2 * MIB, 0xFFFFF000, taken
	range	"range: below that as well", far_beyond_the_end, 2 * MIB, \
		0xFFFFEFFF, free
	range	"range: RAM beyond 2^64", ram_beyond_the_end, MIB, \
		0xFFFFFFFF, free
	range	"range: one byte", holes, MIB, MIB, free
	range	"range: one byte missing", one_byte_missing, MIB, \
		MIB + 0x1FFF, taken
	ret

; map_set - in: si entries, cx how many; then raw_map is them
map_set:
	mov	[raw_count], cx
	imul	cx, ENTRY_SIZE / 4
	mov	di, raw_map
	rep	movsd
	ret

fake_reset:
warning_print:
	ret
