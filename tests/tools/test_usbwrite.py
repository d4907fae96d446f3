"""usbwrite: what it refuses, what it asks, what it finds when reading back."""

import errno
import os
import pathlib
import pty
import shutil
import stat
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
MEBIBYTE = 1 << 20
STICK = "SanDisk Cruzer"


@pytest.fixture(scope="session", name="bad_disk")
def fixture_bad_disk(tmp_path_factory):
    library = tmp_path_factory.mktemp("preload") / "bad_disk.so"
    subprocess.run([os.environ.get("HOSTCC", "cc"), "-shared", "-fPIC", "-o",
                    library, HERE / "bad_disk.c", "-ldl"], check=True)
    return library


def plausible(size):
    """An image that may boot: code, and 55 AA where it belongs."""
    image = bytearray(os.urandom(size))
    image[:3] = b"\xEB\x58\x90"
    image[0x1B8:0x200] = bytes(70) + b"\x55\xAA"
    image[0x200:0x204] = bytes(4)
    return bytes(image)


class Machine:
    """A made-up machine: sysfs, /proc and disks below one directory."""

    def __init__(self, root):
        self.root = root
        self.image = root / "disk.img"
        self.image.write_bytes(plausible(3 * MEBIBYTE + 512))
        self.write("proc/swaps", "Filename Type Size Used Priority\n")
        self.mounts = ["22 1 8:2 / / rw - ext4 /dev/sda2 rw"]
        self.save_mounts()
        (root / "dev").mkdir()

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def save_mounts(self):
        self.write("proc/self/mountinfo", "\n".join(self.mounts) + "\n")

    def disk(self, name, model=STICK, number="8:16", size=16 * MEBIBYTE,
             removable=1, read_only=0, partitions=()):
        base = f"sys/devices/{name}"
        self.write(f"{base}/size", f"{size // 512}\n")
        self.write(f"{base}/removable", f"{removable}\n")
        self.write(f"{base}/ro", f"{read_only}\n")
        self.write(f"{base}/dev", f"{number}\n")
        self.write(f"{base}/device/model", f"{model:16}\n")
        (self.root / base / "holders").mkdir()
        links = self.root / "sys/class/block"
        links.mkdir(parents=True, exist_ok=True)
        (links / name).symlink_to(self.root / base)
        major, minor = number.split(":")
        for i, partition in enumerate(partitions, 1):
            self.write(f"{base}/{partition}/partition", f"{i}\n")
            self.write(f"{base}/{partition}/size", "2048\n")
            self.write(f"{base}/{partition}/dev",
                       f"{major}:{int(minor) + i}\n")
            (self.root / base / partition / "holders").mkdir()
            (links / partition).symlink_to(self.root / base / partition)
            self.node(partition)
        return self.node(name)

    def node(self, name):
        path = self.root / "dev" / name
        path.write_bytes(b"\xCC" * 4 * MEBIBYTE)
        return path

    def run(self, *arguments, answer="", preload=None, **variables):
        environment = dict(os.environ, **variables)
        if preload:
            environment["LD_PRELOAD"] = str(preload)
        result = subprocess.run(
            [BUILD / "usbwrite", "--root", self.root, *arguments],
            input=answer, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment, timeout=60,
            check=False)
        return result.returncode, result.stdout

    def refuses(self, device, *words, options=()):
        before = device.read_bytes()
        status, text = self.run(*options, self.image, device,
                                answer=STICK + "\n")
        assert status == 1, text
        assert device.read_bytes() == before
        for word in words:
            assert word in text, text


@pytest.fixture(name="machine")
def fixture_machine(tmp_path):
    return Machine(tmp_path)


def test_writes_and_compares(machine):
    stick = machine.disk("sdb")
    status, text = machine.run(machine.image, stick, answer=STICK + "\n")
    assert status == 0, text
    assert f"all {machine.image.stat().st_size} bytes compared" in text
    assert f"dd if={machine.image} of={stick} bs=1M conv=fsync" in text
    image = machine.image.read_bytes()
    assert stick.read_bytes()[:len(image)] == image
    assert stick.read_bytes()[len(image):] == \
        b"\xCC" * (4 * MEBIBYTE - len(image))


