"""The boot matrix: machines and disks, each with what must come of it.

This is a table and nothing else; harness/run.py boots its rows. Rows with
full=True are for `make matrix`, all others are in `make test` as well. Other
emulators and firmware are in emulators.py, bad BIOSes in hostile_*.py.
"""

import dataclasses
import struct

from harness.machine import Machine
from harness.recipe import BUILD, Cut, Flip, Header, Poke, Recipe
from harness.run import Bad, Row
from harness.words import READY, boot_error, defines, message

# What the kernel's report must say beside READY.
EDD = "drive 80h by EDD, 0 retries"
# QEMU's USB works by the host's clock: when that is busy, the BIOS gives up.
EDD_USB = r"drive 80h by EDD, \d retries"
CHS = "drive 80h by CHS, 0 retries"
FLOPPY = "drive 00h by CHS, 0 retries"
A20 = "A20 was open"
USABLE = {"4M": r"[23]\d{3} KiB usable", "16M": r"1[56]\d{3} KiB usable",
          "64M": r"6[45]\d{3} KiB usable", "3G": r"31\d{5} KiB usable",
          "5G": r"52\d{5} KiB usable", "512M": r"52\d{4} KiB usable"}

# With a module of several sectors, so that each region can be hit.
MODULE = ("boot/image.inc",)
WITH_MODULE = Recipe(modules=MODULE)

HEADER = defines("image.h")


def boots(name, machine=Machine(), disk=Recipe(), facts=(EDD, A20),
          scrolls=False, **more):
    """A row that must reach the kernel's last line.

    On q35 the memory map is so long that the report scrolls.

    facts    what the report must say beside it
    scrolls  it is so long that the screen shows its end only
    """
    if "usb" in machine.bus:
        facts = [EDD_USB if fact == EDD else fact for fact in facts]
    if machine.memory in USABLE:
        facts = (*facts, USABLE[machine.memory])
    if scrolls or "q35" in machine.board:
        return Row(name, machine, disk, shows=(READY,), says=facts, **more)
    return Row(name, machine, disk, shows=(READY, *facts), **more)


def qemu(facts=(EDD, A20), full=False, disk=Recipe(), scrolls=False,
         **machine):
    """boots() named after what is special about the machine."""
    special = [f"{key}={value}" for key, value in machine.items()]
    return boots("qemu " + " ".join(special or ["as it comes"]),
                 Machine(**machine), disk, facts, scrolls, full=full)


# ---- What people type ----------------------------------------------------

README = [
    boots("the README's command", Machine(plain=True, memory="128M"),
          facts=(EDD,)),
    Row("the command that ends with 33",
        Machine(plain=True, exit_port=True), shows=(READY,), status=33),
    Row("the command that ends with 33 on q35",
        Machine(board="q35", exit_port=True), shows=(READY,), status=33),
]

# ---- Buses ---------------------------------------------------------------

PC_BUSES = ["ide", "ide-slave", "ahci", "usb-uhci", "usb-ehci", "usb-xhci",
            "nvme", "virtio-blk", "virtio-scsi", "lsi", "megasas"]
PC_BUSES_MORE = ["usb-ohci", "usb-nec-xhci", "usb-hub", "usb-uas", "esp",
                 "mptsas", "pvscsi", "virtio-blk-modern"]
Q35_BUSES = ["ide", "usb-uhci", "usb-ehci", "usb-xhci", "nvme", "virtio-blk",
             "virtio-scsi"]
Q35_BUSES_MORE = ["ide-pci", "ahci", "usb-ohci", "usb-nec-xhci", "usb-hub",
                  "usb-uas", "esp", "lsi", "megasas", "mptsas", "pvscsi",
                  "virtio-blk-modern"]
SD = Recipe(medium="sd")
DISKETTE = Recipe(medium="floppy")
CD = Recipe(medium="cd")

