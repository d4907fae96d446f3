; test_load.asm - header_check, blob_check and blobs_load
;
; The header is the one that mkimage wrote for this very image; its CRC comes
; from lib/crc32c.c, another implementation than stage 2's.
; The log: D lba+sectors, C address+bytes.

%include "tests/realmode/realmode.inc"
%include "tests/realmode/entries.inc"

global tests, fake_reset, warning_print, a20_enable, copy_up, disk_read
extern header_check, header_crc, blob_check, blobs_load, raw_count, raw_map

%define HEADER		HEADER_ADDR
%define BLOB		(HEADER_ADDR + HEADER_BLOBS)
%define CHUNK		(DISK_CHUNK_MAX * SECTOR_SIZE)

cpu 386
section_text16

; sealed - the header's CRC made right again
%macro sealed 0
	call	header_seal
%endmacro
; blob LBA, BYTES, MEMORY, LOAD - the first one
%macro blob 4
	mov	dword [BLOB + BLOB_LBA], %1
	mov	dword [BLOB + BLOB_BYTES], %2
	mov	dword [BLOB + BLOB_MEMORY], %3
	mov	dword [BLOB + BLOB_LOAD], %4
	mov	dword [BLOB + BLOB_ENTRY], %4
%endmacro
; entry_is ENTRY - of a kernel of 2 pages at 1 MiB
%macro entry_is 1
	blob	20, 0x1000, 0x2000, MIB
	mov	dword [BLOB + BLOB_ENTRY], %1
	mov	dword [in_ebp], BLOB
	run	blob_check
%endmacro
; good NAME, LBA, BYTES, MEMORY, LOAD
%macro good 5
	case	%1
	blob	%2, %3, %4, %5
	mov	dword [in_ebp], BLOB
	run	blob_check
	succeeds
	done
%endmacro
%macro impossible 5
	case	%1
	blob	%2, %3, %4, %5
	mov	dword [in_ebp], BLOB
	run	blob_check
	fails	E_BLOB_TABLE
	same	"blob", [error_numbers], 0
	same	"of", [error_numbers + 4], 1
	done
%endmacro

tests:
	call	header_tests
	call	blob_tests
	jmp	load_tests

header_tests:
	case	"header: as mkimage wrote it"
	run	header_check
	succeeds
	call	header_untouched
	done

	case	"header: one bit of any byte is damage"
	mov	word [place], 0
.next:
	mov	bx, [place]
	and	bx, ~3
	cmp	bx, HEADER_SUM		; not summed by the CRC
	je	.skip
	mov	cx, [place]
	mov	al, 1
	rol	al, cl
	mov	bx, [place]
	mov	[bit_mask], al
	xor	[HEADER + bx], al
	run	header_check
	fails	E_HEADER_CRC
	mov	bx, [place]
	mov	al, [bit_mask]
	xor	[HEADER + bx], al
.skip:
	inc	word [place]
	cmp	word [place], HEADER_SIZE
	jb	.next
	call	header_untouched
	done

	case	"header: both CRCs are told"
	mov	ebx, [HEADER + HEADER_CRC]
	mov	[place], ebx
	xor	dword [HEADER + HEADER_CRC], 0x80000001
	run	header_check
	fails	E_HEADER_CRC
	same	"is", [error_numbers], [place]
	mov	ebx, [place]
	xor	ebx, 0x80000001
	same	"should be", [error_numbers + 4], ebx
	done

	case	"header: another version"
	inc	word [HEADER + HEADER_VERSION]
	sealed
	run	header_check
	fails	E_HEADER_VERSION
	same	"version", [error_numbers], HEADER_VERSION_VALUE + 1
	same	"ours", [error_numbers + 4], HEADER_VERSION_VALUE
	done

	case	"header: 8 blobs"
	mov	word [HEADER + HEADER_BLOB_COUNT], BLOBS_MAX
	sealed
	run	header_check
	succeeds
	done

	case	"header: a command line without end gets one"
	mov	byte [HEADER + HEADER_CMDLINE + CMDLINE_MAX], 'x'
	sealed
	run	header_check
	succeeds
	same_byte "end", [HEADER + HEADER_CMDLINE + CMDLINE_MAX], 0
	done

	case	"header: 9 blobs"
	mov	word [HEADER + HEADER_BLOB_COUNT], BLOBS_MAX + 1
	sealed
	run	header_check
	fails	E_BLOB_TABLE
	same	"of", [error_numbers + 4], BLOBS_MAX + 1
	done

	case	"header: no blobs"
	mov	word [HEADER + HEADER_BLOB_COUNT], 0
	sealed
	run	header_check
	fails	E_BLOB_TABLE
	same	"of", [error_numbers + 4], 0
	done

	case	"header: 65,535 blobs"
	mov	word [HEADER + HEADER_BLOB_COUNT], 0xFFFF
	sealed
	run	header_check
	fails	E_BLOB_TABLE
	done
	ret