def read_all(terminal):
    """What was shown on a terminal that its programs have left."""
    shown = b""
    with open(terminal, "rb", buffering=0) as source:
        try:
            while piece := source.read(65536):
                shown += piece
        except OSError as reason:
            if reason.errno != errno.EIO:
                raise
    return shown


def test_shows_progress_on_a_terminal(machine):
    stick = machine.disk("sdb")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [BUILD / "usbwrite", "--root", machine.root, machine.image, stick],
        input=STICK + "\n", text=True, stdout=subprocess.DEVNULL,
        stderr=theirs, timeout=60, check=False)
    os.close(theirs)
    shown = read_all(ours).decode()
    assert done.returncode == 0
    size = machine.image.stat().st_size // 1024
    for what in ("written", "compared"):
        assert f"1024 of {size} KiB {what}" in shown
        assert f"{size} of {size} KiB {what}" in shown


@pytest.mark.parametrize("answer", ["", "\n", "yes\n", "sdb\n",
                                    "SanDisk\n", "SanDisk Cruzers\n"])
def test_wants_the_model_name(machine, answer):
    stick = machine.disk("sdb")
    status, text = machine.run(machine.image, stick, answer=answer)
    assert status == 1
    assert "nothing written" in text
    assert set(stick.read_bytes()) == {0xCC}


def test_lists_candidates(machine):
    machine.disk("sda", "Big Fixed Disk", "8:0", removable=0,
                 partitions=["sda1", "sda2"])
    machine.disk("sdb", size=8 << 30)
    machine.disk("sdc", "Old Stick", "8:32", partitions=["sdc1"])
    machine.disk("sdd", "Empty Reader", "8:48", size=0)
    machine.mounts.append("30 1 8:33 / /media/old rw - vfat /dev/sdc1 rw")
    machine.save_mounts()
    status, text = machine.run(machine.image)
    assert status == 0
    assert "/dev/sdb         8.0 GiB  SanDisk Cruzer\n" in text
    assert "Old Stick, is in use (/media/old)" in text
    assert "Fixed" not in text and "Empty" not in text and "sdc1" not in text
    assert "make usb DEV=" in text


def test_says_when_there_is_no_candidate(machine):
    machine.disk("sda", number="8:0", removable=0)
    assert "none; plug one in" in machine.run(machine.image)[1]


def test_refuses_fixed_disks_unless_told(machine):
    disk = machine.disk("sdb", removable=0)
    machine.refuses(disk, "is not removable", "--force-fixed")
    assert machine.run("--force-fixed", machine.image, disk,
                       answer=STICK + "\n")[0] == 0


def test_takes_sd_cards(machine):
    disk = machine.disk("mmcblk0", number="179:0", removable=0)
    machine.write("sys/devices/mmcblk0/device/type", "SD\n")
    assert machine.run(machine.image, disk, answer=STICK + "\n")[0] == 0


def test_refuses_large_disks_unless_told(machine):
    disk = machine.disk("sdb", size=1 << 40)
    machine.refuses(disk, "has 1024 GiB", "--max-gib 1025")
    assert machine.run("--max-gib", "1025", machine.image, disk,
                       answer=STICK + "\n")[0] == 0


def test_refuses_small_disks(machine):
    machine.refuses(machine.disk("sdb", size=MEBIBYTE), "is too small")


def test_refuses_read_only_disks(machine):
    machine.refuses(machine.disk("sdb", read_only=1), "is read-only")


def test_refuses_partitions(machine):
    machine.disk("sdb", partitions=["sdb1"])
    machine.refuses(machine.root / "dev/sdb1", "is a partition",
                    "/dev/sdb")


ALWAYS = ("--force-fixed", "--max-gib", "9999", "--file")


