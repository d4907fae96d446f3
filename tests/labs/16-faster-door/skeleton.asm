; door.asm - calls of programs by SYSCALL, beside those by INT CALL_VECTOR.

%include "boot/x86.inc"
%include "kernel/cpu/gdt.inc"
%include "kernel/cpu/trap.inc"
%include "user/calls.inc"

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global door_start, door_enter
extern interrupt_call_handler, interrupt_return, door_refuse

; door_start - void door_start(struct tss *tss)
; On each processor, once: from now on SYSCALL leads to door_enter there.
; in:       rdi  this processor's TSS, which stays where it is. At TSS_RSP0 is
;                the end of the stack for ring 0, another one for each thread;
;                the 16 bytes behind that are free for you.
; clobbers: as a function in C
door_start:
	ret

; door_enter - where SYSCALL leads
; No register of the program is lost but RCX and R11, and what is on its stack
; does not matter: RSP may be anything.
;
; - As behind INT CALL_VECTOR, the function at [interrupt_call_handler] gets a
;   struct trap_frame of what the program had; its vector is CALL_VECTOR, and
;   its error code 0.
; - The frame is the last on the stack that this processor's TSS names now.
; - SFMASK clears IF, DF, TF, NT and AC: whatever the program had, none is set
;   at the first instruction.
; - What the handler changes in the frame is changed in the program. It returns
;   with interrupts off.
; - The way back is SYSRET; but where RIP is no canonical address, door_refuse
;   gets the frame: SYSRET would fault in ring 0, with the program's RSP.
door_enter:
	ud2
