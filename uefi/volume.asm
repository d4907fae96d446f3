; volume.asm - a FAT volume with one file, EFI/BOOT/BOOTX64.EFI
;
; The file that a UEFI starts from a drive of which it knows nothing
; (UEFI Specification, "Removable Media Boot Behavior"). FAT12, since there are
; few clusters (Microsoft, "FAT: General Overview of On-Disk Format"). mkimage
; adds the zeros behind the file.

%include "boot/layout.inc"

%define VOLUME_SECTORS	512		; 256 KiB
%define FAT_SECTORS	2		; 1.5 bytes for each cluster
%define FAT_COUNT	2
%define ROOT_ENTRIES	(SECTOR_SIZE / 32)
%define MEDIA		0xF8		; a hard disk
%define FIRST_CLUSTER	2		; the first that there is
%define LAST_OF_FILE	0xFFF
; One sector each; the folders come first.
%define CLUSTER_EFI	FIRST_CLUSTER
%define CLUSTER_BOOT	(FIRST_CLUSTER + 1)
%define CLUSTER_FILE	(FIRST_CLUSTER + 2)
%define FILE_SECTORS	((file_end - file + SECTOR_SIZE - 1) / SECTOR_SIZE)

%define FOLDER		0x10
%define MIDNIGHT	0
%define FIRST_OF_1980	0x0021		; the first day that FAT knows

section volume start=0
; ---- The boot sector: numbers, no code ---------------------------------------

volume:
	db 0xEB, 0x3C, 0x90
	db "FIRSTLIT"
	dw SECTOR_SIZE
	db 1				; sectors in a cluster
	dw 1				; this sector
	db FAT_COUNT
	dw ROOT_ENTRIES
	dw VOLUME_SECTORS
	db MEDIA
	dw FAT_SECTORS
	dw 32, 64			; sectors of a track, heads
	dd 0				; in front of the volume: for DOS alone
	dd 0
	db 0x80, 0, 0x29
	dd 0x54494C46			; serial number: "FLIT"
	db "NO NAME    "
	db "FAT12   "
	; Never started; if it is, it halts.
	times 0x3E - ($ - volume) db 0
	db 0xFA, 0xF4
	times SECTOR_SIZE - 2 - ($ - volume) db 0
	dw 0xAA55

; ---- Two equal tables: which cluster follows each one ------------------------

; pair FIRST, SECOND - two entries of 12 bits
%macro pair 2
	db (%1) & 0xFF, (%1) >> 8 & 15 | ((%2) & 15) << 4, (%2) >> 4 & 0xFF
%endmacro

; What follows cluster N of the file: the next, nothing, or it is free.
%define LAST_CLUSTER	(CLUSTER_FILE + FILE_SECTORS - 1)
%define next(n) ((n) < LAST_CLUSTER ? (n) + 1 : \
	(n) = LAST_CLUSTER ? LAST_OF_FILE : 0)

%macro table 0
%%start:
	pair 0xF00 | MEDIA, 0xFFF
	pair LAST_OF_FILE, LAST_OF_FILE	; the two folders
%assign cluster CLUSTER_FILE
%rep 20
	pair next(cluster), next(cluster + 1)
%assign cluster cluster + 2
%endrep
	times FAT_SECTORS * SECTOR_SIZE - ($ - %%start) db 0
%endmacro
	table
	table

; ---- Folders and the file ----------------------------------------------------

; entry NAME, ATTRIBUTES, CLUSTER, BYTES
%macro entry 4
	db %1				; 8 and 3 characters
	db %2, 0, 0
	dw MIDNIGHT, FIRST_OF_1980, FIRST_OF_1980, 0, MIDNIGHT, FIRST_OF_1980
	dw %3
	dd %4
%endmacro
%define to_sector times -($ - volume) & (SECTOR_SIZE - 1) db 0

	entry "EFI        ", FOLDER, CLUSTER_EFI, 0
	to_sector

	entry ".          ", FOLDER, CLUSTER_EFI, 0
	entry "..         ", FOLDER, 0, 0
	entry "BOOT       ", FOLDER, CLUSTER_BOOT, 0
	to_sector

	entry ".          ", FOLDER, CLUSTER_BOOT, 0
	entry "..         ", FOLDER, CLUSTER_EFI, 0
	entry "BOOTX64 EFI", 0, CLUSTER_FILE, file_end - file
	to_sector

file:	incbin PAGE
file_end:
	to_sector
