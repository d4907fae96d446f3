"""make iso, floppy, vdi, vmdk, vhd: the same bytes, and each boots."""

import os
import pathlib
import shutil
import subprocess

import pytest

from harness import guard
from harness.emulator import HANG
from harness.machine import value

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
SUCCESS = 33
MEDIA = {
    "iso": ("firstlight.iso", "xorriso", "drive 80h",
            ["-drive", "media=cdrom,file={}"]),
    "floppy": ("floppy.img", "truncate", "drive 00h by CHS",
               ["-drive", "if=floppy,format=raw,file={}"]),
    "vdi": ("firstlight.vdi", "qemu-img", "drive 80h",
            ["-drive", "format=vdi,file={}"]),
    "vmdk": ("firstlight.vmdk", "qemu-img", "drive 80h",
             ["-drive", "format=vmdk,file={}"]),
    "vhd": ("firstlight.vhd", "qemu-img", "drive 80h",
            ["-drive", "format=vpc,file={}"]),
}


@pytest.fixture(scope="module", name="build")
def fixture_build(tmp_path_factory):
    """A build directory of its own, whose image ends QEMU when ready."""
    build = tmp_path_factory.mktemp("media")
    for piece in ("mkimage", "kernel.elf"):
        shutil.copy(BUILD / piece, build)
    subprocess.run([build / "mkimage", "--kernel", build / "kernel.elf",
                    "--cmdline", "exit", "-o", build / "firstlight.img"],
                   check=True)
    return build


def make(build, target):
    # -o: the image is what the fixture made
    return subprocess.run(
        ["make", "-s", f"BUILD={build}", "-o", f"{build}/firstlight.img",
         target], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)


@pytest.mark.parametrize("medium", MEDIA)
def test_boots(build, medium):
    name, tool, drive, options = MEDIA[medium]
    if not shutil.which(tool):
        pytest.skip(f"no {tool}")
    made = make(build, medium)
    assert made.returncode == 0, made.stdout
    path = build / name
    ended = guard.run(
        ["qemu-system-x86_64", "-display", "none", "-monitor", "none",
         "-serial", "stdio", "-no-reboot", "-nic", "none", "-device",
         "isa-debug-exit,iobase=0xf4,iosize=4",
         *[option.format(value(path)) for option in options]],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=HANG)
    text = ended.stdout.decode("latin-1")
    assert ended.returncode == SUCCESS, text
    assert drive in text
    assert "firstlight: ready" in text


@pytest.mark.parametrize("medium", ["vdi", "vmdk", "vhd"])
def test_holds_the_same_bytes(build, medium):
    if not shutil.which("qemu-img"):
        pytest.skip("no qemu-img")
    made = make(build, medium)
    assert made.returncode == 0, made.stdout
    compared = subprocess.run(
        ["qemu-img", "compare", "-f", "raw", "-F",
         "vpc" if medium == "vhd" else medium,
         build / "firstlight.img", build / MEDIA[medium][0]],
        stdout=subprocess.PIPE, text=True, check=False)
    assert compared.returncode == 0, compared.stdout


def test_floppy_starts_with_the_same_bytes(build):
    assert make(build, "floppy").returncode == 0
    image = (build / "firstlight.img").read_bytes()
    floppy = (build / "floppy.img").read_bytes()
    assert len(floppy) == 1440 * 1024
    assert floppy == image + bytes(len(floppy) - len(image))


def test_says_when_the_image_is_larger_than_a_floppy(build, tmp_path):
    (tmp_path / "firstlight.img").write_bytes(bytes(2 << 20))
    made = make(tmp_path, "floppy")
    assert made.returncode != 0
    assert "is larger than a floppy disk" in made.stdout
    assert not (tmp_path / "floppy.img").exists()
