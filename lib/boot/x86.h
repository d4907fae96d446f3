/*
 * x86.h - architectural bits and ports, each with its source: SDM and RBIL are
 * explained in docs/sources.md. layout.h says how such a file is written.
 */
#ifndef BOOT_X86_H
#define BOOT_X86_H

/* SDM 1, "EFLAGS Register" */
#define FLAGS_CLEAR		0x2	/* a bit that is always 1 */
#define EFLAGS_CF		0x1
#define EFLAGS_ZF		0x40
#define EFLAGS_TF		0x100
#define EFLAGS_IF		0x200
#define EFLAGS_DF		0x400
#define EFLAGS_AC		0x40000
#define EFLAGS_ID		0x200000

/* SDM 3A, "Control Registers" and "Extended Feature Enable Register" */
#define CR0_PE			0x1
#define CR0_MP			0x2
#define CR0_EM			0x4
#define CR0_TS			0x8
#define CR0_ET			0x10
#define CR0_NE			0x20
#define CR0_WP			0x10000
#define CR0_AM			0x40000
#define CR0_PG			0x80000000
#define CR4_PAE			0x20
#define CR4_MCE			0x40
#define CR4_OSFXSR		0x200
#define CR4_OSXMMEXCPT		0x400
#define CR4_UMIP		0x800	/* ring 3 can't ask for GDT, IDT, TSS */
#define CR4_SMEP		0x100000 /* ring 0 can't execute ring 3's pages */
#define CR4_SMAP		0x200000 /* ... nor read or write them */
#define MSR_EFER		0xC0000080
#define EFER_LME		0x100
#define EFER_LMA		0x400
#define EFER_NXE		0x800

/* What the protocol promises at the kernel's entry. */
#define BOOT_CR0	(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE)
#define BOOT_CR4	(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT)

/* SDM 2A, CPUID */
#define CPUID_1_EDX_FPU		0x1
#define CPUID_1_EDX_TSC		0x10
#define CPUID_1_EDX_MSR		0x20
#define CPUID_1_EDX_PAE		0x40
#define CPUID_1_EDX_MCE		0x80
#define CPUID_1_EDX_CX8		0x100
#define CPUID_1_EDX_MCA		0x4000
#define CPUID_1_EDX_CMOV	0x8000
#define CPUID_1_EDX_MMX		0x800000
#define CPUID_1_EDX_FXSR	0x1000000
#define CPUID_1_EDX_SSE		0x2000000
#define CPUID_1_EDX_SSE2	0x4000000
#define CPUID_1_ECX_SSE42	0x100000
#define CPUID_7			7
#define CPUID_7_EBX_SMEP	0x80
#define CPUID_7_EBX_SMAP	0x100000
#define CPUID_7_ECX_UMIP	0x4
#define CPUID_EXT_MAX		0x80000000
#define CPUID_EXT_FEATURES	0x80000001
#define CPUID_EXT1_EDX_NX	0x100000
#define CPUID_EXT1_EDX_1G	0x4000000
#define CPUID_EXT1_EDX_LM	0x20000000
#define CPUID_BRAND		0x80000002	/* and the next two leaves */
#define CPUID_EXT_POWER		0x80000007
#define CPUID_EXT7_EDX_TSC	0x100
#define CPUID_EXT_ADDRESSES	0x80000008

/* What 64-bit code needs of CPUID 1 EDX: stage 2 TSC, MSR, PAE; the protocol's
 * CR4 FXSR and SSE; a compiler all that x86-64 begins with (System V psABI,
 * "AMD64": the baseline; its SYSCALL can't be asked for before long mode). */
#define CPU_NEEDS_EDX	(CPUID_1_EDX_FPU | CPUID_1_EDX_TSC | CPUID_1_EDX_MSR | CPUID_1_EDX_PAE | CPUID_1_EDX_CX8 | CPUID_1_EDX_CMOV | CPUID_1_EDX_MMX | CPUID_1_EDX_FXSR | CPUID_1_EDX_SSE | CPUID_1_EDX_SSE2)

