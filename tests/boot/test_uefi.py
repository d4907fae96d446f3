"""The page for a PC that starts the image by UEFI (HW-34), and its volume.

That it is shown from each bus is in emulators.py.
"""

import os
import pathlib
import shutil
import struct
import subprocess
import time

import pytest

from harness import guard
from harness.emulator import HANG
from harness.machine import FIRMWARE, value
from harness.qemu import BINARY
from harness.recipe import BUILD

EF = 0xEF


def entries(image):
    return [struct.unpack_from("<B3xB3xII", image, 0x1BE + 16 * i)
            for i in range(4)]


def make(tmp_path, *flags):
    path = tmp_path / "x.img"
    subprocess.run([BUILD / "mkimage", "--kernel", BUILD / "kernel.elf", *flags,
                    "-o", path], check=True)
    return path.read_bytes()


def test_two_partitions_apart(tmp_path):
    image = make(tmp_path)
    active, uefi, *others = entries(image)
    assert active[:2] == (0x80, 0xDA)
    assert uefi[:2] == (0, EF)
    assert active[2] == uefi[2] + uefi[3]
    assert active[2] + active[3] == len(image) // 512
    assert others == [(0, 0, 0, 0)] * 2
    assert len(image) == 1 << 20


def test_left_out(tmp_path):
    image = make(tmp_path, "--no-uefi-page")
    assert entries(image)[1] == (0, 0, 0, 0)
    assert entries(image)[0][2] == 1
    assert b"BOOTX64 EFI" not in image


@pytest.mark.skipif(not shutil.which("fsck.fat"), reason="no fsck.fat here")
def test_the_volume_is_whole(tmp_path):
    image = make(tmp_path)
    _, _, start, count = entries(image)[1]
    volume = tmp_path / "volume.img"
    volume.write_bytes(image[512 * start:512 * (start + count)])
    done = subprocess.run(["fsck.fat", "-n", "-v", volume], text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "3 files" in done.stdout


@pytest.mark.skipif(not shutil.which("mcopy"), reason="no mtools here")
def test_the_file_comes_out(tmp_path):
    image = make(tmp_path)
    volume = tmp_path / "volume.img"
    volume.write_bytes(image[512 * entries(image)[1][2]:])
    subprocess.run(["mcopy", "-i", volume, "::/EFI/BOOT/BOOTX64.EFI",
                    tmp_path / "out.efi"], check=True)
    assert (tmp_path / "out.efi").read_bytes() == \
        (BUILD / "uefi.efi").read_bytes()


@pytest.mark.skipif(not pathlib.Path(FIRMWARE["ovmf"]).exists(),
                    reason="no OVMF here")
def test_a_key_goes_back(tmp_path):
    """To the firmware, which shows its setup."""
    make(tmp_path)
    log = tmp_path / "serial.txt"
    os.mkfifo(tmp_path / "com1.in")
    with open(log, "wb") as out, \
            open(os.open(tmp_path / "com1.in", os.O_RDWR), "wb", 0) as keys, \
            guard.Process([BINARY, "-m", "256M", "-nic", "none", "-display", "none",
                         "-serial", "stdio", "-bios", FIRMWARE["ovmf"],
                         "-drive", f"format=raw,file={value(tmp_path)}/x.img"],
                        stdin=keys, stdout=out) as qemu:
        try:
            wait_for(log, b"Press a key to go back")
            keys.write(b"x")
            wait_for(log, b"Boot Maintenance Manager")
        finally:
            qemu.kill()


def wait_for(log, words):
    end = time.monotonic() + HANG
    while words not in log.read_bytes():
        assert time.monotonic() < end, log.read_bytes()[-2000:]
        time.sleep(0.2)
