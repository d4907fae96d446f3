"""What the CPU's bits and exceptions are called, for the debugger and the page.

Bits: SDM 3A, "Control Registers"; SDM 4, "MSRs"; SDM 1, "EFLAGS Register".
"""

import pathlib
import re

# {register: {bit: (name, what it does when it is set)}}
BITS = {
    "cr0": {0: ("PE", "protected mode"), 1: ("MP", "WAIT heeds TS"),
            2: ("EM", "no x87 FPU"), 3: ("TS", "task switched"),
            4: ("ET", "always 1"), 5: ("NE", "x87 errors are #MF"),
            16: ("WP", "read-only pages bind the kernel, too"),
            18: ("AM", "alignment may be checked"),
            29: ("NW", "no write-through"), 30: ("CD", "caches off"),
            31: ("PG", "paging")},
    "cr4": {0: ("VME", "faster virtual 8086 mode"),
            3: ("DE", "I/O breakpoints"), 4: ("PSE", "4 MiB pages"),
            5: ("PAE", "entries of 8 bytes"), 6: ("MCE", "machine checks"),
            7: ("PGE", "global pages"), 9: ("OSFXSR", "SSE may be used"),
            10: ("OSXMMEXCPT", "SIMD errors are #XM"),
            11: ("UMIP", "programs cannot read the tables' places"),
            12: ("LA57", "five levels of page tables"),
            16: ("FSGSBASE", "instructions for FS's and GS's base"),
            18: ("OSXSAVE", "XSAVE may be used"),
            20: ("SMEP", "the kernel cannot execute programs' pages"),
            21: ("SMAP", "the kernel can use programs' pages only with AC")},
    "efer": {0: ("SCE", "SYSCALL"), 8: ("LME", "long mode wanted"),
             10: ("LMA", "long mode active"),
             11: ("NXE", "no-execute bits count")},
    "eflags": {0: ("CF", "carry"), 2: ("PF", "parity"), 4: ("AF", "adjust"),
               6: ("ZF", "zero"), 7: ("SF", "sign"), 8: ("TF", "single step"),
               9: ("IF", "interrupts on"), 10: ("DF", "strings go down"),
               11: ("OF", "overflow"), 14: ("NT", "nested task"),
               16: ("RF", "resume"), 17: ("VM", "virtual 8086 mode"),
               18: ("AC", "alignment check"),
               21: ("ID", "may be changed where CPUID is there")}}


def exceptions():
    """Their names by vector, as lib/exception.c has them; "": reserved."""
    root = pathlib.Path(__file__).resolve().parents[2]
    text = (root / "lib/exception.c").read_text()
    return re.findall(r'^\t"(.*)\\0"', text, re.M)
