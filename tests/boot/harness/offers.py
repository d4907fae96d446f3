"""What this QEMU offers: no build has every device, board and CPU there is, and
distributions keep some devices in packages of their own."""

import functools
import re
import subprocess

# option -> what its "help" lists, name by name
LISTED = {"-device": r'\b(?:name|alias) "([^"]+)"', "-machine": r"^(\S+)",
          "-cpu": r"^(?:x86)? +(\S+)", "-vga": r"^(\S+)"}
# the same for a board's own options: -machine pc,help
PROPERTY = r"^ +([\w-]+)=<"


@functools.lru_cache(None)
def listed(qemu, option, board=""):
    """The names that "help" lists; none if QEMU lists nothing."""
    wanted = f"{board},help" if board else "help"
    told = subprocess.run([qemu, option, wanted], capture_output=True,
                          text=True, check=False).stdout
    return frozenset(re.findall(PROPERTY if board else LISTED[option], told,
                                re.MULTILINE))


def lacks(names, wanted):
    """If QEMU has listed nothing, its own words will tell."""
    return bool(names) and wanted not in names


def missing(argv):
    """What the command line asks for and its QEMU has not, in words."""
    qemu, found = argv[0], []
    for option, value in zip(argv, argv[1:]):
        if option not in LISTED:
            continue
        name, *settings = value.split(",")
        if lacks(listed(qemu, option), name):
            found.append(f"QEMU's {option} {name}")
        elif option == "-machine":
            found += [f"QEMU's {option} {name},{setting}"
                      for setting in settings
                      if lacks(listed(qemu, option, name),
                               setting.split("=")[0])]
    return found