; The image: 2048 sectors, of which stage 2 ends at LBA 20. RAM: to 16 MiB.
blob_tests:
	good	"blob: a page", 20, 0x1000, 0x1000, MIB
	good	"blob: one byte", 20, 1, 1, MIB
	good	"blob: more memory than bytes", 20, 1, 0xF00000, MIB
	good	"blob: to the image's end", 2040, 0x1000, 0x1000, MIB
	good	"blob: 513 bytes need two sectors", 2046, 513, 513, MIB
	good	"blob: to RAM's last byte", 20, 512, 0x1000, 0xFFF000
	impossible "blob: 0 bytes", 20, 0, 0x1000, MIB
	impossible "blob: 0 bytes, 0 memory", 20, 0, 0, MIB
	impossible "blob: less memory than bytes", 20, 0x1001, 0x1000, MIB
	impossible "blob: 4 GiB - 1 bytes", 20, -1, -1, MIB
	impossible "blob: beyond the image", 2041, 0x1000, 0x1000, MIB
	impossible "blob: a byte beyond it", 2047, 513, 513, MIB
	impossible "blob: LBA and sectors wrap", 0xFFFFFFF8, 0x1000, 0x1000, MIB
	impossible "blob: inside stage 2", 19, 0x1000, 0x1000, MIB
	impossible "blob: the boot sector", 0, 0x1000, 0x1000, MIB
	impossible "blob: below 1 MiB", 20, 0x1000, 0x1000, 0xFF000
	impossible "blob: at 0", 20, 0x1000, 0x1000, 0
	impossible "blob: not on a page", 20, 0x1000, 0x1000, MIB + 0x800
	impossible "blob: memory wraps", 20, 0x1000, 0x10001000, 0xF0000000

	case	"blob: the kernel's entry is its last byte"
	entry_is MIB + 0x1FFF
	succeeds
	done

	case	"blob: the kernel's entry is behind it"
	entry_is MIB + 0x2000
	fails	E_BLOB_TABLE
	done

	case	"blob: the kernel's entry is before it"
	entry_is MIB - 1
	fails	E_BLOB_TABLE
	done

	case	"blob: the kernel's entry is 0"
	entry_is 0
	fails	E_BLOB_TABLE
	done

	case	"blob: behind RAM's end"
	blob	20, 0x1000, 0x2000, 0xFFF000
	mov	dword [in_ebp], BLOB
	run	blob_check
	fails	E_LOAD_RANGE
	same	"blob", [error_numbers], 0
	same	"from", [error_numbers + 4], 0xFFF000
	same	"to", [error_numbers + 8], 0x1000FFF
	done
	ret

