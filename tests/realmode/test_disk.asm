; test_disk.asm - disk_init and disk_read beside a drive that lies
;
; The log: ? EDD check, G geometry, R reset, X lba+count,
; C cylinder,head,sector+count, ! a call that no BIOS should ever see.

%include "tests/realmode/realmode.inc"

global tests, fake_reset
extern disk_init, disk_read, disk_method, disk_retries

%define ALWAYS	0xFFFF			; for edd_fails, chs_fails
%define EMPTY	0xEEEEEEEE		; a sector nobody has read

cpu 386
section_text16

; read_run LBA, COUNT
%macro read_run 2
	mov	dword [in_eax], %1
	mov	word [in_ecx], %2
	run	disk_read
%endmacro
; have LBA, COUNT - these sectors and nothing behind them are in the buffer
%macro have 2
	mov	eax, %1
	mov	cx, %2
	call	buffer_check
%endmacro
%macro error_is 3
	same	"error_numbers[0]", [error_numbers], %1
	same	"error_numbers[1]", [error_numbers + 4], %2
	same	"error_numbers[2]", [error_numbers + 8], %3
%endmacro

tests:
	call	init_tests
	call	edd_tests
	call	retreat_tests
	jmp	chs_tests

init_tests:
	case	"init: EDD"
	run	disk_init
	succeeds
	logged	"? "
	same_byte "method", [disk_method], DISK_EDD
	done

	case	"init: EDD absent, CHS"
	mov	byte [edd_carry], 1
	run	disk_init
	succeeds
	logged	"? G "
	same_byte "method", [disk_method], DISK_CHS
	done

	case	"init: EDD unknown, CF and BX left alone"
	mov	byte [edd_carry], CARRY_KEPT
	run	disk_init
	succeeds
	logged	"? G "
	done

	case	"init: EDD lies, BX"
	mov	dword [edd_ebx], EDD_MAGIC
	run	disk_init
	succeeds
	logged	"? G "
	done

	case	"init: EDD lies, no packet calls"
	mov	dword [edd_ecx], 0xBADBAD06
	run	disk_init
	succeeds
	logged	"? G "
	done

	case	"init: 0 sectors per track refused"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFFFFC0
	run	disk_init
	fails	E_READ
	error_is 0x80, 0, 1
	done

	case	"init: no geometry"
	mov	byte [edd_carry], 1
	mov	byte [geometry_carry], 1
	run	disk_init
	fails	E_READ
	error_is 0x80, 0, 0x20
	done
	ret

edd_tests:
	case	"edd: 64 sectors in one call"
	run	disk_init
	log_clear
	read_run 0x12345678, 64
	succeeds
	logged	"X12345678+40 "
	have	0x12345678, 64
	same	"retries", [disk_retries], 0
	done

	case	"edd: one sector"
	run	disk_init
	read_run 7, 1
	succeeds
	have	7, 1
	done

	case	"edd: third try succeeds, a reset before each"
	run	disk_init
	log_clear
	mov	word [edd_fails], 2
	read_run 9, 4
	succeeds
	logged	"X9+4 R X9+4 R X9+4 "
	have	9, 4
	same	"retries", [disk_retries], 2
	done

	case	"edd: calls longer than 16 fail, and it is learnt"
	run	disk_init
	log_clear
	mov	word [edd_max], 16
	read_run 0, 40
	succeeds
	logged	"X0+28 R X0+28 R X0+28 R X0+10 X10+10 X20+8 "
	have	0, 40
	log_clear
	read_run 0x100, 32
	succeeds
	logged	"X100+10 X110+10 "
	have	0x100, 32
	done

	case	"edd: short transfer reported as success"
	run	disk_init
	log_clear
	mov	word [edd_short], 16
	read_run 0, 64
	succeeds
	logged	"X0+40 R X0+40 R X0+40 R X0+10 X10+10 X20+10 X30+10 "
	have	0, 64
	done

	case	"edd: more reported than was asked for"
	run	disk_init
	log_clear
	mov	byte [edd_boasts], 1
	read_run 0, 4
	succeeds
	have	0, 4
	same_byte "method", [disk_method], DISK_CHS
	done

	case	"edd: CF left alone is a failure"
	run	disk_init
	mov	byte [edd_read_carry], CARRY_KEPT
	mov	byte [geometry_carry], 1
	read_run 5, 1
	fails	E_READ
	done
	ret