BUSES = [
    *[qemu(bus=bus) for bus in PC_BUSES],
    *[qemu(bus=bus, full=True) for bus in PC_BUSES_MORE],
    *[qemu(board="q35", bus=bus) for bus in Q35_BUSES],
    *[qemu(board="q35", bus=bus, full=True) for bus in Q35_BUSES_MORE],
    qemu(bus="sd", disk=SD),
    qemu(board="q35", bus="sd", disk=SD),
    # CHS and drive 00h, as some BIOSes show a stick, too (HW-22).
    qemu((FLOPPY, A20), bus="floppy", disk=DISKETTE),
    qemu((FLOPPY, A20), board="q35", bus="floppy-q35", disk=DISKETTE),
    qemu((CHS, A20), bus="cdrom", disk=CD),
    qemu((CHS, A20), board="q35", bus="cdrom", disk=CD),
    qemu((CHS, A20), bus="usb-cdrom", disk=CD, full=True),
]

# ---- CPUs ----------------------------------------------------------------

CPUS = ["max", "Opteron_G1", "Conroe", "Nehalem", "Haswell",
        "Skylake-Client", "EPYC"]
CPUS_MORE = ["kvm64", "core2duo", "phenom", "Penryn", "Westmere",
             "SandyBridge", "IvyBridge", "Broadwell", "Skylake-Server",
             "Cascadelake-Server", "Cooperlake", "Icelake-Server",
             "Denverton", "Snowridge", "KnightsMill",
             "Opteron_G2", "Opteron_G3", "Opteron_G4", "Opteron_G5",
             "EPYC-Rome", "EPYC-Milan", "Dhyana"]
# What is nice to have, and may be missing (HW-26).
FLAGS = ["max,-nx", "max,-pdpe1gb", "max,-sse4.2", "max,-invtsc",
         "max,-nx,-pdpe1gb,-sse4.2", "max,-rdtscp,-avx,-xsave",
         "qemu64,xlevel=0x80000001"]


def lacking(cpu, what, full=False):
    """A CPU without something that is needed: what is named (HW-26)."""
    return Row(f"refused: cpu={cpu}", Machine(cpu=cpu), full=full,
               shows=(message("E_CPU_FEATURES", None, what),),
               key=("ret", "No bootable device"))


PROCESSORS = [
    *[qemu(cpu=cpu) for cpu in CPUS],
    *[qemu(cpu=cpu, full=True) for cpu in CPUS_MORE],
    *[qemu(cpu=cpu) for cpu in FLAGS],
    qemu((EDD, A20, "invariant-tsc"), cpu="max,invtsc=on,x-force-features=on"),
    boots("two processors", Machine(extra=("-smp", "2"))),
    boots("eight processors", Machine(extra=("-smp", "8")), full=True),
]

# ---- Interrupts and time -------------------------------------------------

APIC = r"irqs +24 inputs of 1 I/O APIC, local APIC 0"
PIC = r"irqs +two 8259 controllers"
NO_PIT = "pc,pit=off"
NO_ACPI = ("-no-acpi",)
NO_HPET = ("-no-hpet",)


def clock(ticks, by):
    return rf"clock +{ticks}; TSC [0-9.]+ MHz( roughly)? by {by}, not invar"


def keeps_time(name, controllers, ticks, by, cmdline="exit", **machine):
    ticks = f"{ticks}, 100 Hz" if "never" not in ticks else ticks
    return boots(f"time: {name}", Machine(**machine), Recipe(cmdline=cmdline),
                 facts=(controllers, clock(ticks, by)))