@pytest.mark.parametrize("line, where", [
    ("30 1 8:17 / /mnt rw - ext4 /dev/sdb1 rw", "/mnt"),
    ("30 1 8:16 / /mnt rw - ext4 /dev/sdb rw", "/mnt"),
    ("30 1 0:33 / / rw - btrfs /dev/sdb1 rw", "/"),
])
def test_refuses_mounted_disks_always(machine, line, where):
    disk = machine.disk("sdb", partitions=["sdb1"])
    machine.mounts.append(line)
    machine.save_mounts()
    machine.refuses(disk, f"is in use ({where})", options=ALWAYS)


def test_refuses_swap(machine):
    disk = machine.disk("sdb", partitions=["sdb1"])
    machine.write("proc/swaps", "Filename Type\n/dev/sdb1 partition 1 0 -2\n")
    machine.refuses(disk, "is in use (swap)", options=ALWAYS)


def test_refuses_what_others_hold(machine):
    disk = machine.disk("sdb", partitions=["sdb1"])
    (machine.root / "sys/devices/sdb/sdb1/holders/dm-0").mkdir()
    machine.refuses(disk, "is in use (part of dm-0)", options=ALWAYS)


def test_refuses_when_it_cannot_know(machine):
    disk = machine.disk("sdb")
    (machine.root / "proc/self/mountinfo").unlink()
    machine.refuses(disk, "there is no mountinfo", options=ALWAYS)


def test_refuses_unknown_disks(machine):
    machine.disk("sdb")
    machine.refuses(machine.node("sdx"), "is unknown to /sys")


def test_says_where_to_look_for_disks(machine):
    status, text = machine.run(machine.image, machine.root / "dev/sdx")
    assert status == 1
    assert "is not there: make usb lists what is" in text


def test_refuses_plain_files_unless_told(machine, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"")
    machine.refuses(file, "is a plain file", "--file")
    status, text = machine.run("--file", machine.image, file)
    assert status == 0, text
    assert file.read_bytes() == machine.image.read_bytes()


@pytest.mark.parametrize("device", ["/dev/null", "/dev"])
def test_refuses_other_things(machine, device):
    status, text = machine.run(*ALWAYS, machine.image, device)
    assert status == 1
    assert "is neither a disk nor a file" in text


def test_follows_links_to_what_they_mean(machine):
    machine.disk("sdb", removable=0)
    link = machine.root / "stick"
    link.symlink_to(machine.root / "dev/sdb")
    machine.refuses(link, "is not removable")


@pytest.mark.parametrize("at", [0, 511, MEBIBYTE, 3 * MEBIBYTE + 511])
def test_finds_a_flipped_bit(machine, bad_disk, at):
    stick = machine.disk("sdb")
    status, text = machine.run(
        machine.image, stick, answer=STICK + "\n", preload=bad_disk,
        BAD_PATH=str(stick), BAD_FLIP=str(at))
    assert status == 1
    assert f"differs from the image at byte {at} (LBA {at // 512})" in text


def test_verify_only_compares(machine):
    stick = machine.disk("sdb")
    assert machine.run(machine.image, stick, answer=STICK + "\n")[0] == 0
    assert machine.run("--verify", machine.image, stick)[0] == 0
    content = bytearray(stick.read_bytes())
    content[70000] ^= 0x80
    stick.write_bytes(content)
    status, text = machine.run("--verify", machine.image, stick)
    assert status == 1
    assert "differs from the image at byte 70000" in text
    assert stick.read_bytes() == content


def test_says_when_the_disk_is_full(machine, bad_disk):
    stick = machine.disk("sdb")
    status, text = machine.run(
        machine.image, stick, answer=STICK + "\n", preload=bad_disk,
        BAD_PATH=str(stick), BAD_FULL=str(MEBIBYTE + 100))
    assert status == 1
    assert f"writing {stick} at byte {MEBIBYTE}" in text
    assert "it is full, or smaller than it says" in text


def test_says_when_the_image_is_missing(machine):
    status, text = machine.run(machine.root / "nothing.img")
    assert status == 1
    assert "make builds it" in text


@pytest.mark.parametrize("arguments", [
    (), ("a", "b", "c"), ("--nonsense", "a"), ("--max-gib", "x", "a"),
    ("--max-gib", "99999999999999999999", "a")])