/* Page table entries (SDM 3A, "4-Level Paging and 5-Level Paging") */
#define PTE_PRESENT		0x1
#define PTE_WRITE		0x2
#define PTE_USER		0x4
#define PTE_WRITE_THROUGH	0x8
#define PTE_NO_CACHE		0x10
#define PTE_HUGE		0x80
#define PTE_ADDRESS		0xFFFFFFFFFF000 /* of the frame */
#define PTE_ADDRESS_BITS	52	/* at most; those above the CPU's are reserved */
#define PTE_ADDRESS_TOP		0x8000000000000 /* the highest of them */
#define PTE_COUNT_SHIFT	52	/* bits 52..61 of a table's entry are ignored: */
#define PTE_COUNT		0x3FF	/* entries present in it (lib/paging.c) */
#define PTE_NX			0x8000000000000000

/* Upper dword (SDM 3A, "Segment Descriptors" and "64-Bit Mode IDT") */
#define DESC_ACCESSED		0x100
#define DESC_WRITE		0x200	/* data */
#define DESC_READ		0x200	/* code */
#define DESC_CODE		0x800
#define DESC_NOT_SYSTEM		0x1000
#define DESC_RING3		0x6000
#define DESC_PRESENT		0x8000
#define DESC_TSS		0x900	/* 64-bit TSS, available */
#define DESC_LONG		0x200000
#define DESC_32			0x400000
#define DESC_4K			0x800000
#define DESC_LIMIT_HIGH		0xF0000
#define GATE_INTERRUPT		0xE00	/* 32- or 64-bit interrupt gate */
#define GATE_RING3		0x6000	/* ring 3 may use it, by INT */

/* SDM 3A, "Protected-Mode Exceptions and Interrupts" */
#define VECTORS			256
#define EXCEPTIONS		32
#define EXCEPTION_ERROR_CODES	0x60227D00 /* vectors that push one, as bits */
#define VECTOR_DE		0
#define VECTOR_DB		1
#define VECTOR_NMI		2
#define VECTOR_BP		3
#define VECTOR_OF		4
#define VECTOR_BR		5
#define VECTOR_UD		6
#define VECTOR_NM		7
#define VECTOR_DF		8
#define VECTOR_TS		10
#define VECTOR_NP		11
#define VECTOR_SS		12
#define VECTOR_GP		13
#define VECTOR_PF		14
#define VECTOR_MF		16
#define VECTOR_AC		17
#define VECTOR_MC		18
#define VECTOR_XM		19

/* Of a page fault (SDM 3A, "Page-Fault Exceptions"), of a selector (SDM 3A,
 * "Error Code") */
#define PF_PRESENT		0x1	/* forbidden, not absent */
#define PF_WRITE		0x2
#define PF_USER			0x4
#define PF_RESERVED		0x8
#define PF_FETCH		0x10
#define SELECTOR_EXTERNAL	0x1	/* on the way to another handler */
#define SELECTOR_IDT		0x2
#define SELECTOR_LDT		0x4

/* SDM 3B, "Debug Registers"; SDM 1, "MXCSR Control and Status Register" */
#define DR6_BREAKPOINTS		0xF
#define DR6_BS			0x4000	/* single step */
#define DR7_WATCH_0		0xD0001	/* writes to the 4 bytes at DR0 */
#define DR7_BREAK_0		0x1	/* the instruction at DR0 */
#define FLOAT_ZERO_DIVIDE	0x4	/* x87 status and control, MXCSR */
#define MXCSR_MASK_SHIFT	7
#define MXCSR_RESET		0x1F80	/* all masked */

