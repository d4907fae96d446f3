"""gdb commands for debugging the boot; loaded by gdbinit."""

import os
import re
import shlex
import subprocess

import gdb

BUILD = os.environ.get("BUILD", "build")
BOOT_SECTOR = 0x7C00

# Where one stage hands over to the next, as symbols.
BOUNDARIES = (
    ("stage2_start", "stage 2, 16-bit"),
    ("stage2_main", "stage 2, 64-bit C"),
    ("_start", "the kernel's entry"),
)


def number(expression):
    """The expression's value, without sign."""
    return int(gdb.parse_and_eval(expression)) & (2**64 - 1)


def mode():
    """16, 32 or 64: how the CPU reads code now."""
    registers = gdb.execute("monitor info registers", to_string=True)
    code = re.search(r"^CS =.*$", registers, re.M).group(0)
    for bits in (64, 32):
        if f"CS{bits}" in code:
            return bits
    return 16


def code_address():
    """Linear address of the next instruction: real mode adds CS * 16."""
    if number("$cr0") & 1:
        return number("$rip")
    return number("$cs") * 16 + (number("$rip") & 0xFFFF)


def ndisasm(address, size, bits=16):
    memory = gdb.selected_inferior().read_memory(address, size).tobytes()
    tool = [os.environ.get("NDISASM", "ndisasm"),
            "-b", str(bits), "-o", hex(address), "-"]
    try:
        return subprocess.run(tool, input=memory, stdout=subprocess.PIPE,
                              check=True).stdout.decode().splitlines()
    except FileNotFoundError as error:
        raise gdb.GdbError("no ndisasm here; it comes with nasm") from error


def symbol(address):
    text = gdb.execute(f"info symbol {address:#x}", to_string=True)
    return "" if text.startswith("No symbol") else text.split(" in ")[0]


def machine():
    """QEMU, which speaks with gdb by its standard input and output.

    gdb starts it in a session of its own: a Ctrl-C at the terminal is not
    QEMU's. Its errors, which gdb would keep, go to debug.sh's descriptor 7.
    """
    return ["sh", "tools/machine.sh", os.environ["IMAGE"], "-S",
            "-gdb", "stdio", "-monitor", "none",
            "-display", os.environ["MACHINE_DISPLAY"],
            "-serial", "file:" + os.environ["SERIAL"]]


def end_machine(_event):
    """gdb ends. It would let the guest go, and wait seconds for QEMU's end."""
    if gdb.selected_inferior().pid:
        gdb.execute("kill", to_string=True)


class X16(gdb.Command):
    """x16 [ADDRESS [COUNT]] - disassemble 16-bit code, from here on."""

    def __init__(self):
        super().__init__("x16", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = argument.split()
        address = number(words[0]) if words else code_address()
        count = int(words[1]) if len(words) > 1 else 8
        for line in ndisasm(address, count * 15)[:count]:
            at = int(line.split()[0], 16)
            mark = "=>" if at == code_address() else "  "
            print(f"{mark} {line:50} {symbol(at)}".rstrip())


class N16(gdb.Command):
    """n16 [COUNT] - step one instruction of 16-bit code, over calls and
    BIOS calls."""

    def __init__(self):
        super().__init__("n16", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        for _ in range(int(argument or 1)):
            lines = ndisasm(code_address(), 30)
            if lines[0].split()[2] in ("call", "int", "rep", "repe", "repne"):
                after = int(lines[1].split()[0], 16)
                gdb.execute(f"tbreak *{after:#x}", to_string=True)
                gdb.execute("continue", to_string=True)
            else:
                gdb.execute("stepi", to_string=True)
        gdb.execute("mode")
        gdb.execute("frame")
        gdb.execute("x16 $rip 1")


class Mode(gdb.Command):
    """mode - how the CPU reads code now, and where it is."""

    def __init__(self):
        super().__init__("mode", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        at = code_address()
        print(f"{mode()}-bit, cs:ip {number('$cs'):04x}:{number('$rip'):04x}"
              f" = {at:#x} {symbol(at)}".rstrip())


class Boundaries(gdb.Command):
    """boundaries - stop wherever one stage hands over to the next."""

    def __init__(self):
        super().__init__("boundaries", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        for name, what in BOUNDARIES:
            address = number(f"(long)&{name}")
            gdb.execute(f"tbreak *{address:#x}", to_string=True)
            print(f"  {address:#9x}  {name:14} {what}")


class Serial(gdb.Command):
    """serial - what the guest wrote to COM1 so far."""

    def __init__(self):
        super().__init__("serial", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        with open(os.environ["SERIAL"], encoding="utf-8",
                  errors="replace") as log:
            print(log.read(), end="")


class Start(gdb.Command):
    """firstlight-start - symbols of all stages, then run to 0x7C00."""

    def __init__(self):
        super().__init__("firstlight-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        for stage in ("bootsector", "stage2"):
            elf = os.path.join(BUILD, stage + ".elf")
            gdb.execute(f"add-symbol-file {shlex.quote(elf)}", to_string=True)
        gdb.execute(f"target remote | exec {shlex.join(machine())} 2>&7",
                    to_string=True)
        gdb.execute(f"thbreak *{BOOT_SECTOR:#x}", to_string=True)
        gdb.execute("continue", to_string=True)
        gdb.execute("mode")
        gdb.execute("frame")
        print("Stops to come (c goes to the next):")
        gdb.execute("boundaries")
        print("""\
As usual: b NAME, c, s, n, si, p, info registers. In 16-bit code:
  x16 [ADDRESS [COUNT]]  disassemble      n16  step, over calls and BIOS calls
  mode  where and in which mode           serial  what the guest printed""")


for command in (X16, N16, Mode, Boundaries, Serial, Start):
    command()
# Since gdb 12; before, it does wait.
if hasattr(gdb.events, "gdb_exiting"):
    gdb.events.gdb_exiting.connect(end_machine)
