"""The boot matrix: machines, each with what must come of it.

This is a table and nothing else; harness/run.py boots its rows. Rows with
full=True are for `make matrix`, all others are in `make test` as well. Damaged
disks are in disks.py, other kernels in foreign.py, other media in media.py,
other emulators and firmware in emulators.py, bad BIOSes in hostile_*.py.
"""

from harness.machine import Machine
from harness.recipe import BUILD, Recipe
from harness.run import Row
from harness.words import READY, message

# What the kernel's report must say beside READY.
EDD = "drive 80h by EDD, 0 retries"
# QEMU's USB works by the host's clock: when that is busy, the BIOS gives up.
EDD_USB = r"drive 80h by EDD, \d retries"
CHS = "drive 80h by CHS, 0 retries"
FLOPPY = "drive 00h by CHS, 0 retries"
A20 = "A20 was open"
USABLE = {"4M": r"[23]\d{3} KiB usable", "16M": r"1[456]\d{3} KiB usable",
          "64M": r"6[345]\d{3} KiB usable", "3G": r"31\d{5} KiB usable",
          "5G": r"52\d{5} KiB usable", "512M": r"52\d{4} KiB usable"}

# With a module of several sectors, so that each region can be hit.
MODULE = ("boot/image.inc",)
WITH_MODULE = Recipe(modules=MODULE)


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
    boots("eight processors", Machine(extra=("-smp", "8")), full=True,
          scrolls=True),
]

# ---- Interrupts and time -------------------------------------------------

APIC = r"irqs +24 inputs of 1 I/O APIC, local APIC 0"
PIC = r"irqs +two 8259 controllers"
NO_PIT = "pc,pit=off"
NO_ACPI = "pc,acpi=off"
NO_HPET = "pc,hpet=off"


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
               board=NO_HPET),
    keeps_time("neither HPET nor PIT (HW-39)", APIC, "local APIC timer",
               "ACPI timer", board="pc,pit=off,hpet=off"),
    keeps_time("no APIC", PIC, "PIT", "HPET", cpu="qemu64,-apic"),
    keeps_time("APIC not wanted", PIC, "PIT", "HPET", cmdline="exit irq=pic"),
    keeps_time("no ACPI", PIC, "PIT", "PIT", board=NO_ACPI),
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
          Machine(board="pc,pit=off,acpi=off"),
          facts=(PIC, r"clock +the PIT never ticked; TSC cannot be measured, "
                      r"assumed: 1000\.000 MHz$")),
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
    # These two take memory, and know no text: the BIOS draws it (HW-50).
    *[qemu((EDD, A20, message("W_NO_TEXT")), video=video, memory="128M",
           full=full)
      for video, full in (("bochs-display", False), ("ramfb", True))],
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

# QEMU and Bochs have no CPU without it: for this stage 2, EFLAGS.ID never
# changes.
NO_CPUID = Recipe(flags=("--stage2", f"{BUILD}/test/no-cpuid.bin"))

REFUSED = [
    Row("refused: a CPU without CPUID", disk=NO_CPUID,
        shows=(message("E_NO_CPUID"),), key=("ret", "No bootable device")),
    lacking("486", " TSC MSR PAE CX8 CMOV MMX FXSR SSE SSE2 long-mode"),
    lacking("qemu32", " long-mode"),
    lacking("pentium", " PAE CMOV FXSR SSE SSE2 long-mode"),
    lacking("coreduo", " long-mode", full=True),
    lacking("n270", " long-mode", full=True),
    lacking("athlon", ".* long-mode", full=True),
    lacking("kvm32", " long-mode", full=True),
    lacking("max,-pae", " PAE"),
    lacking("qemu64,-cmov", " CMOV"),
    lacking("max,-cx8", " CX8"),
    lacking("max,-mmx", " MMX"),
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

TABLE = (README + BUSES + PROCESSORS + TIME + MEMORY + NO_SCREEN + SCREENS +
         BOARDS + REFUSED)