def test_wrong_usage(machine, arguments):
    status, text = machine.run(*arguments)
    assert status == 2
    assert "usage: usbwrite" in text


def test_help(machine):
    assert machine.run("--help")[0] == 0


def goes_around_the_cache(path):
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_DIRECT))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("at", [0, 3 * MEBIBYTE - 1, 3 * MEBIBYTE + 511])
def test_reads_the_medium_and_not_the_cache(machine, bad_disk, at):
    """Up to the last byte, which fills no block."""
    stick = machine.disk("sdb")
    if not goes_around_the_cache(stick):
        pytest.skip("no O_DIRECT on this file system")
    status, text = machine.run(
        machine.image, stick, answer=STICK + "\n", preload=bad_disk,
        BAD_PATH=str(stick), BAD_MEDIUM=str(at))
    assert status == 1, text
    assert f"differs from the image at byte {at} " in text


# -- what is written: recognised first ---------------------------------------

def own():
    return bytearray((BUILD / "firstlight.img").read_bytes())


def number(image, offset):
    return int.from_bytes(image[offset:offset + 4], "little")


def flipped(at):
    image = own()
    image[at] ^= 1
    return image


def table(entry_type, start, count, size=MEBIBYTE):
    """A disk with one partition."""
    image = bytearray(plausible(size))
    image[0x1BE:0x1CE] = b"\x80\0\x02\0" + bytes([entry_type, 0, 1, 0]) + \
        start.to_bytes(4, "little") + count.to_bytes(4, "little")
    return image


def gpt(last, size=MEBIBYTE):
    image = table(0xEE, 1, 0xFFFFFFFF, size)
    image[512:520] = b"EFI PART"
    image[544:552] = last.to_bytes(8, "little")
    return image


def iso(blocks, size=MEBIBYTE):
    image = bytearray(plausible(size))
    image[0x8000:0x8006] = b"\x01CD001"
    image[0x8050:0x8054] = blocks.to_bytes(4, "little")
    return image


def fat(sectors_16, sectors_32, size=MEBIBYTE):
    image = bytearray(plausible(size))
    image[0x0B:0x0E] = b"\0\x02\x01"
    image[0x10] = 2
    image[0x13:0x15] = sectors_16.to_bytes(2, "little")
    image[0x15] = 0xF8
    image[0x20:0x24] = sectors_32.to_bytes(4, "little")
    return image


def made_of(command):
    """What a command makes of firstlight.img."""
    def make(directory):
        tool = command.split()[0]
        if not shutil.which(tool):
            pytest.skip(f"no {tool}")
        (directory / "in").write_bytes(own())
        subprocess.run(command, shell=True, check=True, cwd=directory)
        return (directory / "out").read_bytes()
    return make