TIME = [
    keeps_time("as it comes", APIC, "local APIC timer", "HPET"),
    keeps_time("q35", APIC, "local APIC timer", "HPET", board="q35"),
    keeps_time("two processors", APIC, "local APIC timer", "HPET",
               extra=("-smp", "2")),
    keeps_time("no HPET (HW-39)", APIC, "local APIC timer", "ACPI timer",
               extra=NO_HPET),
    keeps_time("neither HPET nor PIT (HW-39)", APIC, "local APIC timer",
               "ACPI timer", board=NO_PIT, extra=NO_HPET),
    keeps_time("no APIC", PIC, "PIT", "HPET", cpu="qemu64,-apic"),
    keeps_time("APIC not wanted", PIC, "PIT", "HPET", cmdline="exit irq=pic"),
    keeps_time("no ACPI", PIC, "PIT", "PIT", extra=NO_ACPI),
    keeps_time("no 8259", APIC, "local APIC timer", "HPET",
               board="pc,pic=off"),
    boots("time: neither 8259 nor APIC",
          Machine(board="pc,pic=off", cpu="qemu64,-apic"),
          facts=("irqs +no controller: no device can interrupt$",
                 "clock +nothing ticks; TSC .* by HPET")),
    keeps_time("isapc", PIC, "PIT", "PIT", board="isapc"),
    keeps_time("a PIT that never ticks (HW-39)", PIC, "the PIT never ticked",
               "HPET", board=NO_PIT, cpu="qemu64,-apic"),
    boots("time: nothing to measure by (HW-39)",
          Machine(board=NO_PIT, extra=NO_ACPI),
          facts=(PIC, r"clock +the PIT never ticked; TSC cannot be measured, "
                      r"say 1000\.000 MHz$")),
]

# ---- Memory --------------------------------------------------------------

MEMORY = [
    # 5 GiB: RAM above 4 GiB, and a hole below (HW-29).
    *[qemu(memory=memory) for memory in ("4M", "16M", "3G", "5G")],
    *[qemu(board="q35", memory=memory) for memory in ("16M", "5G")],
    *[qemu(memory=memory, full=True)
      for memory in ("6M", "8M", "15M", "17M", "32M", "63M", "512M", "2G",
                     "4G", "8G")],
    *[qemu(board="q35", memory=memory, full=True)
      for memory in ("4M", "8M", "2G", "3G", "4G")],
    qemu(board="pc,max-ram-below-4g=1G", memory="3G", full=True),
]

# ---- Chipsets, screens, ports --------------------------------------------

NO_SCREEN = [boots("no VGA, serial line only", Machine(video="none"))]
SCREENS = [
    *[qemu(video=video) for video in ("cirrus", "vmware", "virtio", "qxl")],
    qemu(video="ati", full=True),
    # these two take memory, or a screen that knows no text
    *[qemu(video=video, memory="128M", full=True)
      for video in ("ramfb", "bochs-display")],
    boots("neither VGA nor serial line",
          Machine(video="none", serial=False)),
    boots("no serial line", Machine(serial=False)),
    boots("no debug port", Machine(debugcon=False)),
]

BOARDS = [
    qemu(board="isapc", cpu="qemu64"),
    qemu(board="pc,i8042=off"),
    qemu(board="q35,i8042=off"),
    *[qemu(board=board, full=True)
      for board in ("pc,hpet=off", "pc,acpi=off", "pc,smm=off",
                    "pc,vmport=off", "pc,usb=on",
                    "pc-i440fx-1.4", "pc-i440fx-1.7", "pc-i440fx-2.0",
                    "pc-i440fx-2.12", "pc-i440fx-4.2", "pc-i440fx-6.2",
                    "pc-q35-2.4", "pc-q35-2.12", "pc-q35-4.2",
                    "pc-q35-6.2")],
    boots("counted instructions",
          Machine(extra=("-icount", "shift=0,sleep=off"))),
]

# ---- Refused machines ----------------------------------------------------

# No emulator is as old as that: for this stage 2, EFLAGS.ID never changes.
NO_CPUID = Recipe(flags=("--stage2", f"{BUILD}/test/no-cpuid.bin"))

