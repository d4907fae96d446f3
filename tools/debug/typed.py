#!/usr/bin/env python3
"""Pass on what is typed, as long as it is text in lines.

    typed.py < WHAT-IS-TYPED > GDB

gdb looks for the end of a line for ever: what has none, as /dev/zero, would
cost it all memory. Here that is the end of the input.
"""

import os
import sys

LONGEST = 65536  # bytes of a line


def main():
    length = 0
    while True:
        data = os.read(0, 4096)
        if not data:
            return
        length = (length if b"\n" not in data else 0) + len(
            data[data.rfind(b"\n") + 1:])
        if b"\0" in data or length > LONGEST:
            sys.exit("debug: what is typed is no text in lines: the end")
        while data:
            data = data[os.write(1, data):]


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass
