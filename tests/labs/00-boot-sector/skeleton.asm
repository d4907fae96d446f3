; sector.asm - LBA 0: a boot sector of one's own
;
; The BIOS loads these 512 bytes to 0x7C00 and jumps there, DL = the drive.
; 1. print the letter @ by INT 10h, AH=0Eh, before anything is read
; 2. read one sector, LBA #, of the drive in DL
; 3. print the text in that sector, up to the byte 0 behind it
; 4. print the letter once more
; 5. wait for ever by hlt, with interrupts on