REFUSED = [
    Row("refused: a CPU without CPUID", disk=NO_CPUID,
        shows=(message("E_NO_CPUID"),), key=("ret", "No bootable device")),
    lacking("486", " TSC MSR PAE FXSR SSE SSE2 long-mode"),
    lacking("qemu32", " long-mode"),
    lacking("pentium", " PAE FXSR SSE SSE2 long-mode"),
    lacking("coreduo", " long-mode", full=True),
    lacking("n270", " long-mode", full=True),
    lacking("athlon", ".* long-mode", full=True),
    lacking("kvm32", " long-mode", full=True),
    lacking("max,-pae", " PAE"),
    lacking("max,-fxsr", " FXSR"),
    lacking("max,-sse2", " SSE2"),
    lacking("max,-tsc,-msr", " TSC MSR", full=True),
    # Holes, and too little RAM (HW-25).
    Row("refused: 1 MiB of RAM", Machine(memory="1M"),
        shows=(message("E_LOAD_RANGE", 0, 0x100000),),
        key=("ret", "No bootable device")),
    Row("refused: kernel larger than the RAM", Machine(memory="4M"),
        Recipe(kernel="test/kernels/large.elf", cmdline=""),
        shows=(message("E_LOAD_RANGE", 0, 0x100000),)),
    Row("refused: kernel in the hole below 4 GiB", Machine(memory="5G"),
        Recipe(kernel="test/kernels/hole.elf", cmdline=""),
        shows=(message("E_LOAD_RANGE", 0, 0xFEC00000),)),
    Row("refused: module does not fit the RAM", Machine(memory="4M"),
        Recipe(modules=("test/kernels/many.elf",)),
        shows=(message("E_LOAD_RANGE", 1),)),
]

# ---- Damaged disks -------------------------------------------------------

KERNEL_BROKEN = message("E_BLOB_CRC", 0)
MODULE_BROKEN = message("E_BLOB_CRC", 1)
SUM = boot_error("BS_ERROR_SUM", 0)
MAGIC = boot_error("BS_ERROR_MAGIC", 0)


def before(shows):
    """The machine for a message; the boot sector does not know port E9h."""
    return Machine(debugcon=not shows.startswith("Boot error"))


def damaged(what, damage, shows, full=False,
            key=("ret", "No bootable device")):
    return Row(f"damaged: {what}", before(shows),
               disk=dataclasses.replace(WITH_MODULE, damage=damage),
               shows=(shows,), key=key, full=full)


def flipped(region, shows, where="middle", full=False, **more):
    return damaged(f"one bit of {region}, {where}", (Flip(region, where),),
                   shows, full, **more)


def cut(region, shows, fill=0, full=False, **more):
    name = {0: "zeros follow", 0xFF: "FFs follow",
            None: "the medium ends"}[fill]
    return damaged(f"cut in {region}, {name}", (Cut(region, fill=fill),),
                   shows, full, **more)


STOPS = {"key": ()}  # the BIOS is gone: no key leads anywhere

FLIPS = [
    flipped("header", MAGIC, HEADER["HEADER_MAGIC"]),
    *[flipped("header", SUM, HEADER[field])
      for field in ("HEADER_VERSION", "HEADER_BLOB_COUNT", "HEADER_CRC",
                    "HEADER_SUM", "HEADER_BUILD_ID", "HEADER_BLOBS")],
    flipped("cmdline", SUM),
    flipped("stage2", SUM, "start"),
    flipped("stage2", SUM),
    flipped("stage2", SUM, "last"),
    flipped("kernel", KERNEL_BROKEN, "start", **STOPS),
    flipped("kernel", KERNEL_BROKEN, **STOPS),
    flipped("kernel", KERNEL_BROKEN, "last", **STOPS),
    flipped("module", MODULE_BROKEN, "start", **STOPS),
    flipped("module", MODULE_BROKEN, "last", **STOPS),
    *[flipped("header", SUM, HEADER["HEADER_BLOBS"] + offset, full=True)
      for offset in range(0, 2 * HEADER["BLOB_SIZE"], 4) if offset],
    *[flipped("stage2", SUM, sixteenth / 16, full=True)
      for sixteenth in range(1, 16) if sixteenth != 8],
]

