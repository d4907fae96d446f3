"""The README's kernel, compiled and booted as the README says, and its
pictures, taken as they were."""

import os
import re
import struct
import subprocess

from harness.machine import Machine, qemu_argv
from harness.qemu import Qemu
from harness.recipe import BUILD
from harness.words import ROOT


def block(language):
    """The README's only code block in this language."""
    text = (ROOT / "README.md").read_text()
    found = re.findall(rf"^```{language}\n(.*?)^```$", text,
                       re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_readme_kernel(tmp_path):
    (tmp_path / "hello.c").write_text(block("c"))
    (tmp_path / "build").symlink_to(BUILD)
    *commands, qemu = block("sh").splitlines()
    for command in commands:
        subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    assert qemu == "qemu-system-x86_64 -drive format=raw,file=hello.img"
    machine = Machine(plain=True)
    with Qemu(qemu_argv(machine, tmp_path / "hello.img"), tmp_path) as guest:
        guest.wait_screen("^Hello from my own kernel")


def png_size(path):
    """Columns and rows of dots."""
    return struct.unpack(">8x8xII", path.read_bytes()[:24])


def test_pictures(tmp_path):
    """`make screenshot` takes all of them, of the same size as those shown."""
    shown = re.findall(r"^!\[.*\]\((docs/img/.*)\)$",
                       (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(
        f"docs/img/{path.name}" for path in (ROOT / "docs/img").iterdir())
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("MAKE")}
    # -o: built already, by flags that may be others, and in use
    subprocess.run(["make", "-s", f"BUILD={BUILD}", f"PICTURES={tmp_path}",
                    "-o", BUILD / "mkimage", "-o", BUILD / "kernel.elf",
                    "screenshot"], cwd=ROOT, env=environment, check=True)
    for picture in shown:
        taken = tmp_path / (ROOT / picture).name
        assert png_size(taken) == png_size(ROOT / picture), picture
