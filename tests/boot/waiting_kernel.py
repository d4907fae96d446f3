"""A kernel that waits where a test wants it to, for as long as it takes."""

import re
import struct
import subprocess

from harness import recipe

SCRATCH = 0x3FF  # COM1's register that keeps what is written
GO = 0x47
# 1: mov edx, SCRATCH;  in al, dx;  cmp al, GO;  jne 1b;  ret
WAIT_FOR_GO = struct.pack("<BI", 0xBA, SCRATCH) + bytes(
    [0xEC, 0x3C, GO, 0x75, -10 & 0xFF, 0xC3])


def waiting_kernel(directory, function):
    """The kernel, waiting in a function until its COM1's scratch register is
    GO; then the function returns."""
    names = subprocess.run(["nm", recipe.BUILD / "kernel.elf"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    address = int(re.search(rf"^(\w+) [Tt] {function}$", names,
                            re.MULTILINE)[1], 16)
    elf = bytearray((recipe.BUILD / "kernel.elf").read_bytes())
    start, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    for at in range(start, start + size * count, size):
        offset, virtual, _, length = struct.unpack_from("<4Q", elf, at + 8)
        if virtual <= address < virtual + length:
            where = offset + address - virtual
            elf[where:where + len(WAIT_FOR_GO)] = WAIT_FOR_GO
    path = directory / "waits.elf"
    path.write_bytes(elf)
    return path
