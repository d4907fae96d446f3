"""The README's kernel, compiled, booted and debugged as the README says, and its
pictures: what they show is what the kernel prints."""

import os
import re
import subprocess

import pytest

from harness import guard
from harness.machine import Machine, qemu_argv
from harness.qemu import Qemu
from harness.recipe import BUILD
from harness.screen import Screen
from harness.words import ROOT

README = (ROOT / "README.md").read_text()
# Of screens. Those of the page (docs/page.md) are tested with it.
PICTURES = [name for name in re.findall(r"^!\[.*\]\((docs/img/.*)\)$", README,
                                        re.MULTILINE)
            if name not in ("docs/img/page.png", "docs/img/debug.svg")]


def block(language):
    """The README's only code block in this language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", README,
                       re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module", name="hello")
def fixture_hello(tmp_path_factory):
    """A directory with hello.elf and hello.img."""
    directory = tmp_path_factory.mktemp("hello")
    (directory / "hello.c").write_text(block("c"))
    (directory / "build").symlink_to(BUILD)
    *commands, qemu = block("sh").splitlines()
    for command in commands:
        subprocess.run(command, shell=True, check=True, cwd=directory)
    assert qemu == "qemu-system-x86_64 -drive format=raw,file=hello.img"
    return directory


def test_readme_kernel(hello, tmp_path):
    machine = Machine(plain=True)
    with Qemu(qemu_argv(machine, hello / "hello.img"), tmp_path) as guest:
        guest.wait_screen("^Hello from my own kernel")


def test_readme_gdb(hello):
    """As it is said there, with a word for gdb."""
    line, = re.findall(r"^    AT=(\w+) (sh tools/debug/debug.sh) (hello.img)$",
                       README, re.MULTILINE)
    place, command, image = line
    said = guard.run([*command.split(), hello / image, "-batch", "-ex", "si"],
                     cwd=ROOT, env={**os.environ, "AT": place, "DISPLAY": ""},
                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                     text=True).stdout
    assert re.search(r"^Temporary breakpoint \d+, 0x0*200000 in _start", said,
                     re.MULTILINE), said
    assert "in _start ()" in said.rsplit("Stops to come", 1)[1]


# ---- Pictures ---------------------------------------------------------------

PLACE = r"(\w+)\(\)(?:\+\w+)? at (\S+):(\d+)"


@pytest.fixture(scope="module", name="taken")
def fixture_taken(tmp_path_factory):
    """Where `make screenshot` has left all pictures."""
    directory = tmp_path_factory.mktemp("pictures")
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("MAKE")}
    # -o: built already, by flags that may be others, and in use
    subprocess.run(["make", "-s", f"BUILD={BUILD}", f"PICTURES={directory}",
                    f"screenshot_image={directory}/screenshot.img",
                    "-o", BUILD / "mkimage", "-o", BUILD / "kernel.elf",
                    "-o", "sanitized-kernel", "-o", "debug-picture",
                    "screenshot"], cwd=ROOT, env=environment, check=True)
    return directory


def words(screen):
    """The lines of a screen, with N for what differs from build to build, or
    from compiler to compiler: numbers, places, bars, and who called whom."""
    lines = re.sub(PLACE, "PLACE", screen.text).split("\n")
    return [" ".join(re.sub(r"\b(0x)?[0-9a-f]{2,}\b|\d+|#+$", "N", line).split())
            for line in lines if not re.match(r" #\d+ ", line)]


def colours(screen, other):
    """Of each cell that shows the same on both. In a blank there may be the
    cursor, or not."""
    return [(cell.char != " " and cell.foreground, cell.background)
            for mine, theirs in zip(screen.cells, other.cells)
            for cell, also in zip(mine, theirs) if cell.char == also.char]


def places_of(function, kernel):
    """FILE:LINE of all its instructions, inlined ones included."""
    symbols = subprocess.run(["nm", "-S", kernel], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    start, size = re.search(rf"^(\w+) (\w+) [tT] {function}$", symbols,
                            re.MULTILINE).groups()
    addresses = (f"{int(start, 16) + at:x}" for at in range(int(size, 16)))
    found = subprocess.run([BUILD / "symtab", "--find", kernel, *addresses],
                           check=True, text=True, stdout=subprocess.PIPE).stdout
    return {line.split()[-1] for line in found.splitlines()}


def test_all_pictures_are_shown():
    documents = "".join(path.read_text() for path in [
        ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert not [path.name for path in (ROOT / "docs/img").iterdir()
                if f"img/{path.name})" not in documents]


@pytest.mark.parametrize("picture", PICTURES)
def test_picture(picture, taken):
    """It shows what a new one shows: words, colours, size."""
    shown = Screen.from_png(ROOT / picture)
    new = Screen.from_png(taken / (ROOT / picture).name)
    assert words(shown) == words(new), f"{picture} is old: make screenshot"
    assert colours(shown, new) == colours(new, shown)
    assert shown.size == new.size


@pytest.mark.parametrize("picture", PICTURES)
def test_places_in_picture(picture):
    """Each line is one of the function that is named before it."""
    kernel = BUILD / "kernel.elf"
    if picture == "docs/img/use-after-free.png" and BUILD.name != "sanitize":
        kernel = BUILD / "sanitize/kernel.elf"
    # What is too long goes on behind the margin of the next row.
    text = re.sub(r"^(.{79})\n ", r"\1", Screen.from_png(ROOT / picture).text,
                  flags=re.MULTILINE)
    for function, file, line in re.findall(PLACE, text):
        assert f"{file}:{line}" in places_of(function, kernel), \
            f"{picture}: {file}:{line} is not in {function}(): make screenshot"
