"""A running QEMU under a debugger: its gdb stub, spoken to without gdb, so that
a test can stop the guest at any instruction of the kernel (GDB manual, "Remote
Serial Protocol").
"""

import re
import socket
import subprocess

from .recipe import BUILD

# The first in the stub's order; all have 64 bits.
REGISTERS = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8",
             "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip")
# What may come in between while single instructions are executed.
NOTHING, INTERRUPTS = "Qqemu.sstep=7", "Qqemu.sstep=1"
PIECE = 1024	# bytes that fit into a packet
PACKET = re.compile(rb"\$([^#]*)#..", re.DOTALL)


def symbols(elf):
    """{name: address} of the functions and variables of a kernel."""
    listed = subprocess.run(["nm", elf], check=True, capture_output=True,
                            text=True).stdout
    return {name: int(address, 16)
            for address, name in re.findall(r"^(\w+) \w (\S+)$", listed,
                                            re.MULTILINE)}


class Debugger:
    """Stops the guest when it is made, and lets it run when it is closed; use
    as a context manager. Places are names of the kernel, or addresses."""

    def __init__(self, qemu, kernel="kernel.elf"):
        self.qemu = qemu
        self.symbols = symbols(BUILD / kernel)
        self.data, self.answers, self.open = b"", [], True
        path = f"{qemu.directory}/gdb"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            qemu.qmp("human-monitor-command",
                     **{"command-line": f"gdbserver unix:{path}"})
            self.socket = listener.accept()[0]
        qemu.debuggers.append(self)
        self.mode, self.breaks = None, set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.qemu.status is None and self.open:
            self.ask("D")
        self.qemu.debuggers.remove(self)
        self.socket.close()

    # ---- What the harness wants of a source of news ------------------------

    def fileno(self):
        return self.socket.fileno()

    def receive(self):
        piece = self.socket.recv(65536)
        self.open = bool(piece)
        self.data += piece
        while found := PACKET.search(self.data):
            self.answers.append(found[1].decode())
            self.data = self.data[found.end():]

    # ---- Packets -----------------------------------------------------------

    def send(self, text):
        """QEMU takes the next packet for the acknowledgement of the last."""
        packet = f"${text}#{sum(text.encode()) % 256:02x}"
        self.socket.sendall(packet.encode())

    def ask(self, text, meanwhile=None):
        self.send(text)
        if meanwhile:
            meanwhile()
        self.qemu.wait(lambda: self.answers,
                       what=f"the debugger's {text!r} was not answered")
        answer = self.answers.pop(0)
        if answer.startswith("E"):
            raise RuntimeError(f"gdb stub: {text}: {answer}")
        return answer

    # ---- The guest, while it is stopped ------------------------------------

    def address(self, place):
        return self.symbols[place] if isinstance(place, str) else place

    def register(self, name):
        at = 16 * REGISTERS.index(name)
        return int.from_bytes(bytes.fromhex(self.ask("g")[at:at + 16]),
                              "little")

    def set_register(self, name, value):
        at, everything = 16 * REGISTERS.index(name), self.ask("g")
        value = value.to_bytes(8, "little").hex()
        self.ask(f"G{everything[:at]}{value}{everything[at + 16:]}")

    def memory(self, place, size):
        start = self.address(place)
        return b"".join(
            bytes.fromhex(self.ask(f"m{at:x},{min(PIECE, start + size - at):x}"))
            for at in range(start, start + size, PIECE))

    def set_memory(self, place, data):
        self.ask(f"M{self.address(place):x},{len(data):x}:{data.hex()}")

    def choose_cpu(self, number):
        """Whose registers are meant, until the guest stops again."""
        self.ask(f"Hg{number + 1:x}")

    # ---- Running it --------------------------------------------------------

    def break_at(self, place):
        self.breaks.add(self.address(place))
        self.ask(f"Z1,{self.address(place):x},1")

    def unbreak(self, place):
        self.breaks.remove(self.address(place))
        self.ask(f"z1,{self.address(place):x},1")

    def step(self, mode=NOTHING):
        """One instruction; where the next one is."""
        if self.mode != mode:
            self.ask(mode)
            self.mode = mode
        self.ask("s")
        return self.register("rip")

    def let_interrupt(self):
        """Have what interrupts taken, not the next instruction; where that
        leads to."""
        before = now = self.register("rip")
        while now == before:	# the APIC's housekeeping counts as a step, too
            now = self.step(INTERRUPTS)
        return now

    def run(self, meanwhile=None):
        """Until a breakpoint; where it is. Keys reach a guest only while it
        runs: meanwhile is a function that presses some."""
        here = self.register("rip")
        if here in self.breaks:
            self.unbreak(here)
            self.step()
            self.break_at(here)
        self.ask("c", meanwhile)
        return self.register("rip")

    def run_to(self, place):
        self.break_at(place)
        while self.run() != self.address(place):
            pass
        self.unbreak(place)
