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
