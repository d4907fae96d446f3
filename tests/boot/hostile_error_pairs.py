"""Every quirk of a hostile BIOS beside what can't boot: the words must come."""

from harness.words import boot_error, message
from hostile import SCREEN, combine, fails
from hostile_errors import LETTERS, WORDS
from hostile_maps import MAPS
from hostile_pairs import FACTORS, special

# What reading decides: quirks of these would decide it first.
READING = ("DL", "disk", "reads")
# error -> the factors that it is itself about
BEFORE_READING = {
    "A20: all broken, keyboard controller hangs": ("A20",),
    "A20: all broken, no port 92h": ("A20",),
    "map: nobody tells": ("map",),
    "map: kernel's range reserved": ("map",),
    "INT 12h says 64 KiB": (),
    "EBDA lies low": (),
}
WHILE_READING = ("the disk dies", "the disk dies, CHS", "short transfers")
IN_BOOT_SECTOR = ("no EDD, no geometry", "nothing can be read",
                  "a medium of 4,096-byte sectors",
                  "DL=00, no floppy, and nothing can be read",
                  "DL=81, another disk, and ours is dead")
# A dead INT 10h draws nothing; of 40 columns harness/screen.py knows nothing.
UNREAD = ("13h", "dead")


def rows(error, words, switches, e820, excluded):
    """Each value of each factor that is not excluded beside an error."""
    factors = {name: values for name, values in FACTORS.items()
               if name not in excluded}
    for turn in range(1, 1 + max(map(len, factors.values()))):
        choice = {name: list(values)[turn % len(values)]
                  for name, values in factors.items()}
        quirks = combine(*(factors[name][value]
                           for name, value in choice.items()))
        told = MAPS.get(quirks.pop("map", None), ())
        draws = () if choice["video"] in UNREAD else (words,)
        yield fails(f"{error}; {', '.join(special(choice))}",
                    combine(quirks, switches), says=(words,), draws=draws,
                    e820=e820 or told, machine=SCREEN, full=True)


def table():
    for error, excluded in [*BEFORE_READING.items(),
                            *[(error, READING) for error in WHILE_READING]]:
        code, numbers, switches, e820 = WORDS[error]
        yield from rows(error, message(code, *numbers), switches, e820,
                        excluded)
    for error in IN_BOOT_SECTOR:
        code, _, switches = LETTERS[error]
        yield from rows(error, boot_error(code), switches, (), READING)


TABLE = list(table())
