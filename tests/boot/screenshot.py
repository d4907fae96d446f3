"""Boot an image as a newcomer would and keep a picture of its screen.

    python3 tests/boot/screenshot.py build/firstlight.img docs/img/boot.png \\
        [WORDS [LINE...]]

It is taken as soon as the screen shows WORDS, a regular expression; each LINE
is typed then, and the next one when the prompt is back. Time is counted in
instructions, so the times shown do not depend on the host, but for those of the
disk.
"""

import re
import sys

from harness.guard import folder
from harness.machine import Machine, qemu_argv
from harness.qemu import Qemu

PROMPT = r"^>\Z"


def main():
    image, picture, *more = sys.argv[1:]
    words, *lines = more or [PROMPT]
    machine = Machine(plain=True, extra=(
        "-snapshot", "-icount", "shift=0,sleep=off"))
    with folder() as directory:
        with Qemu(qemu_argv(machine, image), directory) as qemu:
            screen = qemu.wait_screen(words)
            for line in lines:
                qemu.type(line + "\n")
                qemu.wait_screen(f"^> {re.escape(line)}$")
                screen = qemu.wait_screen(PROMPT)
            screen.save_png(picture)


if __name__ == "__main__":
    main()
