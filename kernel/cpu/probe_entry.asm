; probe_entry.asm - the instructions that may fault.

bits 64
default rel
section .text progbits alloc exec nowrite align=16

global probe_read
global probe_read_unit
global probe_write
global probe_read_msr
global probe_write_msr

; may_fault WHERE: if the next instruction faults, go on at WHERE
%macro may_fault 1
	[section .rodata.probes progbits alloc noexec nowrite align=8]
	dq	%%here, %1
	__?SECT?__
%%here:
%endmacro

; probe_read, probe_write - copy until a fault
; in:  rdi  to
;      rsi  from
;      rdx  bytes
; out: rax  bytes copied: REP counts down in RCX, also when it is interrupted
probe_read:
probe_write:
	mov	rcx, rdx
	may_fault .end
	rep	movsb
.end:
	mov	rax, rdx
	sub	rax, rcx
	ret

; probe_read_unit
; in:  rdi  to
;      rsi  from
;      edx  bytes: 1, 2, 4 or 8
; out: al   1, or 0: it faulted
probe_read_unit:
	cmp	edx, 4
	ja	.eight
	je	.four
	cmp	edx, 2
	je	.two
	may_fault .missing
	mov	al, [rsi]
	mov	[rdi], al
	jmp	.there
.two:
	may_fault .missing
	mov	ax, [rsi]
	mov	[rdi], ax
	jmp	.there
.four:
	may_fault .missing
	mov	eax, [rsi]
	mov	[rdi], eax
	jmp	.there
.eight:
	may_fault .missing
	mov	rax, [rsi]
	mov	[rdi], rax
.there:
	mov	eax, 1
	ret
.missing:
	xor	eax, eax
	ret

; probe_read_msr
; in:  edi  number
;      rsi  where the value goes
; out: al   1, or 0: there is no such register
probe_read_msr:
	mov	ecx, edi
	may_fault .missing
	rdmsr
	mov	[rsi], eax
	mov	[rsi + 4], edx
	mov	eax, 1
	ret
.missing:
	xor	eax, eax
	ret

; probe_write_msr
; in:  edi  number
;      rsi  value
; out: al   1, or 0: there is no such register, or none that takes this
probe_write_msr:
	mov	ecx, edi
	mov	eax, esi
	mov	rdx, rsi
	shr	rdx, 32
	may_fault .refused
	wrmsr
	mov	eax, 1
	ret
.refused:
	xor	eax, eax
	ret
