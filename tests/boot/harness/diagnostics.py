"""A person who pages through the diagnostics and reads every page."""

import dataclasses
import re
import subprocess
import time

from .recipe import BUILD
from .words import defines

BAR = r"^\[any key: .*\]$"
LAST = "for a bug report"
RAW_MAX = defines("bootinfo.h")["MEM_RAW_MAX"]
REPEAT = 0.1  # seconds after which a keyboard sends a held key again
TEXT_ROWS = slice(2, 23)  # of the screen, between title and bar


@dataclasses.dataclass(frozen=True)
class Visit:
    """A Row's visit: finds what is wrong with the pages.

    says    patterns for the pages, each a line of one
    keys    "serial" or "keyboard": where keys are pressed
    asks    how they are asked for: "" is the word on the command line,
            "shift" a Shift key that is held down
    hears   "serial" or "debugcon": where the pages are read; where there is
            no serial line, always the latter
    serial  is COM1 told of, if the machine has one?
    looks   are the pages on the screen, if the machine has one?
    """
    says: tuple
    keys: str = "serial"
    asks: str = ""
    hears: str = "serial"
    serial: bool = True
    looks: bool = True

    def stated(self):
        """What must come of it, in words."""
        return [f"on a page: {pattern}" for pattern in self.says]

    def __call__(self, emulator, row):
        pages = Pages(emulator, row.machine, self)
        self.ask(emulator, pages)
        pages.through()
        text = pages.text()
        return ([f"no page said {pattern!r}" for pattern in self.says
                 if not re.search(pattern, text, re.MULTILINE)] +
                pages.differences() +
                code_differences(text, row.machine, self.serial))

    def ask(self, emulator, pages):
        held = None

        def asked():
            nonlocal held
            now = time.monotonic()
            if held is None or now - held >= REPEAT:
                held = now
                emulator.hold(self.asks)
            return pages.bars()

        if self.asks:
            emulator.wait(asked, poll=REPEAT,
                          what=f"holding {self.asks} did nothing")


class Pages:
    """serial, screens: the lines of each page, here and there."""

    def __init__(self, emulator, machine, visit):
        self.emulator, self.keys = emulator, visit.keys
        self.looks = visit.looks and machine.has_screen()
        self.channel = (emulator.serial
                        if machine.serial and visit.hears == "serial"
                        else emulator.debugcon)
        self.serial, self.screens = [], []

    def bars(self):
        return re.findall(BAR, self.channel.text, re.MULTILINE)

    def press(self, key):
        if self.keys == "serial":
            self.emulator.serial.send(key.encode())
        else:
            self.emulator.send_key("spc" if key == " " else key)

    def wait_page(self, number):
        """Until page NUMBER, from 1, is complete; is it the last?"""
        self.emulator.wait(lambda: len(self.bars()) >= number,
                           what=f"page {number} did not come")
        text = self.channel.text
        first = text.index(f"--- Firstlight diagnostics {number}: ")
        title, *lines = text[first:].split("\n")
        end = next(i for i, line in enumerate(lines) if re.match(BAR, line))
        self.serial.append([line.rstrip() for line in lines[:end]])
        if self.looks:
            bar = self.bars()[number - 1].strip("[]")
            screen = self.emulator.wait_screen(
                f"^ Firstlight diagnostics {number}: [^|]*{bar}")
            self.screens.append(
                [line[1:] for line in screen.text.split("\n")[TEXT_ROWS]])
        return LAST in title

    def through(self):
        """Read each page and press a key behind it, the last one too."""
        number = 1
        while not self.wait_page(number):
            self.press(" ")
            number += 1
        self.press(" ")

    def text(self):
        return "\n".join("\n".join(lines) for lines in self.serial)

    def differences(self):
        """The screen must say what the serial line says, row by row."""
        height = TEXT_ROWS.stop - TEXT_ROWS.start
        return [f"page {number} on the screen: {shown}"
                for number, (said, shown) in enumerate(
                    zip(self.serial, self.screens), 1)
                if [line.rstrip() for line in shown] !=
                said + [""] * (height - len(said))]


def decode(text):
    """{field: value} of the line for bug reports that stands in the text."""
    done = subprocess.run([BUILD / "diag-decode"], input=text, text=True,
                          capture_output=True, check=False)
    return {line.split()[0]: line.split()[1].rstrip("h")
            for line in done.stdout.splitlines() if line[0] != " "}


def code_differences(text, machine, serial):
    """The line at the end must say what the pages said."""
    code = decode(text)
    if not code:
        return ["no line for bug reports"]
    told = [f"Drive          {int(code['drive'], 16):02X}h",
            f"{code['low_k']} KiB, to "]
    if int(code["cpuid"]):
        told.append(f"Signature      {int(code['signature'], 16):08X}: ")
    if int(code["listed"]) > RAW_MAX:
        told.append(f"more than {RAW_MAX} entries")
    elif int(code["map_source"]) == 1:
        told.append(f"E820h  {code['listed']} entries")
    ports = {"serial": machine.serial and serial,
             "debugcon": machine.debugcon}
    return ([f"the line for bug reports knows of {words!r}, no page does"
             for words in told if words not in text] +
            [f"the line for bug reports is wrong about {port}"
             for port, there in ports.items() if int(code[port]) != there])
