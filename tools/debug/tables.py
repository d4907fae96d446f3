"""The machine in words: registers with their bits' names, descriptor tables,
page tables, the BIOS's memory map and interrupt vectors.

Read as the CPU would, so that they tell of any kernel."""

import struct

import gdb

import cpu
import elf
import words

GENERAL = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9",
           "r10", "r11", "r12", "r13", "r14", "r15")
SEGMENTS = ("cs", "ss", "ds", "es", "fs", "gs")
PRESENT, WRITE, USER, LARGE, NO_EXECUTE = 1, 2, 4, 0x80, 1 << 63
FRAME = 0x000F_FFFF_FFFF_F000
LEVELS = ("PML4", "PDPT", "PD", "PT")
SYSTEM = {1: "16-bit TSS", 2: "LDT", 3: "16-bit TSS, busy", 5: "task gate",
          6: "16-bit interrupt gate", 7: "16-bit trap gate", 9: "TSS",
          11: "TSS, busy", 12: "call gate", 14: "interrupt gate",
          15: "trap gate"}
EXCEPTIONS = [name.split(" ")[0] for name in words.exceptions()]
E820 = {1: "usable", 2: "reserved", 3: "ACPI, reclaimable", 4: "ACPI NVS",
        5: "bad"}
# What calls the BIOS offers (RBIL), by vector and AH, or AX.
SERVICES = {
    0x10: "the screen", 0x11: "which devices are there?",
    0x12: "how much low memory is there?", 0x13: "a disk",
    0x14: "a serial port", 0x15: "the system", 0x16: "the keyboard",
    0x17: "a printer", 0x18: "no boot device", 0x19: "boot anew",
    0x1A: "the clock"}
FUNCTIONS = {
    (0x10, 0x00): "set the mode AL", (0x10, 0x01): "the cursor's shape",
    (0x10, 0x02): "cursor to row DH, column DL",
    (0x10, 0x03): "where is the cursor?", (0x10, 0x05): "show page AL",
    (0x10, 0x06): "scroll up", (0x10, 0x0E): "print the character AL",
    (0x10, 0x0F): "which mode is it?", (0x10, 0x10): "palette",
    (0x13, 0x00): "reset the drive DL", (0x13, 0x02): "read AL sectors of "
    "drive DL by cylinder, head and sector to ES:BX",
    (0x13, 0x08): "the geometry of drive DL",
    (0x13, 0x41): "has drive DL the extensions (EDD)?",
    (0x13, 0x42): "read from drive DL what the packet at DS:SI says",
    (0x13, 0x48): "the parameters of drive DL",
    (0x15, 0x24): "A20", (0x15, 0x88): "how much memory above 1 MiB?",
    (0x15, 0xE801): "how much memory is there?",
    (0x15, 0xE820): "an entry of the memory map, number EBX, to ES:DI",
    (0x15, 0xEC): "a 64-bit system is coming",
    (0x16, 0x00): "wait for a key", (0x16, 0x01): "is there a key?",
    (0x16, 0x02): "which shift keys are down?"}


def set_bits(register, value):
    bits = words.BITS[register]
    return " ".join(bits[bit][0] for bit in sorted(bits, reverse=True)
                    if value >> bit & 1)


# ---- Registers -----------------------------------------------------------


