"""What gdb learns of booting: every command has its help.

    gdb -x tools/debug/firstlight.py my.elf -ex "target remote :1234"

debug.sh does that with a machine of its own. Needs gdb with Python; without
our files beside it, too.
"""

import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# A machine behind relay.py may take seconds on a busy host.
for setting in ("confirm off", "pagination off", "print pretty on",
                "disassembly-flavor intel", "remotetimeout 60"):
    gdb.execute(f"set {setting}")

# pylint: disable=unused-import,wrong-import-position
import boot  # noqa: E402
import listing  # noqa: E402
import past  # noqa: E402
import session  # noqa: E402
import tables  # noqa: E402
