bits 16
org 0x7C00
	jmp short start
	nop
	times 0x5A - ($ - $$) db 0
start:
	xor ax, ax
	mov ds, ax
	mov es, ax
	mov ss, ax
	mov sp, 0x7C00
	mov [drive], dl
	mov ax, 0x0E41
	mov bx, 7
	int 0x10
	mov cx, 3
.try:	push cx
	mov si, packet
	mov ah, 0x42
	mov dl, [drive]
	int 0x13
	pop cx
	jnc .print
	loop .try
	jmp .end
.print:
	mov si, 0x8000
.next:	lodsb
	test al, al
	jz .end
	mov ah, 0x0E
	mov bx, 7
	int 0x10
	jmp .next
.end: mov ax, 0x0E41
	int 0x10
.stop: hlt
	jmp .stop
packet:	dw 16, 1, 0x8000, 0
	dq 5
drive:	db 0
	times 510 - ($ - $$) db 0
	db 0x55, 0xAA