load_tests:
	case	"load: one sector"
	blob	20, 1, 1, MIB
	run	blobs_load
	succeeds
	logged	"D14+1 C100000+1 "
	done

	case	"load: one chunk"
	blob	20, CHUNK, CHUNK, MIB
	run	blobs_load
	succeeds
	logged	"D14+40 C100000+8000 "
	done

	case	"load: two chunks and a byte"
	blob	20, CHUNK * 2 + 1, 0x20000, MIB
	run	blobs_load
	succeeds
	logged	"D14+40 C100000+8000 D54+40 C108000+8000 D94+1 C110000+1 "
	done

	case	"load: a module has no entry"
	blob	20, 512, 512, MIB
	mov	si, BLOB
	mov	di, BLOB + BLOB_SIZE
	mov	cx, BLOB_SIZE
	rep	movsb
	mov	dword [BLOB + BLOB_SIZE + BLOB_ENTRY], 0
	mov	word [HEADER + HEADER_BLOB_COUNT], 2
	run	blobs_load
	succeeds
	logged	"D14+1 C100000+200 D14+1 C100000+200 "
	done

	case	"load: a second blob, the bad one is told"
	blob	20, 512, 512, MIB
	mov	word [HEADER + HEADER_BLOB_COUNT], 2
	run	blobs_load
	fails	E_BLOB_TABLE
	same	"blob", [error_numbers], 1
	same	"of", [error_numbers + 4], 2
	logged	"D14+1 C100000+200 "
	done

	case	"load: A20 is closed again, nothing is copied"
	blob	20, 512, 512, MIB
	mov	byte [a20_code], E_A20
	run	blobs_load
	fails	E_A20
	logged	"D14+1 "
	done

	case	"load: the disk fails"
	blob	20, 512, 512, MIB
	mov	byte [disk_code], E_READ
	run	blobs_load
	fails	E_READ
	logged	"D14+1 "
	done
	ret

list ram
	entry	0, 0x9FC00, MEM_USABLE, 1
	entry	MIB, 0xF00000, MEM_USABLE, 1
	entry	0xF0000000, 0x10000000, MEM_USABLE, 1
list_end ram

; fake_reset - mkimage's header, in an image of numbers that tests can name
fake_reset:
	cmp	byte [original_kept], 0
	jne	.kept
	mov	si, HEADER
	mov	di, original
	mov	cx, HEADER_SIZE
	rep	movsb
	mov	byte [original_kept], 1
.kept:
	mov	si, original
	mov	di, HEADER
	mov	cx, HEADER_SIZE
	rep	movsb
	mov	word [raw_count], ram_count
	mov	si, ram
	mov	di, raw_map
	mov	cx, ram_count * ENTRY_SIZE
	rep	movsb
	mov	byte [disk_code], 0
	mov	byte [a20_code], 0
	cmp	word [tests_seen], 9	; header_tests have the original
	jae	.named
	inc	word [tests_seen]
	ret
.named:
	mov	dword [HEADER + HEADER_IMAGE_SECTORS], 2048
	mov	dword [HEADER + HEADER_STAGE2_SECTORS], 18
	mov	word [HEADER + HEADER_BLOB_COUNT], 1
	ret

; header_untouched - the check itself must leave no trace
header_untouched:
	mov	si, original
	mov	di, HEADER
	mov	cx, HEADER_SIZE
	repe	cmpsb
	mov	ax, cx
	same_word "header changed", ax, 0
	ret

header_seal:
	push	dword [HEADER + HEADER_SUM]
	mov	dword [HEADER + HEADER_SUM], 0
	mov	dword [HEADER + HEADER_CRC], 0
	call	header_crc
	mov	[HEADER + HEADER_CRC], eax
	pop	dword [HEADER + HEADER_SUM]
	ret

disk_read:
	push	ax
	mov	al, 'D'
	call	log_char
	pop	ax
	movzx	ecx, cx
	call	pair_log
	jmp	disk_read_done

; a20_enable - changes what the real one may
a20_enable:
	mov	eax, 0xBAD000A0
	mov	ecx, eax
	mov	edi, eax
	cmp	byte [a20_code], 0
	je	.open
	mov	ah, [a20_code]
	stc
.open:
	ret

copy_up:
	pushad
	mov	al, 'C'
	call	log_char
	mov	eax, edi
	call	pair_log
	popad
	ret

; pair_log - in: eax, ecx
pair_log:
	call	log_hex
	mov	al, '+'
	call	log_char
	mov	eax, ecx
	call	log_hex
	mov	al, ' '
	jmp	log_char

warning_print:
	ret

section_harness
place:		resd 1
tests_seen:	resw 1
bit_mask:	resb 1
a20_code:	resb 1
original_kept:	resb 1
original:	resb HEADER_SIZE

%include "tests/realmode/fake_disk_read.inc"
