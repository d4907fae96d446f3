"""Mistakes that somebody could make in the boot stages, or where the kernel
takes devices over from the firmware, and who sees them.

Each takes one line of a source away or puts another in its place. The boots
named after it are rows of tests/boot or programs of tests/realmode; one of
them must turn red.
"""

import dataclasses

BOOT = "bootsector/bootsector.asm"
BIOS, A20, DISK = "stage2/bios.asm", "stage2/a20.asm", "stage2/disk.asm"
MEMORY, LOAD, MODES = "stage2/memory.asm", "stage2/load.asm", "stage2/modes.asm"
CPU, VIDEO, START = "stage2/cpu.asm", "stage2/video.asm", "stage2/start.asm"
DIAG, EXCEPTIONS = "stage2/diag.asm", "stage2/exceptions.asm"
LONG_MODE = "stage2/long_mode.asm"
KEYS, DOOR = "stage2/keys.asm", "diag/door.asm"
IO_APIC, LOCAL_APIC = "kernel/irq/io_apic.c", "kernel/irq/local_apic.c"
REFERENCE = "kernel/time/reference.c"
CONSOLE, MAIN, REPORT = "stage2/console.asm", "stage2/main.c", "stage2/report.c"


@dataclasses.dataclass(frozen=True)
class Mutation:
    """what    as a report calls it
    file    source
    after   a line that comes before: a label, a function's first line
    old     the first such line behind that; comments and blanks do not count
    new     what stands there then; "": nothing
    boots   names of rows and programs that look at it
    """
    what: str
    file: str
    after: str
    old: str
    new: str
    boots: tuple