def forged(what, shows, field, data, crc=True):
    """A header that is wrong, though the boot sector finds it whole."""
    return damaged(what, (Header(field, data, crc),), shows)


FORGED = [
    forged("header CRC", message("E_HEADER_CRC"), HEADER["HEADER_CMDLINE"],
           b"!", crc=False),
    forged("another version", message("E_HEADER_VERSION", 2, 1),
           HEADER["HEADER_VERSION"], b"\2"),
    forged("no blobs", message("E_BLOB_TABLE", 0, 0),
           HEADER["HEADER_BLOB_COUNT"], b"\0"),
    forged("nine blobs", message("E_BLOB_TABLE", 0, 9),
           HEADER["HEADER_BLOB_COUNT"], b"\11"),
    forged("a module behind the image's end", message("E_BLOB_TABLE", 1, 2),
           HEADER["HEADER_BLOBS"] + HEADER["BLOB_SIZE"] + HEADER["BLOB_LBA"],
           b"\0\0\0\1"),
    forged("an entry outside the kernel", message("E_BLOB_TABLE", 0, 2),
           HEADER["HEADER_BLOBS"] + HEADER["BLOB_ENTRY"], b"\0\0\0\0"),
    Row("damaged: a module whose zeros cover the kernel",
        before(KERNEL_BROKEN), shows=(KERNEL_BROKEN,),
        disk=Recipe(kernel="test/kernels/foreign-kernel.elf", modules=MODULE,
                    damage=(Header(HEADER["HEADER_BLOBS"] +
                                   HEADER["BLOB_SIZE"] +
                                   HEADER["BLOB_MEMORY"],
                                   struct.pack("<II", 2 << 20, 1 << 20)),))),
]

CUTS = [
    *[row for fill in (0, 0xFF) for row in (
        cut("header", MAGIC, fill),
        cut("stage2", SUM, fill),
        cut("kernel", KERNEL_BROKEN, fill, **STOPS),
        cut("module", MODULE_BROKEN, fill, **STOPS))],
    cut("header", boot_error("BS_ERROR_READ"), None),
    cut("stage2", boot_error("BS_ERROR_READ"), None),
    cut("kernel", message("E_READ", 0x80), None),
    cut("module", message("E_READ", 0x80), None),
]


def unreadable(region, shows, where="start", bus="ide"):
    return Row(f"unreadable: {region}, {where}, bus={bus}",
               dataclasses.replace(before(shows), bus=bus),
               WITH_MODULE, bad=(Bad(region, where),), shows=(shows,),
               key=("ret", "No bootable device"))


UNREADABLE = [
    unreadable("header", boot_error("BS_ERROR_READ")),
    unreadable("stage2", boot_error("BS_ERROR_READ")),
    unreadable("stage2", boot_error("BS_ERROR_READ"), "last"),
    *[unreadable(region, message("E_READ", 0x80), where)
      for region in ("kernel", "module")
      for where in ("start", "middle", "last")],
    *[unreadable("kernel", message("E_READ", 0x80), bus=bus)
      for bus in ("usb-xhci", "virtio-blk")],
    boots("one read of stage 2 fails once", disk=WITH_MODULE,
          bad=(Bad("stage2", once=True),)),
    boots("one read of the kernel fails once", disk=WITH_MODULE,
          facts=("drive 80h by EDD, 1 retries", A20),
          bad=(Bad("kernel", once=True),)),
]

# ---- Touched, but good ---------------------------------------------------