retreat_tests:
	case	"retreat: resets succeed, and do not help"
	run	disk_init
	mov	byte [reset_carry], 0
	mov	word [edd_fails], ALWAYS
	mov	word [chs_fails], ALWAYS
	read_run 0, 64
	fails	E_READ
	done

	case	"retreat: 64, 16, 4, 1, then CHS"
	run	disk_init
	log_clear
	mov	word [edd_fails], ALWAYS
	read_run 0, 64
	succeeds
	logged	"X0+40 R X0+40 R X0+40 R X0+10 R X0+10 R X0+10 R ", \
		"X0+4 R X0+4 R X0+4 R X0+1 R X0+1 R X0+1 R ", \
		"G C0,0,1+3F C0,1,1+1 "
	have	0, 64
	same	"retries", [disk_retries], 12
	same_byte "method", [disk_method], DISK_CHS
	log_clear
	read_run 62, 2
	succeeds
	logged	"C0,0,3F+1 C0,1,1+1 "
	have	62, 2
	done

	case	"retreat: nothing works, the first status is told"
	run	disk_init
	mov	word [edd_fails], ALWAYS
	mov	word [chs_fails], ALWAYS
	read_run 77, 64
	fails	E_READ
	error_is 0x80, 77, 0x20
	same	"retries", [disk_retries], 24
	done

	case	"retreat: each read has its own first status"
	run	disk_init
	mov	word [edd_fails], 1
	read_run 1, 1
	succeeds
	mov	word [edd_fails], ALWAYS
	mov	word [chs_fails], ALWAYS
	read_run 2, 1
	fails	E_READ
	error_is 0x80, 2, 0x21
	done

	case	"retreat: EDD fails and there is no geometry"
	run	disk_init
	mov	word [edd_fails], ALWAYS
	mov	byte [geometry_carry], 1
	read_run 3, 1
	fails	E_READ
	error_is 0x80, 3, 0x20
	done

	case	"retreat: EDD fails and tracks have 0 sectors"
	run	disk_init
	mov	word [edd_fails], ALWAYS
	mov	dword [geometry_ecx], 0
	read_run 3, 1
	fails	E_READ
	error_is 0x80, 3, 0x20
	done

	case	"retreat: the LBA told is where it stopped"
	run	disk_init
	mov	dword [bad_lba], 37
	read_run 0, 64
	fails	E_READ
	same	"LBA", [error_numbers + 4], 37
	done
	ret

chs_tests:
	case	"chs: no call crosses a track"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFF4F12
	mov	dword [geometry_edx], 0xFFFF01FF
	run	disk_init
	log_clear
	read_run 10, 32
	succeeds
	logged	"C0,0,B+8 C0,1,1+12 C1,0,1+6 "
	have	10, 32
	done

	case	"chs: 256 heads, cylinder bits 8 and 9"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFFFFFF
	mov	dword [geometry_edx], 0xFFFFFFFF
	run	disk_init
	log_clear
	read_run (1023 * 256 + 255) * 63 + 62, 1
	succeeds
	logged	"C3FF,FF,3F+1 "
	have	(1023 * 256 + 255) * 63 + 62, 1
	done

	case	"chs: no cylinder beyond 1023 is asked for"
	mov	byte [edd_carry], 1
	mov	dword [geometry_ecx], 0xFFFFFFFF
	mov	dword [geometry_edx], 0xFFFFFFFF
	run	disk_init
	log_clear
	read_run 1024 * 256 * 63, 1
	fails	E_READ
	error_is 0x80, 1024 * 256 * 63, 1
	logged	"R R R R R R R R R R R R "
	done

	case	"chs: third try succeeds, a reset before each"
	mov	byte [edd_carry], 1
	run	disk_init
	log_clear
	mov	word [chs_fails], 2
	read_run 0, 2
	succeeds
	logged	"C0,0,1+2 R C0,0,1+2 R C0,0,1+2 "
	have	0, 2
	done

	case	"chs: calls longer than 4 fail"
	mov	byte [edd_carry], 1
	run	disk_init
	log_clear
	mov	word [chs_max], 4
	read_run 0, 8
	succeeds
	logged	"C0,0,1+8 R C0,0,1+8 R C0,0,1+8 R ", \
		"C0,0,1+8 R C0,0,1+8 R C0,0,1+8 R C0,0,1+4 C0,0,5+4 "
	have	0, 8
	done
	ret

%include "tests/realmode/fake_drive.inc"