class Regs(gdb.Command):
    """regs - the registers, with the names of the bits that are set; a star:
    changed since the last regs."""

    last = {}

    def __init__(self):
        super().__init__("regs", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        now = {name: cpu.number(f"${name}") for name in GENERAL + SEGMENTS +
               ("rip", "eflags", "cr0", "cr2", "cr3", "cr4", "efer")}

        def shown(name, digits, value=None):
            star = "*" if self.last.get(name, now[name]) != now[name] else " "
            value = now[name] if value is None else value
            return f"{name:4}{star}{value:0{digits}x}"

        wide = cpu.mode() == 64
        names = GENERAL if wide else GENERAL[:8]
        for first in range(0, len(names), 4):
            print("  ".join(shown(name, 16) if wide else
                            shown(name, 8, now[name] & 0xFFFFFFFF)
                            for name in names[first:first + 4]))
        print(shown("rip", 16 if wide else 8), f" {cpu.mode()}-bit, linear"
              f" {cpu.code_address():x} {cpu.symbol(cpu.code_address())}")
        print("  ".join(shown(name, 4) for name in SEGMENTS))
        for name in ("eflags", "cr0", "cr4", "efer"):
            print(shown(name, 8),
                  f" {set_bits(name, now[name])}".rstrip())
        print(shown("cr2", 16), "", shown("cr3", 16))
        self.last.clear()
        self.last.update(now)


# ---- Descriptor tables (SDM 3A, "Segment Descriptors") -------------------


def code_or_data(access, flags):
    if access & 8:
        width = 64 if flags & 2 else 32 if flags & 4 else 16
        return f"{width}-bit code" + (", read" if access & 2 else "")
    return "data" + (", write" if access & 2 else ", read only")


def descriptor(low, high):
    """One entry in words, and whether it takes two places."""
    access, flags = low >> 40 & 0xFF, low >> 52 & 0xF
    base = low >> 16 & 0xFFFFFF | low >> 32 & 0xFF000000
    limit = low & 0xFFFF | low >> 32 & 0xF0000
    if flags & 8:
        limit = limit << 12 | 0xFFF
    double = not access & 0x10 and cpu.number("$efer") >> 10 & 1
    if double:
        base |= (high & 0xFFFFFFFF) << 32
    kind = (code_or_data(access, flags) if access & 0x10 else
            SYSTEM.get(access & 15, "reserved"))
    absent = "" if access & 0x80 else ", not present"
    return (f"{kind}, base {base:x}, limit {limit:x}, ring "
            f"{access >> 5 & 3}{absent}"), double


class Gdt(gdb.Command):
    """gdt - the segments of the global descriptor table."""

    def __init__(self):
        super().__init__("gdt", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        base, limit = cpu.table("GDT")
        print(f"GDT at {base:x}, {(limit + 1) // 8} entries"
              f" {cpu.symbol(base)}".rstrip())
        if cpu.is_real():
            print("Real mode: the CPU does not look here.")
        if limit < 7:
            return
        entries = struct.unpack(f"<{(limit + 1) // 8}Q",
                                cpu.read(base, (limit + 1) // 8 * 8))
        used = {}
        for name in SEGMENTS:
            selector = cpu.number(f"${name}") & 0xFFF8
            used[selector] = f"{used.get(selector, '')} {name}"
        index = 1
        while index < len(entries):
            high = entries[index + 1] if index + 1 < len(entries) else 0
            said, double = descriptor(entries[index], high)
            mark = f"  <-{used[index * 8]}" if index * 8 in used and \
                not cpu.is_real() else ""
            if entries[index]:
                print(f"  {index * 8:04x}  {said}{mark}")
            index += 2 if double else 1


class Idt(gdb.Command):
    """idt - where exceptions and interrupts lead; in real mode as ivt."""

    def __init__(self):
        super().__init__("idt", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        if cpu.is_real():
            gdb.execute("ivt")
            return
        base, limit = cpu.table("IDT")
        size = 16 if cpu.number("$efer") >> 10 & 1 else 8
        count = (limit + 1) // size
        print(f"IDT at {base:x}, {count} gates {cpu.symbol(base)}".rstrip())
        table = cpu.read(base, count * size) if count else b""
        for vector in range(count):
            gate = table[vector * size:(vector + 1) * size]
            low, = struct.unpack("<Q", gate[:8])
            if not low >> 47 & 1:
                continue
            offset = low & 0xFFFF | low >> 32 & 0xFFFF0000
            if size == 16:
                offset |= struct.unpack("<I", gate[8:12])[0] << 32
            name = EXCEPTIONS[vector] if vector < len(EXCEPTIONS) else ""
            print(f"  {vector:02x} {name:4} {low >> 16 & 0xFFFF:04x}:"
                  f"{offset:x} {SYSTEM.get(low >> 40 & 15, 'reserved')}"
                  f" {cpu.symbol(offset)}".rstrip())


class Ivt(gdb.Command):
    """ivt [VECTOR] - the interrupt vectors of real mode, at address 0."""

    def __init__(self):
        super().__init__("ivt", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        vectors = [cpu.number(argument)] if argument else range(0x20)
        for vector in vectors:
            offset, segment = struct.unpack("<HH", cpu.read_physical(
                vector * 4 & ~7, 8)[vector * 4 & 7:][:4])
            what = SERVICES.get(vector, "")
            if vector < len(EXCEPTIONS) and not what:
                what = EXCEPTIONS[vector]
            print(f"  {vector:02x} {segment:04x}:{offset:04x}  {what}".rstrip())


# ---- Page tables (SDM 3A, "Paging") --------------------------------------


def rights(entry):
    return " ".join(["write" if entry & WRITE else "read only",
                     "user" if entry & USER else "kernel",
                     "no-execute" if entry & NO_EXECUTE else "execute"])


class Pt(gdb.Command):
    """pt ADDRESS - how the CPU finds ADDRESS in the page tables."""

    def __init__(self):
        super().__init__("pt", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        if not argument:
            raise gdb.GdbError("pt ADDRESS")
        address = cpu.number(argument)
        if not cpu.number("$cr0") >> 31 & 1:
            print(f"Paging is off: {address:x} is where it is.")
            return
        if not cpu.number("$efer") >> 10 & 1:
            raise gdb.GdbError("pt knows the page tables of long mode alone")
        table = cpu.number("$cr3") & FRAME
        levels = LEVELS
        if cpu.number("$cr4") >> 12 & 1:
            levels = ("PML5",) + LEVELS
        print(f"{'cr3':5} {table:x}")
        for depth, level in enumerate(levels):
            shift = 12 + 9 * (len(levels) - 1 - depth)
            index = address >> shift & 511
            entry, = struct.unpack(
                "<Q", cpu.read_physical(table + index * 8, 8))
            shown = f"{level:5} {table + index * 8:x} [{index}] = {entry:016x}"
            if not entry & PRESENT:
                print(f"{shown} not present: a page fault")
                return
            print(f"{shown} {rights(entry)}")
            last = level == "PT" or (entry & LARGE and level in ("PDPT", "PD"))
            if last:
                size = 1 << shift
                frame = entry & FRAME & ~(size - 1)
                unit = {12: "4 KiB", 21: "2 MiB", 30: "1 GiB"}[shift]
                print(f"{address:x} is at {frame | address & size - 1:x},"
                      f" in a page of {unit}")
                return
            table = entry & FRAME


# ---- The BIOS ------------------------------------------------------------


class E820Map(gdb.Command):
    """e820 - the memory map as the loader has got it from the BIOS."""

    def __init__(self):
        super().__init__("e820", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        raw, many = map(self.of_loader, ("raw_map", "raw_count"))
        count, = struct.unpack("<H", cpu.read_physical(many & ~7, 8)
                               [many & 7:][:2])
        if not count:
            print("Nothing yet: memory_map_read has not run.")
        memory = cpu.read_physical(raw, count * 24)
        for base, length, kind, attributes in struct.iter_unpack(
                "<QQII", memory):
            more = "" if attributes & 1 else ", to be ignored"
            print(f"  {base:012x}-{base + length:012x}"
                  f" {E820.get(kind, f'type {kind}')}{more}")


    @staticmethod
    def of_loader(name):
        """The address of a variable of stage 2's; a kernel may have one of
        that name, too."""
        for objfile in gdb.objfiles():
            if (objfile.filename or "").endswith("stage2.elf"):
                return elf.symbols(objfile.filename)[name]
        raise gdb.GdbError("no symbols of our loader here")


def call_words(vector, ax):
    function = (FUNCTIONS.get((vector, ax)) or
                FUNCTIONS.get((vector, ax >> 8)) or "")
    return ": ".join(filter(None, (SERVICES[vector], function)))


class Bios(gdb.Command):
    """bios - go on to the next call of the BIOS, and tell it. If the next
    instruction is one: that, without going on."""

    def __init__(self):
        super().__init__("bios", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        if cpu.mode() != 16:
            raise gdb.GdbError("the BIOS can be called in 16-bit code alone")
        code = cpu.read(cpu.code_address(), 2)
        if code[0] == 0xCD and code[1] in SERVICES:
            self.tell(code[1], cpu.code_address())
            return
        entries = {}
        for vector in SERVICES:
            offset, segment = struct.unpack("<HH", cpu.read(vector * 4, 4))
            entries.setdefault(segment * 16 + offset, vector)
        known = {one.number for one in gdb.breakpoints()}
        for entry in entries:
            gdb.execute(f"hbreak *{entry:#x}", to_string=True)
        try:
            gdb.execute("continue", to_string=True)
        finally:
            for one in gdb.breakpoints():
                if one.number not in known:
                    one.delete()
        vector = entries.get(cpu.code_address())
        if vector is None:
            gdb.execute("mode")
            print("No call of the BIOS up to here.")
            return
        stack = cpu.number("$ss") * 16 + (cpu.number("$rsp") & 0xFFFF)
        offset, segment = struct.unpack("<HH", cpu.read(stack, 4))
        self.tell(vector, segment * 16 + offset)
        print(f"Its answer: at *{segment * 16 + offset:#x}")

    @staticmethod
    def tell(vector, caller):
        ax = cpu.number("$rax") & 0xFFFF
        print(f"INT {vector:02X}h, AX={ax:04X}h: {call_words(vector, ax)}")
        print("  " + " ".join(f"{name}={cpu.number('$r' + name[1:]):08x}"
                              for name in ("eax", "ebx", "ecx", "edx", "esi",
                                           "edi")) +
              "".join(f" {name}={cpu.number('$' + name):04x}"
                      for name in ("ds", "es")))
        if vector == 0x13 and ax >> 8 == 0x42:
            at = cpu.number("$ds") * 16 + (cpu.number("$rsi") & 0xFFFF)
            count, offset, segment, lba = struct.unpack(
                "<2xHHHQ", cpu.read(at, 16))
            print(f"  the packet: {count} sectors from LBA {lba}"
                  f" to {segment:04x}:{offset:04x}")
        print(f"  from {caller:#x} {cpu.symbol(caller)}".rstrip())


for command in (Regs, Gdt, Idt, Ivt, Pt, E820Map, Bios):
    command()