TOUCHED = [
    boots("FFs where a BPB would be (HW-3)",
          disk=Recipe(damage=(Poke(3, b"\xff" * 0x57),))),
    boots("a dummy BPB (HW-4)", disk=Recipe(flags=("--bpb", "dummy"))),
    boots("a dummy BPB on a USB stick (HW-4)", Machine(bus="usb-ehci"),
          Recipe(flags=("--bpb", "dummy"))),
    boots("another disk signature (HW-5)",
          disk=Recipe(damage=(Poke(HEADER["BS_SIGNATURE"], b"Wind\xa5\x5a"),)),
          facts=(EDD, "signature 646e6957")),
    boots("255 heads, 63 sectors (HW-2)",
          disk=Recipe(flags=("--geometry", "255x63"))),
    boots("255 heads, 63 sectors as a CD (HW-2)", Machine(bus="cdrom"),
          Recipe(flags=("--geometry", "255x63"), medium="cd"),
          facts=(CHS,)),
    boots("another partition type",
          disk=Recipe(flags=("--partition-type", "0x0c"))),
    boots("32 MiB image", disk=Recipe(flags=("--size", "32M"))),
    boots("no command line", disk=Recipe(cmdline=""),
          facts=(EDD, 'command   ""')),
    boots("the longest command line", disk=Recipe(cmdline="x" * 255),
          facts=(EDD, "x" * 255), scrolls=True),
    boots("seven modules", disk=Recipe(modules=MODULE * 7),
          facts=(EDD, r"(module +\w+, \d+ bytes loaded.*\s*){7}"),
          scrolls=True),
    boots("a module of five bytes", Machine(cpu="max"),
          disk=Recipe(modules=("test/tiny.txt",)), scrolls=True),
    boots("a floppy with modules", Machine(bus="floppy"),
          Recipe(modules=MODULE * 7, medium="floppy"), facts=(FLOPPY,),
          scrolls=True),
]

# ---- Diagnostics, asked for in vain (test_diag.py asks for good ones) -----

def without_diag(name, warning, flags=(), damage=()):
    """A warning, then what comes: with a CPU that is refused, the screen
    keeps both."""
    asked = Recipe(cmdline="diag", flags=flags, damage=damage)
    return [Row(f"{name}: refused CPU", Machine(cpu="qemu32"), asked,
                shows=(warning, message("E_CPU_FEATURES"))),
            Row(f"{name}: the boot goes on", Machine(), asked,
                shows=(READY,), says=(warning,))]


NO_DIAG = [
    *without_diag("no diagnostics", message("W_DIAG_MISSING"),
                  flags=("--no-diag",)),
    *without_diag("more diagnostics than fit", message("W_DIAG_MISSING"),
                  damage=(Header(HEADER["HEADER_DIAG_SECTORS"], b"\x41"),)),
    *without_diag("damaged diagnostics", message("W_DIAG_DAMAGED"),
                  damage=(Flip("diag"),)),
]

# ---- Other kernels -------------------------------------------------------

GARBAGE = ("-device", f"loader,file={BUILD}/test/low.bin,addr=0x600,"
           "force-raw=on",
           "-device", f"loader,file={BUILD}/test/high.bin,addr=0x100000,"
           "force-raw=on")


def kernel(name, cmdline="", **more):
    return Recipe(kernel=f"test/kernels/{name}.elf", cmdline=cmdline, **more)


def ends(name, disk, says, machine=Machine(), **more):
    """A row whose kernel leaves QEMU with status 33."""
    machine = dataclasses.replace(machine, exit_port=True)
    return Row(name, machine, disk, says=(says,), status=33, **more)


def protocol(what, machine=Machine(), modules=2, **more):
    return Row(f"protocol: {what}",
               dataclasses.replace(machine, exit_port=True),
               kernel("protocol", "a b", modules=MODULE * modules),
               shows=("^protocol: kept$",), never=("^not ok",), status=33,
               **more)


def faulting(name, *words, what="", **more):
    """The loader's IDT reports what the kernel's first instruction did."""
    return Row(f"kernel fault: {name}{what}", disk=kernel(name),
               shows=(message("E_FAULT", *words),), **more)


