; disk.asm - sectors from the boot drive into DISK_BUFFER
;
; EDD packets where they work, cylinder/head/sector where not. What fails is
; tried again after a reset, then with fewer sectors a call, then by the other
; method; the next read begins with what has worked (HW-16, HW-17, HW-18).
; There is no write function here, and never will be (HW-21).

%include "stage2/stage2.inc"

global disk_init, disk_read
global disk_method, disk_retries
extern bios_call, boot_drive, failure_return

%define TRIES		3
%define STATUS_BAD_CALL	1		; RBIL: INT 13h status 01h
%define CYLINDERS_MAX	1024		; ten bits in CH and CL
%define PACKET_SIZE	16

cpu 386
section_text16

; disk_init - choose the method
; The BIOS is not asked for the bytes per sector (AH=48h): the boot sector's sum
; has shown that they are 512, and some BIOSes give a wrong number (HW-7).
; out:      CF=1   E_READ
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
disk_init:
	mov	word [bite], DISK_CHUNK_MAX
	mov	byte [disk_method], DISK_EDD
	mov	ah, DISK_EDD_CHECK
	mov	bx, EDD_MAGIC
	call	disk_bios
	jc	.chs
	cmp	bx, EDD_MAGIC_BACK
	jne	.chs
	test	cl, EDD_PACKET
	jnz	.done			; CF=0
.chs:
	call	geometry_read
	jc	read_failure
.done:
	ret

; disk_read - read sectors into DISK_BUFFER
; in:       eax    first LBA
;           cx     sectors, 1..DISK_CHUNK_MAX
; out:      CF=0   all read;  CF=1   E_READ
; clobbers: eax, ebx, ecx, edx, esi, edi, fs, gs, flags
disk_read:
	mov	[lba], eax
	mov	[left], cx
	mov	word [target], DISK_BUFFER_ADDR / 16
	mov	byte [status], 0
.next:
	mov	cx, [left]
	cmp	cx, [bite]
	jbe	.fits
	mov	cx, [bite]
.fits:
	mov	[count], cx
	call	part_read
	jnc	.advance
	call	retreat
	jnc	.next
	jmp	read_failure
.advance:
	movzx	ecx, word [count]
	add	[lba], ecx
	mov	ax, cx
	shl	ax, 5			; sectors to paragraphs
	add	[target], ax
	sub	[left], cx
	jnz	.next
	ret				; CF=0

; read_failure - name drive, sector and the first status
; out:      CF=1   E_READ
; clobbers: eax, ecx, edx, flags
read_failure:
	movzx	eax, byte [boot_drive]
	mov	ecx, [lba]
	movzx	edx, byte [status]
	failure	E_READ

; retreat - after TRIES failures: fewer sectors a call, then CHS
; out:      CF=1   nothing is left to try
; clobbers: as disk_read
retreat:
	cmp	word [bite], 1
	je	.method
	shr	word [bite], 2		; 64, 16, 4, 1
	clc
	ret
.method:
	cmp	byte [disk_method], DISK_EDD
	jne	.none
	mov	word [bite], DISK_CHUNK_MAX
	jmp	geometry_read
.none:
	stc
	ret

; part_read - read `count` sectors, TRIES times if need be
; out:      CF=1   all tries failed
; clobbers: as disk_read
part_read:
	mov	byte [tries], TRIES
.again:
	cmp	byte [disk_method], DISK_EDD
	jne	.chs
	call	edd_read
	jmp	.look
.chs:
	call	chs_read
.look:
	jnc	.done
	call	status_keep
	inc	dword [disk_retries]
	mov	ah, DISK_RESET
	call	disk_bios
	dec	byte [tries]
	jnz	.again
	stc
.done:
	ret

; edd_read - by disk address packet (RBIL INT 13/AH=42h)
; out:      CF=1   ah  status
; clobbers: as disk_read
edd_read:
	mov	di, packet
	mov	si, di
	mov	ax, PACKET_SIZE
	stosw
	mov	ax, [count]
	stosw
	xor	ax, ax			; offset, then segment
	stosw
	mov	ax, [target]
	stosw
	mov	eax, [lba]
	stosd
	xor	eax, eax		; of 64 bits
	stosd
	mov	ah, DISK_READ_EDD
	call	disk_bios
	jc	.done
	mov	cx, [packet + 2]	; how many it claims to have read
	cmp	cx, [count]
	je	.done			; CF=0
	mov	ah, STATUS_BAD_CALL
	stc
.done:
	ret

; chs_read - by cylinder, head, sector (RBIL INT 13/AH=02h)
; out:      CF=0   `count` may have become less: up to the track's end
;           CF=1   ah  status
; clobbers: as disk_read
chs_read:
	mov	eax, [lba]
	xor	edx, edx
	movzx	ecx, word [track_sectors]
	div	ecx			; eax = track, edx = sector - 1
	sub	cx, dx			; left on this track
	cmp	cx, [count]
	jae	.whole
	mov	[count], cx
.whole:
	mov	esi, edx
	xor	edx, edx
	movzx	ecx, word [heads]
	div	ecx			; eax = cylinder, edx = head
	cmp	eax, CYLINDERS_MAX
	jae	.too_far
	mov	ch, al
	mov	cl, ah
	shl	cl, 6			; cylinder bits 8 and 9
	inc	si
	or	cx, si
	mov	dh, dl
	mov	al, [count]
	mov	ah, DISK_READ_CHS
	mov	es, [target]
	xor	bx, bx
	jmp	disk_bios
.too_far:
	mov	ah, STATUS_BAD_CALL
	stc
	ret

; geometry_read - switch to CHS if the drive tells a geometry
; out:      CF=0   disk_method, track_sectors, heads
;           CF=1   no usable answer
; clobbers: as disk_read
geometry_read:
	mov	ah, DISK_GEOMETRY
	xor	di, di			; ES:DI = 0:0, for BIOS bugs (RBIL)
	call	disk_bios
	jc	status_keep
	and	cx, 63
	jz	.refused		; HW-16: would divide by zero
	mov	[track_sectors], cx
	movzx	dx, dh
	inc	dx
	mov	[heads], dx
	mov	byte [disk_method], DISK_CHS
	clc
	ret
.refused:
	mov	ah, STATUS_BAD_CALL
; falls through
; status_keep - remember the first error of this read
; in:       ah     INT 13h status
; out:      CF=1
; clobbers: flags
status_keep:
	cmp	byte [status], 0
	jne	.kept
	mov	[status], ah
.kept:
	stc
	ret

; disk_bios - INT 13h for our drive
; in, out, clobbers: as bios_call; dl is set here
disk_bios:
	mov	dl, [boot_drive]
	bios	INT_DISK
	ret

section_bss16
packet:		resb PACKET_SIZE
lba:		resd 1
disk_retries:	resd 1			; reads repeated, for boot_info
left:		resw 1			; sectors to go
count:		resw 1			; sectors of this call
bite:		resw 1			; sectors a call may ask for
target:	resw 1			; where they go
track_sectors:	resw 1
heads:		resw 1			; 1..256
disk_method:	resb 1
status:		resb 1
tries:		resb 1