/* BIOS services (RBIL) and the BIOS data area (RBIL MEMORY 40h:xxxx) */
#define INT_VIDEO		0x10
#define INT_EQUIPMENT		0x11
#define INT_LOW_MEMORY		0x12
#define INT_DISK		0x13
#define INT_SYSTEM		0x15
#define INT_KEYBOARD		0x16
#define INT_NO_BOOT		0x18
#define BDA_EBDA_SEGMENT	0x40E	/* word */
#define EBDA_SEGMENT_MIN	0x2000	/* what is less is no EBDA's (HW-15) */
#define BDA_SHIFT_STATE		0x417	/* byte */
#define BDA_SHIFT_KEYS		0x3	/* right and left Shift are down */
#define BDA_KEYS_HEAD		0x41A	/* word: the next key; at the tail: none */
#define BDA_KEYS_TAIL		0x41C	/* word */
#define BDA_VIDEO_PAGE		0x462	/* byte: the one shown */
#define BDA_VIDEO_ROWS		0x484	/* byte: rows - 1, 0 before EGA */
#define DISK_RESET		0x00	/* AH of INT 13h */
#define DISK_READ_CHS		0x02
#define DISK_GEOMETRY		0x08
#define DISK_EDD_CHECK		0x41
#define DISK_READ_EDD		0x42
#define DISK_EDD_PARAMETERS	0x48
#define EDD_MAGIC		0x55AA	/* BX in */
#define EDD_MAGIC_BACK		0xAA55	/* BX out */
#define EDD_PACKET		1	/* CX bit 0: AH=42h works */
#define E820_MAGIC		0x534D4150 /* "SMAP" */
#define KEYBOARD_READ		0x00	/* AH of INT 16h: wait for a key */
#define KEYBOARD_PEEK		0x01	/* ZF=0: a key waits, AL its character */
#define VIDEO_TELETYPE		0x0E	/* AH of INT 10h */

/* 8259 interrupt controllers (data sheet: OCW1 is the mask) */
#define PIC1_DATA		0x21
#define PIC2_DATA		0xA1

/* CMOS index port: bit 7 holds NMI back (RBIL PORT 0070) */
#define CMOS_INDEX		0x70
#define CMOS_DATA		0x71
#define CMOS_NMI_OFF		0x80

/* System control ports B and A (RBIL PORT 0061, 0092) */
#define PORT_61			0x61
#define PORT_61_IO_CHECK	0x40
#define PORT_61_PARITY		0x80
#define PORT_92			0x92
#define PORT_92_A20		0x2
#define PORT_92_RESET		0x1

/* 8042 keyboard controller (RBIL PORT 0060, 0064) */
#define KBC_DATA		0x60
#define KBC_STATUS		0x64
#define KBC_OUT_FULL		0x1
#define KBC_IN_FULL		0x2
#define KBC_WRITE_OUTPUT	0xD1
#define KBC_PULSE_NONE		0xFF	/* pulse no pins: does nothing */
#define KBC_OUTPUT_A20		0x2
#define KBC_OUTPUT_A20_ON	0xDF	/* A20 and no reset, all else as at power-on */

/* 16550 UART COM1 (data sheet), 115200 8N1 */
#define COM1			0x3F8
#define UART_DATA		0	/* DLAB=0: data; DLAB=1: divisor low */
#define UART_IER		1	/* DLAB=1: divisor high */
#define UART_FCR		2
#define UART_LCR		3
#define UART_MCR		4
#define UART_LSR		5
#define UART_LCR_8N1		0x3
#define UART_LCR_DLAB		0x80
#define UART_DIVISOR		1	/* 115200 / 1 */
#define UART_MCR_DTR		0x1
#define UART_MCR_RTS		0x2
#define UART_MCR_DTR_RTS	(UART_MCR_DTR | UART_MCR_RTS)
#define UART_LSR_DATA		0x1	/* a byte has come in */
#define UART_LSR_OVERRUN_BIT	1
#define UART_LSR_OVERRUN	(1 << UART_LSR_OVERRUN_BIT) /* one was lost */
#define UART_LSR_THRE		0x20	/* room for a byte */
#define UART_POLLS		0x10000	/* then the port is given up (HW-32) */

/* VGA CRT controller (IBM VGA manual: CRTC 0Ch-0Fh), colour and mono */
#define CRTC_COLOR		0x3D4
#define CRTC_MONO		0x3B4
#define CRTC_START_HIGH		0x0C
#define CRTC_START_LOW		0x0D
#define CRTC_CURSOR_HIGH	0x0E

/* Emulator ports: Bochs/QEMU debug console, QEMU isa-debug-exit */
#define DEBUGCON		0xE9	/* there when it reads back E9h */
#define DEBUG_EXIT		0xF4
#define DEBUG_EXIT_SUCCESS	0x10	/* QEMU ends with status 33 */
#define DEBUG_EXIT_FAILURE	0x11	/* 35 */

#endif