KERNELS = [
    ends("foreign kernel", kernel("foreign-kernel"), "^Hello from a kernel"),
    Row("foreign kernel on the screen", Machine(debugcon=False),
        kernel("foreign-kernel"), shows=("^Hello from a kernel of your own",)),
    ends("foreign kernel prints its module",
         kernel("foreign-module", modules=MODULE), "define BLOB_MODULE"),
    ends("kernel of 3 MiB, 97 chunks", kernel("many"), "test kernel: ready"),
    ends("kernel of 3 MiB from a USB stick", kernel("many"),
         "test kernel: ready", Machine(bus="usb-ehci")),
    ends("kernel with 6 MiB of bss", kernel("large"), "test kernel: ready",
         Machine(extra=GARBAGE)),
    ends("kernel at 2 GiB", kernel("far"), "test kernel: ready",
         Machine(memory="3G")),
    boots("RAM full of garbage (HW-11)", Machine(extra=GARBAGE)),
    protocol("as it comes"),
    protocol("RAM full of garbage (HW-11)", Machine(extra=GARBAGE)),
    protocol("cpu=max", Machine(cpu="max")),
    protocol("cpu without NX, 1 GiB pages, SSE4.2",
             Machine(cpu="max,-nx,-pdpe1gb,-sse4.2")),
    protocol("5 GiB on q35", Machine(board="q35", memory="5G")),
    protocol("no VGA", Machine(video="none")),
    protocol("isapc, no ACPI", Machine(board="isapc")),
    protocol("from a floppy", Machine(bus="floppy"), modules=7),
    protocol("seven modules", modules=7),
    protocol("no module", modules=0),
    *[protocol(f"cpu={cpu}", Machine(cpu=cpu), full=True)
      for cpu in CPUS[1:]],
    *[protocol(f"board=q35 bus={bus}", Machine(board="q35", bus=bus),
               full=True) for bus in Q35_BUSES],
    faulting("UD", "#UD invalid opcode", 0x100000, 0),
    faulting("DE", "#DE divide error", 0x100002, 0),
    faulting("BP", "#BP breakpoint", 0x100001, 0),
    faulting("GP", "#GP general protection", 0x100005, 0xFFF8),
    faulting("PF", "#PF page fault", 0x10000A, 2, 0x100000000),
    faulting("STACK", "#PF page fault", None, 2, 0x1FFFFFFF8),
    faulting("DF", "#DF double fault", None, 0),
    faulting("JUMP", "#PF page fault", 0x123456789, 0, 0x123456789),
    faulting("MF", "#MF x87 FPU error"),
    faulting("NAMELESS", "reserved", 0x100002, 0),
    faulting("SCROLLED", "#UD invalid opcode"),
    Row("kernel fault: no page for the screen", disk=kernel("NOSCREEN"),
        says=(message("E_FAULT", "#UD invalid opcode"),
              message("E_FAULT", "#PF page fault", None, 2, 0xB8000)),
        tells=(message("E_FAULT", "#UD invalid opcode"),),
        never=(r"#PF page fault[\s\S]*#PF page fault",)),
    faulting("UD", "#UD invalid opcode", what=", no VGA",
             machine=Machine(video="none")),
    faulting("UD", "#UD invalid opcode", what=", no serial line",
             machine=Machine(serial=False)),
    faulting("UD", "#UD invalid opcode", what=", no debug port",
             machine=Machine(debugcon=False)),
    faulting("UD", "#UD invalid opcode", unread=True,
             what=", nobody reads the serial line (HW-32)"),
    Row("kernel that returns", disk=kernel("RETURN"),
        shows=(message("E_KERNEL_RETURNED", 0x100000),)),
]

TABLE = (README + BUSES + PROCESSORS + TIME + MEMORY + NO_SCREEN + SCREENS +
         BOARDS + REFUSED + FLIPS + FORGED + CUTS + UNREADABLE +
         TOUCHED + NO_DIAG + KERNELS)
