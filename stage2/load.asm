; load.asm - check the header, bring kernel and modules above 1 MiB

%include "stage2/stage2.inc"

global header_check, blobs_load
extern a20_enable, copy_up, disk_read, failure_return, memory_range_check

%define HEADER		HEADER_ADDR
%define CHUNK_BYTES	(DISK_CHUNK_MAX * SECTOR_SIZE)

cpu 386
section_text16

; header_check - is the header whole, and of our version? (HW-8)
; The boot sector has checked magic and sum. The CRC also finds what a sum does
; not; it is checked before any other field is used.
; out:      CF=1   E_HEADER_CRC, E_HEADER_VERSION, E_BLOB_TABLE
; clobbers: eax, ecx, edx, si, flags
header_check:
	mov	edx, [HEADER + HEADER_CRC]
	push	dword [HEADER + HEADER_SUM]
	xor	eax, eax
	mov	[HEADER + HEADER_CRC], eax
	mov	[HEADER + HEADER_SUM], eax
	call	header_crc
	pop	dword [HEADER + HEADER_SUM]
	mov	[HEADER + HEADER_CRC], edx
	cmp	eax, edx
	jne	.damaged

	movzx	eax, word [HEADER + HEADER_VERSION]
	cmp	eax, HEADER_VERSION_VALUE
	jne	.version

	movzx	eax, word [HEADER + HEADER_BLOB_COUNT]
	dec	eax			; 0 becomes the largest number
	cmp	eax, BLOBS_MAX
	jae	.count
	mov	byte [HEADER + HEADER_CMDLINE + CMDLINE_MAX], 0
	clc
	ret
.damaged:
	mov	ecx, edx
	failure	E_HEADER_CRC
.version:
	mov	ecx, HEADER_VERSION_VALUE
	failure	E_HEADER_VERSION
.count:
	lea	ecx, [eax + 1]
	xor	eax, eax
	failure	E_BLOB_TABLE

; header_crc - CRC-32C, bit by bit: small, and 512 bytes are few
; out:      eax
; clobbers: cx, si, flags
header_crc:
	mov	si, HEADER
	mov	eax, 0xFFFFFFFF
.byte:
	xor	al, [si]
	mov	cx, 8
.bit:
	shr	eax, 1
	jnc	.shifted
	xor	eax, CRC32C_POLYNOMIAL
.shifted:
	loop	.bit
	inc	si
	cmp	si, HEADER + HEADER_SIZE
	jne	.byte
	not	eax
	ret

; blobs_load - check each blob and its range of memory, then load it
; out:      CF=1   E_BLOB_TABLE, E_LOAD_RANGE, E_READ, E_A20
; clobbers: eax, ebx, ecx, edx, esi, edi, bp, fs, gs, flags
blobs_load:
	mov	bp, HEADER + HEADER_BLOBS
.next:
	call	blob_check
	jc	.done
	call	blob_fetch
	jc	.done
	add	bp, BLOB_SIZE
	inc	word [index]
	mov	ax, [index]
	cmp	ax, [HEADER + HEADER_BLOB_COUNT]
	jb	.next
	clc
.done:
	ret

; blob_check - are the numbers possible, and is the memory free RAM?
; in:       bp     blob
; out:      CF=1   E_BLOB_TABLE, E_LOAD_RANGE
; clobbers: eax, ecx, edx, flags
blob_check:
	mov	eax, [bp + BLOB_BYTES]
	dec	eax			; last byte; 0 becomes the largest
	cmp	eax, [bp + BLOB_MEMORY]
	jae	.impossible
	shr	eax, 9
	inc	eax			; sectors
	add	eax, [bp + BLOB_LBA]
	jc	.impossible
	cmp	eax, [HEADER + HEADER_IMAGE_SECTORS]
	ja	.impossible
	movzx	eax, word [HEADER + HEADER_STAGE2_SECTORS]
	add	eax, STAGE2_LBA
	cmp	[bp + BLOB_LBA], eax
	jb	.impossible

	mov	eax, [bp + BLOB_LOAD]
	test	eax, PAGE_SIZE - 1
	jnz	.impossible
	cmp	eax, LOAD_ADDR
	jb	.impossible
	mov	ecx, [bp + BLOB_MEMORY]
	mov	edx, [bp + BLOB_ENTRY]
	sub	edx, eax
	cmp	edx, ecx
	jb	.enterable
	cmp	word [index], 0		; only the kernel has an entry
	je	.impossible
.enterable:
	dec	ecx
	add	ecx, eax		; last byte
	jc	.impossible
	call	memory_range_check
	jnc	.done
	mov	edx, ecx
	xchg	eax, ecx
	mov	eax, [index]
	failure	E_LOAD_RANGE
.impossible:
	mov	eax, [index]
	movzx	ecx, word [HEADER + HEADER_BLOB_COUNT]
	failure	E_BLOB_TABLE
.done:
	ret

; blob_fetch - load a blob in chunks, from disk to the buffer to its address
; in:       bp     blob
; out:      CF=1   E_READ, E_A20
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
blob_fetch:
	mov	eax, [bp + BLOB_LBA]
	mov	[next_lba], eax
	mov	eax, [bp + BLOB_LOAD]
	mov	[target], eax
	mov	eax, [bp + BLOB_BYTES]
	mov	[remaining], eax
.next:
	mov	ecx, [remaining]
	cmp	ecx, CHUNK_BYTES
	jbe	.last
	mov	ecx, CHUNK_BYTES
.last:
	push	ecx
	mov	eax, [next_lba]
	add	ecx, SECTOR_SIZE - 1
	shr	ecx, 9
	add	[next_lba], ecx
	call	disk_read
	jc	.read
	call	a20_enable		; the BIOS may close it (HW-23)
.read:
	pop	ecx
	jc	.done
	mov	edi, [target]
	call	copy_up
	add	[target], ecx
	sub	[remaining], ecx
	ja	.next			; CF=0 at the end
.done:
	ret

section_bss16
index:		resd 1			; of the blob; starts as 0
next_lba:	resd 1
target:		resd 1			; physical address
remaining:	resd 1			; bytes