MUTATIONS = [
    # ---- boot sector ----
    Mutation("dropped cld", BOOT, "tidy:", "cld", "",
             ("hostile: entry: DF=1", "hostile: calls trash DF")),
    Mutation("dropped sti", BOOT, "tidy:", "sti", "",
             ("hostile: disks need interrupts",)),
    Mutation("ES not reloaded", BOOT, "tidy:", "pop es", "pop ds",
             ("hostile: everything at once that may be",)),
    Mutation("DS not reloaded", BOOT, "tidy:", "pop ds", "pop es",
             ("hostile: calls trash segments",)),
    Mutation("dropped stc", BOOT, "int13:", "stc", "clc",
             ("hostile: EDD announced, reading by it changes nothing",)),
    Mutation("CS left as it came", BOOT, "main:", "jmp 0:.normalised", "",
             ("hostile: entry: 07C0:0000",)),
    Mutation("DL believed", BOOT, "main:", "mov dl, FIRST_DISK", "",
             ("hostile: entry: DL=FF",)),
    Mutation("impossible drives tried", BOOT, "main:", "jz .drive_known",
             "jmp .drive_known", ("hostile: entry: DL=7F",)),
    Mutation("the first disk not tried", BOOT, "fail:", "jne main.first_disk",
             "", ("hostile: entry: DL=81, another disk",)),
    Mutation("told what failed last, not first", BOOT, "fail:", "jne .say",
             "", ("hostile: DL=81, another disk, and ours is dead",)),
    Mutation("BP left as the BIOS returned it", BOOT, "tidy:",
             "mov bp, FRAME", "", ("hostile: calls trash registers",)),
    Mutation("EDD announced: CF ignored", BOOT, ".try:", "jc .chs", "",
             ("hostile: 42h lies, and 41h has CF=1",)),
    Mutation("EDD announced: BX not looked at", BOOT, ".try:", "jne .chs",
             "", ("hostile: 42h lies, and 41h has no BX",)),
    Mutation("EDD announced: packets not asked for", BOOT, ".try:",
             "jnc .chs", "",
             ("hostile: 42h lies, and 41h has no packets",)),
    Mutation("EDD read: CF ignored", BOOT, "main:", "jnc .have_sector",
             "jmp .have_sector",
             ("hostile: EDD announced, but failing",)),
    Mutation("0 sectors per track divided by", BOOT, ".chs:", "jz .failed",
             "", ("hostile: EDD fails, 0 sectors per track",)),
    Mutation("geometry asked for with any DI", BOOT, ".chs:", "xor di, di",
             "",
             ("hostile: no EDD, geometry only with ES:DI = 0:0",)),
    Mutation("count not renewed after a failure", BOOT, ".try:",
             "mov byte [bp + frame.count], 1", "",
             ("hostile: EDD that eats counts",)),
    Mutation("sum not looked at", BOOT, ".sum:", "jnz fail", "",
             ("damaged: one bit of stage2, middle",)),
    Mutation("status of the last error told, not of the first", BOOT,
             "read:", "jne .failed", "",
             ("hostile: EDD fails, CHS fails otherwise",)),

    # ---- stage 2: the BIOS's door ----
    Mutation("dropped cld", BIOS, "bios_call:", "cld", "",
             ("realmode: bios", "hostile: calls trash DF")),
    Mutation("dropped stc", BIOS, "bios_call:", "stc", "clc",
             ("hostile: map: only 88h, others change nothing",)),
    Mutation("interrupts left off", BIOS, "call far [bp]", "sti", "",
             ("realmode: bios",)),
    Mutation("DS not reloaded", BIOS, "bios_call:", "mov ds, bp", "",
             ("realmode: bios",)),
    Mutation("variables not zeroed", START, "variables_clear:", "rep stosd",
             "", ("hostile: entry: RAM full of CC",)),

    # ---- CPU, A20, memory, video ----
    Mutation("missing features found none", CPU, "cpu_check:", "je .fit",
             "jmp .fit", ("refused: cpu=qemu32",)),
    Mutation("A20 test the wrong way round", A20, "a20_test:", "jne .open",
             "je .open", ("hostile: A20: by the BIOS",)),
    Mutation("A20 not tested again", A20, "call port_92_open",
             "jnc .done", "jmp .done",
             ("hostile: A20: port 92h does nothing",)),
    Mutation("reset by port 92h", A20, "port_92_open:",
             "and al, ~PORT_92_RESET & 0xFF", "", ("realmode: a20",)),
    Mutation("keyboard controller's bytes not read", A20, "keyboard_wait:",
             "in al, KBC_DATA", "", ("hostile: A20: stale keys wait",)),
    Mutation("E820: CF ignored", MEMORY, "e820_read:", "jc .end", "",
             ("hostile: map: plain, CF ends it",)),
    Mutation("E820: signature not looked at", MEMORY, "e820_read:",
             "jne .confused", "",
             ("hostile: map: EAX is junk in the middle",)),
    Mutation("E820: a second list behind the first", MEMORY, "e820_read:",
             "mov [raw_count], bx", "",
             ("realmode: memory", "hostile, diag: map: plain")),
    Mutation("E820: list without end", MEMORY, "e820_read:",
             "jae .truncated", "", ("hostile: map: 300 entries",)),
    Mutation("reserved memory loaded to", MEMORY, "memory_range_check:",
             "jae .refused", "",
             ("hostile: map: kernel's range reserved",)),
    Mutation("an entry beyond 2^64 taken for an empty one", MEMORY,
             "range_clip:", "jc .high", "",
             ("realmode: range",
              "hostile: map: all from the kernel's range on reserved, to 2^64 "
              "and beyond")),
    Mutation("low memory's end not looked at", MEMORY, "low_memory_check:",
             "jae .done", "jmp .done", ("hostile: INT 12h says 64 KiB",)),
    Mutation("a printer's port taken for an EBDA", MEMORY,
             "low_memory_end:", "jb .done", "",
             ("hostile: a printer's port where the EBDA is told",)),
    Mutation("non-volatile memory loaded to", MEMORY, "range_is_ram:",
             "test byte [si + RANGE_ATTRIBUTES], MEM_ATTR_NONVOLATILE", "",
             ("hostile: map: kernel's range keeps what it holds",)),
    Mutation("another page left shown", VIDEO, ".set_already:",
             "mov ax, 0x0500", "mov ax, 0x0F00",
             ("hostile: video: page 3 is shown, foreign kernel",)),
    Mutation("text sent to page 0, shown or not", CONSOLE, ".screen:",
             "mov bh, [BDA_VIDEO_PAGE]", "mov bh, 0",
             ("hostile: page 3 is shown, an error on the page asked for",)),
    Mutation("40 columns left", VIDEO, ".check_size:", "jne .set", "",
             ("realmode: video",)),
    Mutation("UART awaited for ever", CONSOLE, ".poll:", "loop .poll",
             "jmp .poll",
             ("realmode: console",)),

    # ---- disk, loading ----
    Mutation("EDD read: CF ignored", DISK, "edd_read:", "jc .done", "",
             ("hostile: every 7th read fails",)),
    Mutation("short transfers believed", DISK, "edd_read:",
             "cmp cx, [count]", "cmp cx, cx",
             ("hostile: short transfers, told",)),
    Mutation("a reset's CF taken for the read's", DISK, "part_read:", "stc",
             "", ("realmode: disk",)),
    Mutation("more than was asked for believed", DISK, "edd_read:", "stc",
             "", ("realmode: disk",)),
    Mutation("no reset between tries", DISK, "part_read:",
             "mov ah, DISK_RESET", "mov ah, DISK_EDD_CHECK",
             ("realmode: disk",)),
    Mutation("tracks crossed", DISK, "chs_read:", "mov [count], cx", "",
             ("realmode: disk",)),
    Mutation("cylinder's high bits lost", DISK, "chs_read:", "shl cl, 6",
             "shl cl, 5", ("realmode: disk",)),
    Mutation("chunks overlap", LOAD, "blob_fetch:", "add [next_lba], ecx",
             "inc dword [next_lba]", ("qemu bus=ide",
                                      "kernel of 3 MiB, 97 chunks")),
    Mutation("last sector of a blob forgotten", LOAD, "blob_fetch:",
             "add ecx, SECTOR_SIZE - 1", "",
             ("a module of five bytes",)),
    Mutation("header's CRC not looked at", LOAD, "header_check:",
             "jne .damaged", "", ("damaged: header CRC",)),
    Mutation("blobs outside the image", LOAD, "blob_check:",
             "ja .impossible", "",
             ("damaged: a module behind the image's end",)),

    # ---- modes, 64-bit C ----
    Mutation("NMI not held back", MODES, "long_mode_enter:",
             "out CMOS_INDEX, al", "", ("realmode: modes",)),
    Mutation("PIC not masked", MODES, "long_mode_enter:",
             "out PIC2_DATA, al", "",
             ("realmode: modes", "protocol: as it comes")),
    Mutation("interrupts in the 32-bit window", MODES, "protected_mode:",
             "cli", "", ("realmode: modes",)),
    Mutation("segments not reloaded", MODES, ".real:", "mov ds, ax", "",
             ("qemu bus=ide",)),
    Mutation("last bytes not copied", MODES, "copy_up:", "and ecx, 3",
             "xor ecx, ecx", ("realmode: modes",)),
    Mutation("upper half of ESP trusted", MODES, "protected_mode:",
             "movzx esp, sp", "",
             ("hostile: entry: garbage", "hostile: everything at once "
              "that may be")),
    Mutation("variables not zeroed", MODES, "bss_clear:", "rep stosd", "",
             ("hostile: entry: RAM full of CC",)),
    Mutation("page tables not zeroed", MODES, "page_tables_build:",
             "rep stosd", "", ("hostile: entry: RAM full of CC",)),
    Mutation("upper halves of entries not zeroed", MODES, "entries_write:",
             "and dword [edi + 8 * ecx - 4], 0", "",
             ("hostile: entry: RAM full of CC",)),
    Mutation("blobs' CRC not looked at", MAIN, "static void blobs_verify",
             "if (crc != blob->crc)", "if (0)",
             ("damaged: one bit of kernel, middle",)),
    Mutation("blobs' tails not zeroed", MAIN, "static void blobs_verify",
             "blob->memory - blob->bytes);", "0);",
             ("kernel with 6 MiB of bss",)),
    Mutation("RSDP's checksum not looked at", MAIN,
             "static uint64_t rsdp_search",
             'sum_is_0(from, 20)) /* "RSD PTR " */',
             "(sum_is_0(from, 20) || 1))",
             ("hostile: RSDP: a damaged one in the EBDA",)),
    Mutation("RSDP's name looked at by half", MAIN,
             "static uint64_t rsdp_search",
             "if (word[0] == 0x20445352 && word[1] == 0x20525450 &&",
             "if (word[0] == 0x20445352 &&",
             ("hostile: RSDP: half a name in the EBDA",)),
    Mutation("a fault in the report of one reported, again and again",
             LONG_MODE, "fault64:", "jz fault_again", "",
             ("kernel fault: no page for the report's variables",)),
    Mutation("a fault at the letter's screen: the letter again and again",
             LONG_MODE, "fault64:", "jz fault_stop", "",
             ("kernel fault: no page for those and the screen",)),
    Mutation("a fault in a 32-bit window's report reported, and so on",
             EXCEPTIONS, "fault32:", "jc fault_again", "",
             ("hostile: a fault in a 32-bit window, and another in its "
              "report",)),
    Mutation("screen's start left where it was", REPORT,
             "static void show_on_screen",
             "port_write16(crtc, CRTC_START_HIGH); /* index, then a 0 */", "",
             ("kernel fault: SCROLLED",)),

    # ---- diagnostics ----
    Mutation("sum not looked at", DIAG, "diag_run:", "jne .damaged", "",
             ("damaged diagnostics: the boot goes on", "realmode: diag")),
    Mutation("none in the image, started all the same", DIAG, "diag_run:",
             "jecxz .missing", "", ("realmode: diag",)),
    Mutation("a failed read started", DIAG, "diag_run:", "jc .warn", "",
             ("realmode: diag",)),
    Mutation("DS not put back", DIAG, ".sum:", "mov ds, cx", "",
             ("realmode: diag",)),
    Mutation("only the first key looked at", DIAG, "diag_offer:",
             "jnz .key", "", ("realmode: diag",)),
    Mutation("an old byte of COM1 read", KEYS, "serial_read:",
             "jz key_read.none", "", ("realmode: diag",)),
    Mutation("a COM1 read that is not there", KEYS, "serial_read:",
             "je key_read.none", "", ("realmode: diag",)),
    Mutation("a key fetched that the BIOS only tells of", KEYS, "key_read:",
             "je .none", "",
             ("realmode: diag",
              "hostile: a key is told of that nobody pressed (HW-51)",
              "hostile, diag: a key is told of that nobody pressed (HW-51)")),
    Mutation("a stack of its own when stage 2 is called", DOOR, "door_call:",
             "lss sp, [stage2_stack]", "", ("diag: as it comes",)),
    Mutation("DS left as stage 2 returns it", DOOR, ".back:", "pop ds",
             "pop fs", ("diag: as it comes",)),

    # ---- the kernel and what firmware leaves behind ----
    Mutation("IRQ 0 left to the HPET", REFERENCE, "static bool find_hpet",
             "configuration &= ~(uint32_t)HPET_REPLACES_PIT;", "",
             ("hostile: devices: the HPET has IRQ 0 (HW-39)",)),
    Mutation("interrupts left in service", LOCAL_APIC,
             "static bool local_apic_in_service", "return true;", "return false;",
             ("hostile: devices: an interrupt is in service for ever "
              "(HW-38)",)),
    Mutation("an x2APIC looked for in memory", LOCAL_APIC,
             "static bool local_apic_map", "if (!(base & BASE_X2APIC)) {", "if (1) {",
             ("hostile: devices: x2APIC mode (HW-38)",)),
    Mutation("polarity of a wire ignored", IO_APIC, "bool io_apic_route",
             "(line->active_low ? ENTRY_ACTIVE_LOW : 0) |", "",
             ("hostile: devices: the HPET has IRQ 0, and the APICs are used "
              "(HW-39)",)),
]
