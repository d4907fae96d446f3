; test_video.asm - video_init, video_warn beside a BIOS and memory that lie
;
; The memory is the VGA's own; its registers tell it where to answer, and
; whether to take what is written.
; The log: F mode read, S mode set, P page 0 shown, B blinking off, C cursor
; read, W the warning, ! a call that it has no business with.

%include "tests/realmode/realmode.inc"

global tests, fake_reset, warning_print
extern video_init, video_warn
extern text_base, video_mode, video_columns, video_rows, video_cursor

%define SEQUENCER	0x3C4		; IBM VGA: index, data behind it
%define PLANES		0x02		; which are written
%define PLANES_TEXT	0x03
%define GRAPHICS	0x3CE
%define PLACE		0x06		; where memory answers
%define AT_A0000	0x06
%define AT_B0000	0x0A
%define AT_B8000	0x0E
%define CURSOR		0x1807		; row 24, column 7
%define CELL		0x1E41

cpu 386
section_text16

; memory_at PLACE
%macro memory_at 1
	mov	dx, GRAPHICS
	mov	ax, PLACE | (%1) << 8
	out	dx, ax
%endmacro
; told MODE, COLUMNS, ROWS - by the BIOS, and its rows less 1 in memory
%macro told 3
	mov	word [mode], (%1) | (%2) << 8
	mov	byte [BDA_VIDEO_ROWS], (%3) - 1
%endmacro
; init - video_init, and what it leaves to say
%macro init 0
	run	video_init
	run	video_warn
%endmacro
; known MODE, COLUMNS, ROWS, BASE
%macro known 4
	same_byte "mode", [video_mode], %1
	same_byte "columns", [video_columns], %2
	same_byte "rows", [video_rows], %3
	same	"text_base", [text_base], %4
%endmacro

tests:
	case	"video: a good mode is left alone"
	init
	logged	"FPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	same_word "cursor", [video_cursor], CURSOR
	call	cell_kept
	done

	case	"video: mono is good too"
	told	7, 80, 25
	memory_at AT_B0000
	init
	logged	"FPBC"
	known	7, 80, 25, VGA_MONO_ADDR
	done

	case	"video: graphics end"
	told	0x12, 80, 30
	init
	logged	"FSFPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	done

	case	"video: VBE mode 103h told as 3"
	told	3, 100, 37
	init
	logged	"FSFPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	done

	case	"video: 40 columns in an 80-column mode"
	told	3, 40, 25
	init
	logged	"FSFPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	done

	case	"video: 50 rows"
	told	3, 80, 50
	init
	logged	"FSFPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	done

	case	"video: mode 3 without a cleared screen is mode 3"
	told	0x83, 80, 25
	init
	logged	"FPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	done

	case	"video: no rows told are 25"
	told	3, 80, 1
	init
	logged	"FPBC"
	known	3, 80, 25, VGA_TEXT_ADDR
	done

	case	"video: a mode that can't be set has no text"
	told	1, 40, 25
	mov	byte [stuck], 1
	init
	logged	"FSFPBCW"
	known	1, 40, 25, 0
	done

	case	"video: text of 160 columns, drawn by the BIOS"
	told	3, 160, 50
	mov	byte [stuck], 1
	init
	logged	"FSFPBCW"
	known	3, 160, 50, 0
	done

	case	"video: nobody answers"
	mov	byte [dead], 1
	init
	logged	""
	same	"text_base", [text_base], 0
	done

	case	"video: no memory where text would be"
	memory_at AT_A0000
	init
	logged	"FPBCW"
	known	3, 80, 25, 0
	done

	case	"video: read-only memory there"
	call	memory_protect
	init
	known	3, 80, 25, 0
	done

	case	"video: read-only memory that holds what is written first"
	mov	cx, 0x5AA5
	call	cell_write
	call	memory_protect
	init
	known	3, 80, 25, 0
	done
	ret

; cell_write - in: cx, for the first cell of text memory
cell_write:
	push	word VGA_TEXT_ADDR / 16
	pop	es
	mov	[es:0], cx
	push	word 0
	pop	es
	ret

; cell_kept - the probe must leave no trace
cell_kept:
	push	word VGA_TEXT_ADDR / 16
	pop	es
	mov	cx, [es:0]
	push	word 0
	pop	es
	same_word "first cell", cx, CELL
	ret

; memory_protect - writes reach no plane any more
memory_protect:
	mov	dx, SEQUENCER
	mov	ax, PLANES
	out	dx, ax
	ret

; fake_reset - 80x25 in colour, memory at B8000 that takes what is written
fake_reset:
	mov	al, INT_VIDEO
	mov	dx, int10
	call	fake_vector_set
	told	3, 80, 25
	mov	byte [stuck], 0
	mov	byte [dead], 0
	memory_at AT_B8000
	mov	dx, SEQUENCER
	mov	ax, PLANES | PLANES_TEXT << 8
	out	dx, ax
	mov	cx, CELL
	jmp	cell_write

warning_print:
	cmp	ah, W_NO_TEXT
	jne	test_hung
	mov	al, 'W'
	jmp	log_char

int10:
	cmp	byte [dead], 0
	jne	.as_it_came
	mov	ax, [call_eax]
	cmp	ah, 0x0F
	je	.read
	cmp	ax, 3
	je	.set
	cmp	ax, 0x0500
	je	.page
	cmp	ax, 0x1003
	je	.blink
	cmp	ah, 0x03
	mov	al, '!'
	jne	.note
	mov	word [fake_edx], CURSOR
	mov	al, 'C'
.note:
	jmp	log_char
.read:
	mov	ax, [mode]
	mov	[fake_eax], ax
	mov	al, 'F'
	jmp	.note
.page:
	mov	al, 'P'
	jmp	.note
.blink:
	cmp	byte [call_ebx], 0
	mov	al, '!'
	jne	.note
	mov	al, 'B'
	jmp	.note
.set:
	cmp	byte [stuck], 0
	jne	.refused
	told	3, 80, 25
.refused:
	mov	al, 'S'
	jmp	.note
.as_it_came:
	mov	eax, [call_eax]
	mov	[fake_eax], eax
	ret

section_harness
mode:		resw 1			; low byte mode, high byte columns
stuck:		resb 1
dead:		resb 1