# What, as bytes or a function of a directory, and the words about it.
DOUBTFUL = {
    "ELF": (lambda _: (BUILD / "kernel.elf").read_bytes(),
            "is an ELF file, no BIOS could start it: make an image with "
            "'mkimage --kernel FILE -o disk.img'"),
    "qcow2": (made_of("qemu-img convert -O qcow2 in out"),
              "is a qcow2 disk image, as QEMU has it, no BIOS could start "
              "it: convert it with 'qemu-img convert -O raw FILE disk.img'"),
    "gzip": (made_of("gzip -c in > out"),
             "is a file compressed by gzip, no BIOS could start it: unpack "
             "it with 'gunzip FILE'"),
    "zeros": (lambda _: bytes(MEBIBYTE), "is nothing but zeros, no BIOS"),
    "text": (lambda _: b"a text\n" * 100, "is a text, no BIOS"),
    "CD": (lambda _: iso(100)[:510] + bytes(2) + iso(100)[512:],
           "is an ISO 9660 image for a CD, not for a stick, no BIOS"),
    "no boot sector": (lambda _: plausible(MEBIBYTE)[512:],
                       "is data without a boot sector (LBA 0 does not end "
                       "with 55 AA), no BIOS"),
    "no boot code": (lambda _: bytes(440) + plausible(MEBIBYTE)[440:],
                     "is a disk without boot code in LBA 0"),
    "cut image": (lambda _: own()[:-512],
                  "is a damaged Firstlight image: the image should have "),
    "image cut in the kernel": (lambda _: own()[:65536],
                                "the image should have "),
    "image without 55 AA": (lambda _: flipped(0x1FE),
                            "LBA 0 does not end with 55 AA"),
    "image with a wrong header": (lambda _: flipped(0x300),
                                  "the header's CRC is "),
    "image with a wrong stage 2": (lambda _: flipped(0x410),
                                   "header and stage 2 sum to "),
    "image with wrong diagnostics": (
        lambda _: flipped(1024 + 512 * own()[512 + 28] + 100),
        "the diagnostics sum to "),
    "image with a wrong kernel": (
        lambda _: flipped(512 * number(own(), 512 + 36)),
        "the CRC of blob 0 is "),
    "cut partition": (lambda _: table(0x83, 1, 2048),
                      "is cut short, its partition 1 ends at byte 1049088, "
                      "the file at 1048576: copy it again"),
    "cut GPT": (lambda _: gpt(2048), "its GPT says that LBA 2048 is the last"),
    "cut CD": (lambda _: iso(513), "its CD ends at byte 1050624, "),
    "cut FAT": (lambda _: fat(2049, 0), "its file system ends at byte 1049088"),
    "cut FAT32": (lambda _: fat(0, 2049), "its file system ends at byte"),
}
FINE = {
    "ours": own, "partition": lambda: table(0x83, 1, 2047),
    "GPT": lambda: gpt(2047), "hybrid CD": lambda: iso(512),
    "FAT": lambda: fat(2048, 0), "FAT32": lambda: fat(0, 2048),
    "boot sector": lambda: plausible(512),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_asks_before_it_writes_what_cannot_boot(machine, tmp_path, name):
    make, words = DOUBTFUL[name]
    machine.image.write_bytes(make(tmp_path))
    stick = machine.disk("sdb")
    for answer in "", "no\n", f"{STICK}\n{STICK}\n", "YES\n":
        status, text = machine.run(machine.image, stick, answer=answer)
        assert status == 1
        assert f"warning: {machine.image} is " in text and words in text, text
        assert "Write it all the same? Type yes: " in text
        assert "nothing written" in text
        assert set(stick.read_bytes()) == {0xCC}
    assert words in machine.run(machine.image)[1]
    status, text = machine.run(machine.image, stick,
                               answer=f"yes\n{STICK}\n")
    assert status == 0, text
    assert starts_with(stick, machine.image)


@pytest.mark.parametrize("name", FINE)
def test_asks_nothing_about_the_others(machine, name):
    machine.image.write_bytes(FINE[name]())
    stick = machine.disk("sdb")
    status, text = machine.run(machine.image, stick, answer=STICK + "\n")
    assert status == 0, text
    assert "warning" not in text


def test_force_answers_one_question(machine):
    machine.image.write_bytes(bytes(MEBIBYTE))
    stick = machine.disk("sdb")
    status, text = machine.run("--force", machine.image, stick)
    assert status == 1
    assert "warning: " in text and "Type yes" not in text
    assert "Type the model name" in text
    assert machine.run("--force", machine.image, stick,
                       answer=STICK + "\n")[0] == 0


def test_asks_for_files_as_well(machine, tmp_path):
    machine.image.write_bytes(bytes(MEBIBYTE))
    file = tmp_path / "file"
    file.write_bytes(b"")
    status, text = machine.run("--file", machine.image, file)
    assert status == 1
    assert "Type yes" in text and file.read_bytes() == b""
    assert machine.run("--file", machine.image, file, answer="yes\n")[0] == 0
    assert machine.run("--file", "--force", machine.image, file)[0] == 0


def test_verify_asks_nothing(machine):
    machine.image.write_bytes(bytes(MEBIBYTE))
    stick = machine.disk("sdb")
    stick.write_bytes(bytes(4 * MEBIBYTE))
    status, text = machine.run("--verify", machine.image, stick)
    assert status == 0, text
    assert "warning" not in text


def test_asks_before_it_writes_to_large_sectors(machine):
    """HW-7"""
    stick = machine.disk("sdb")
    machine.write("sys/devices/sdb/queue/logical_block_size", "4096\n")
    status, text = machine.run(machine.image, stick, answer=STICK + "\n")
    assert status == 1
    assert f"warning: {stick} has sectors of 4096 bytes, and a BIOS starts " \
        "only disks with sectors of 512: take another stick" in text
    assert set(stick.read_bytes()) == {0xCC}
    status, text = machine.run(machine.image, stick,
                               answer=f"yes\n{STICK}\n")
    assert status == 0, text
    machine.write("sys/devices/sdb/queue/logical_block_size", "512\n")
    assert machine.run(machine.image, stick, answer=STICK + "\n")[0] == 0


@pytest.mark.parametrize("content, words", [
    (b"", "is empty: name a disk image"),
    (None, "is no plain file: name a disk image")])
def test_refuses_what_is_no_file(machine, tmp_path, content, words):
    image = tmp_path / "image"
    if content is None:
        image.mkdir()
    else:
        image.write_bytes(content)
    status, text = machine.run("--force", image, machine.disk("sdb"))
    assert status == 1
    assert words in text


# -- what the name means while somebody reads the question -------------------

class Asking:
    """usbwrite up to its question; then somebody does something."""

    def __init__(self, *arguments, question=b"to go ahead: "):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            [BUILD / "usbwrite", *arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.text = b""
        while not self.text.endswith(question):
            byte = self.process.stdout.read(1)
            assert byte, self.text.decode()
            self.text += byte

    def answer(self, words):
        text, _ = self.process.communicate(words.encode() + b"\n",
                                           timeout=60)
        return self.process.returncode, (self.text + text).decode()


def starts_with(path, image):
    content = image.read_bytes()
    return path.read_bytes()[:len(content)] == content


def test_writes_what_it_asked_about(machine):
    """The stick is pulled, another plugged in, and called like it."""
    stick = machine.disk("sdb")
    asked = machine.root / "asked"
    asked.hardlink_to(stick)
    usbwrite = Asking("--root", machine.root, machine.image, stick)
    stick.unlink()
    machine.node("sdb")
    status, text = usbwrite.answer(STICK)
    assert status == 0, text
    assert starts_with(asked, machine.image)
    assert set(stick.read_bytes()) == {0xCC}


def test_writes_what_a_link_meant(machine):
    """A link to the stick means a fixed disk a moment later."""
    stick = machine.disk("sdb")
    fixed = machine.disk("sda", "Big Fixed Disk", "8:0", removable=0)
    link = machine.root / "link"
    link.symlink_to(stick)
    usbwrite = Asking("--root", machine.root, machine.image, link)
    link.unlink()
    link.symlink_to(fixed)
    status, text = usbwrite.answer(STICK)
    assert status == 0, text
    assert starts_with(stick, machine.image)
    assert set(fixed.read_bytes()) == {0xCC}


def test_reads_back_what_it_has_written(machine):
    """Not what is called so by then, even if it is the same."""
    stick = machine.disk("sdb")
    usbwrite = Asking("--root", machine.root, machine.image, stick)
    stick.unlink()
    status, text = usbwrite.answer(STICK)
    assert status == 0, text
    assert "bytes compared" in text


# -- real block devices ------------------------------------------------------

@pytest.fixture(name="loop")
def fixture_loop(tmp_path):
    """A function that makes a loop device, and returns it and its file."""
    if os.geteuid() != 0 or not shutil.which("losetup"):
        pytest.skip("loop devices need root")
    loops = []

    def make(*options, size=2 * MEBIBYTE):
        disk = tmp_path / f"disk{len(loops)}"
        disk.write_bytes(bytes(size))
        found = subprocess.run(
            ["losetup", "--find", "--show", *options, disk], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        if found.returncode:
            pytest.skip("no loop devices here")
        loops.append(found.stdout.strip())
        return loops[-1], disk

    yield make
    for loop in loops:
        subprocess.run(["losetup", "--detach", loop], check=True)


@pytest.fixture(name="image")
def fixture_image(tmp_path):
    image = tmp_path / "image"
    image.write_bytes(plausible(MEBIBYTE))
    return image


def usbwrite_to(loop, image, *options, preload=None, **variables):
    environment = dict(os.environ, **variables)
    if preload:
        environment["LD_PRELOAD"] = str(preload)
    done = subprocess.run(
        [BUILD / "usbwrite", *options, image, loop], text=True,
        input=os.path.basename(loop) + "\n", stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=environment, check=False)
    return done.returncode, done.stdout


def test_loop_device(loop, image):
    """The real thing: a block device, the real sysfs, O_EXCL, O_DIRECT."""
    device, disk = loop()
    assert "is not removable" in usbwrite_to(device, image)[1]
    status, text = usbwrite_to(device, image, "--force-fixed")
    assert status == 0, text
    assert starts_with(disk, image)


def test_loop_device_with_large_sectors(loop, image):
    """HW-7, and reading back what is no whole number of them."""
    device, disk = loop("--sector-size", "4096")
    image.write_bytes(plausible(MEBIBYTE + 512))
    status, text = usbwrite_to(device, image, "--force-fixed")
    assert status == 1
    assert "has sectors of 4096 bytes" in text
    assert set(disk.read_bytes()) == {0}
    status, text = usbwrite_to(device, image, "--force-fixed", "--force")
    assert status == 0, text
    assert starts_with(disk, image)


def test_loop_device_that_another_holds(loop, image):
    """Refused before anything is asked."""
    device, disk = loop()
    holder = os.open(device, os.O_RDWR | os.O_EXCL)
    status, text = usbwrite_to(device, image, "--force-fixed")
    os.close(holder)
    assert status == 1
    assert "can't be opened: Device or resource busy: something holds" in text
    assert "go ahead" not in text
    assert set(disk.read_bytes()) == {0}


def test_loop_device_is_held_while_asked(loop, image):
    device, _ = loop()
    usbwrite = Asking("--force-fixed", image, device)
    with pytest.raises(OSError) as error:
        os.close(os.open(device, os.O_RDWR | os.O_EXCL))
    assert error.value.errno == errno.EBUSY
    assert usbwrite.answer("no")[0] == 1


def test_loop_device_swapped_at_the_question(loop, image, tmp_path):
    asked, asked_disk = loop()
    other, other_disk = loop()
    link = tmp_path / "link"
    link.symlink_to(asked)
    usbwrite = Asking("--force-fixed", image, link)
    link.unlink()
    link.symlink_to(other)
    status, text = usbwrite.answer(os.path.basename(asked))
    assert status == 0, text
    assert starts_with(asked_disk, image)
    assert set(other_disk.read_bytes()) == {0}


def test_loop_device_named_like_another(loop, image, tmp_path):
    """A node is known by its number, not by its name."""
    device, disk = loop()
    number = os.stat(device).st_rdev
    node = tmp_path / "sda"
    os.mknod(node, 0o600 | stat.S_IFBLK, number)
    status, text = usbwrite_to(str(node), image, "--force-fixed")
    assert status == 1
    assert f'Type the model name, "{os.path.basename(device)}"' in text
    assert set(disk.read_bytes()) == {0}


def test_loop_device_that_is_read_only(loop, image):
    device, disk = loop("--read-only")
    status, text = usbwrite_to(device, image, "--force-fixed")
    assert status == 1
    assert "is read-only" in text
    assert set(disk.read_bytes()) == {0}


def test_loop_device_whose_medium_changes(loop, image, bad_disk):
    """What the page cache still holds is not what is compared."""
    device, disk = loop()
    status, text = usbwrite_to(
        device, image, "--force-fixed", preload=bad_disk, BAD_PATH=device,
        BAD_BACKING=str(disk))
    assert status == 1
    assert "differs from the image at byte 4096 (LBA 8)" in text
