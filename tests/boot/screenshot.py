"""Boot an image as a newcomer would and keep a picture of its screen.

    python3 tests/boot/screenshot.py build/firstlight.img docs/img/boot.png \\
        [WORDS]

It is taken as soon as the screen shows WORDS, a regular expression. Time is
counted in instructions, so the same image gives the same picture.
"""

import sys
import tempfile

from harness.machine import Machine, qemu_argv
from harness.qemu import Qemu

READY = r"^firstlight: ready"


def main():
    image, picture, *words = sys.argv[1:]
    machine = Machine(plain=True, extra=(
        "-snapshot", "-icount", "shift=0,sleep=off"))
    with tempfile.TemporaryDirectory() as directory:
        with Qemu(qemu_argv(machine, image), directory) as qemu:
            qemu.wait_screen(*(words or [READY])).save_png(picture)


if __name__ == "__main__":
    main()
