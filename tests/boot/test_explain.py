"""explain on images of every make, each made by its own tool."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from harness.recipe import BUILD, ROOT

PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
MEBIBYTE = 1 << 20
GRUB = pathlib.Path("/usr/lib/grub/i386-pc")
ISOLINUX = pathlib.Path("/usr/lib/ISOLINUX")
SYSLINUX = pathlib.Path("/usr/lib/syslinux/modules/bios")
MBR_BIN = pathlib.Path("/usr/lib/syslinux/mbr/mbr.bin")


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    """Every test runs in its own empty directory."""
    monkeypatch.chdir(tmp_path)


def tool(*command, **options):
    """Runs a foreign tool; skips where it isn't installed."""
    if not shutil.which(command[0], path=PATH):
        pytest.skip(f"no {command[0]}")
    return subprocess.run(command, check=True, capture_output=True,
                          env={**os.environ, "PATH": PATH, "MTOOLSRC": ""},
                          **options)


def run(program, *flags):
    """Runs one of our own tools."""
    return subprocess.run([str(BUILD / program), *flags], capture_output=True,
                          text=True)


def need(*paths):
    for path in paths:
        if not path.exists():
            pytest.skip(f"no {path}")


def blank(name, size):
    with open(name, "wb") as file:
        file.truncate(size)


class Explanation:
    """What explain said, taken apart."""

    def __init__(self, name, *flags, judged=True):
        done = run("explain", str(name), *flags)
        assert (done.returncode, done.stderr) == (0, "")
        self.text = done.stdout
        lines = self.text.splitlines()
        self.title = lines[1]
        self.regions = [(int(a, 16), int(b, 16), what) for a, b, what in
                        re.findall(r"^([0-9a-f]{8,})\.\.([0-9a-f]{8,})  "
                                   r"(.*), \d+ bytes$", self.text, re.M)]
        self.rules = {}
        if not judged:
            assert "HW-" not in self.text and "BROKEN" not in self.text
            return
        words = re.sub(r"\n {15}", " ", self.text)
        for number, verdict, why in re.findall(
                r"^  HW-(\d) (\w+) +(.*)$", words, re.M):
            self.rules[int(number)] = (verdict, why)
        assert sorted(self.rules) == [1, 2, 3, 4, 5, 6]
        self.check_covered(os.path.getsize(name))
        assert max(map(len, lines)) < 100
        assert not re.search(r"[^\n -~]| $", self.text, re.M)

    def check_covered(self, size):
        """No byte without a line, in the order of the disk."""
        covered = 0
        for start, last, _ in self.regions:
            assert start <= covered
            covered = max(covered, last + 1)
        assert covered == size

    def region(self, words):
        return next(region for region in self.regions if words in region[2])

    def broken(self):
        return {number for number, (verdict, _) in self.rules.items()
                if verdict == "BROKEN"}


# -- ours -------------------------------------------------------------------

@pytest.mark.parametrize("flags", [[], ["--bpb", "dummy"],
                                   ["--geometry", "255x63"],
                                   ["--size", "1030M"]], ids=" ".join)
def test_own_image_obeys(flags):
    subprocess.run([str(BUILD / "mkimage"), "--kernel",
                    str(BUILD / "kernel.elf"), *flags, "-o", "x.img"],
                   check=True)
    said = Explanation("x.img")
    assert said.title.startswith("A Firstlight image, build ")
    assert said.broken() == set()
    assert "WRONG" not in said.text
    assert "unexplained" not in said.text
    assert (said.rules[4][0] == "noted") == ("dummy" in flags)


def test_sources_exist():
    """Every file that is named as a maker is in the tree."""
    text = Explanation(BUILD / "firstlight.img").text
    makers = re.findall(r"^    made by (.*)$", text, re.M)
    names = [word.strip(",") for line in makers for word in line.split()
             if "/" in word]
    assert len(names) >= 7
    for name in names:
        assert (ROOT / name).exists(), name


def test_hex_is_what_xxd_shows():
    image = (BUILD / "firstlight.img").read_bytes()
    text = Explanation(BUILD / "firstlight.img", "--hex").text
    lines = re.findall(r"^    ([0-9a-f]{8})  ((?:[0-9a-f]{2} ?){1,8})(?: |$)",
                       text, re.M)
    assert len(lines) > 60
    for offset, digits in lines:
        shown = bytes.fromhex(digits)
        assert image[int(offset, 16):][:len(shown)] == shown


def test_cannot_explain():
    for name, words in (("none", "can't open none: No such file"),
                        (".", ". is no file and no block device"),
                        ("/dev/zero", "/dev/zero is no file and no block")):
        done = run("explain", name)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("explain: " + words)


def test_usage():
    for flags in ([], ["x", "y"], ["--frob", "x"]):
        done = run("explain", *flags)
        assert (done.returncode, done.stdout) == (2, "")
        assert "usage: explain [--hex] IMG" in done.stderr
    done = run("explain", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: explain [--hex] IMG")


def test_by_mkimage():
    """mkimage calls it, too."""
    image = str(BUILD / "firstlight.img")
    for flags in ([], ["--hex"]):
        by_mkimage = run("mkimage", "--explain", image, *flags)
        assert (by_mkimage.returncode, by_mkimage.stderr) == (0, "")
        assert by_mkimage.stdout == run("explain", *flags, image).stdout
    for flags, words in (
            (["--explain", "x", "-o", "y"], "--explain only reads"),
            (["--explain", "x", "--kernel", "y"], "--explain only reads"),
            (["--hex"], "--hex goes with --explain IMG")):
        done = run("mkimage", *flags)
        assert done.returncode == 2
        assert words in done.stderr


def test_output_that_takes_nothing():
    for flags in (["--help"], [str(BUILD / "firstlight.img")]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([str(BUILD / "explain"), *flags], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1
        assert done.stderr.startswith("explain: can't write to standard outp")


# -- foreign ----------------------------------------------------------------

def test_all_zero_disk():
    blank("x.img", 8 * MEBIBYTE)
    said = Explanation("x.img")
    assert said.title == "Nothing but zeros"
    assert said.regions == [(0, 8 * MEBIBYTE - 1, "zeros")]
    assert said.broken() == {1, 2, 3}


def test_huge_empty_disk():
    """Holes are not read byte by byte."""
    blank("x.img", 1 << 42)
    assert Explanation("x.img").title == "Nothing but zeros"


def test_sfdisk():
    blank("x.img", 64 * MEBIBYTE)
    tool("sfdisk", "-q", "x.img", input=b"label: dos\n,32M,c,*\n,,83\n")
    said = Explanation("x.img")
    assert said.title == "A disk with 2 partitions in an MBR"
    assert said.region("partition 1: type 0C, FAT32 (LBA)")[:2] == (
        MEBIBYTE, 33 * MEBIBYTE - 1)
    assert said.region("partition 2: type 83, Linux")
    assert "boot code: none, nothing would start" in said.text
    assert said.rules[1] == (
        "noted", "entry 1 alone is active; entry 2 is in use, too")
    assert said.broken() == {2, 3}
    assert "right by 255x63" in said.rules[2][1]


def test_sfdisk_without_active_entry():
    blank("x.img", 16 * MEBIBYTE)
    tool("sfdisk", "-q", "x.img", input=b"label: dos\n,,83\n")
    assert Explanation("x.img").rules[1] == (
        "BROKEN", "no entry is active: some BIOSes do not list the stick")


def test_parted():
    blank("x.img", 16 * MEBIBYTE)
    tool("parted", "-s", "x.img", "mklabel", "msdos", "mkpart", "primary",
         "fat32", "1MiB", "100%", "set", "1", "boot", "on")
    said = Explanation("x.img")
    assert said.title == ("A disk with 1 partition in an MBR; boot code: "
                          "parted's")
    assert said.broken() == {3}


def test_gpt():
    blank("x.img", 16 * MEBIBYTE)
    tool("sgdisk", "-n1:2048:+4M", "-t1:ef02", "-n2:0:0", "-c2:root", "x.img")
    said = Explanation("x.img")
    assert said.title.startswith("A GPT disk")
    assert said.region("primary GPT header")[:2] == (512, 1023)
    assert said.region("primary GPT table, 128 entries")
    assert said.region("partition 1 '', BIOS boot")[0] == MEBIBYTE
    assert said.region("partition 2 'root', Linux")
    assert said.region("backup GPT table")
    assert said.region("backup GPT header")[1] == 16 * MEBIBYTE - 1
    assert len(re.findall(r"CRC-32 [0-9A-F]{8}, right", said.text)) == 2
    assert "type EE: all of a GPT disk" in said.text
    assert 1 in said.broken()
    image = bytearray(pathlib.Path("x.img").read_bytes())
    image[512 + 40] ^= 1
    pathlib.Path("x.img").write_bytes(image)
    assert re.search("CRC-32 [0-9A-F]{8}, WRONG", Explanation("x.img").text)


def test_mkfs_fat():
    tool("mkfs.fat", "-F", "32", "-C", "x.img", "65536")
    said = Explanation("x.img")
    assert said.title == ("A FAT32 file system without partitions; boot code: "
                          "mkfs.fat: prints a message")
    assert said.region("2 FATs")


def test_syslinux_on_fat():
    tool("mkfs.fat", "-F", "16", "-C", "x.img", "32768")
    tool("syslinux", "--install", "x.img")
    said = Explanation("x.img")
    assert said.title == ("A FAT16 file system without partitions; boot code: "
                          "SYSLINUX")
    assert "BPB: made by 'SYSLINUX'" in said.text
    assert said.region("root directory")
    assert said.region("clusters: files")[1] == 32 * MEBIBYTE - 1
    assert said.broken() == {1, 2, 4, 5}
    assert said.rules[3] == ("obeyed", "EB 58 90 jumps over a BPB")


def test_syslinux_on_partition():
    need(MBR_BIN)
    blank("x.img", 33 * MEBIBYTE)
    tool("sfdisk", "-q", "x.img", input=b"label: dos\n2048,,6,*\n")
    with open("x.img", "r+b") as image:
        image.write(MBR_BIN.read_bytes()[:440])
    said = Explanation("x.img")
    assert said.title == ("A disk with 1 partition in an MBR; boot code: "
                          "SYSLINUX's mbr.bin or alike")
    assert said.rules[3][1].startswith("it starts with 33 C0 FA, not EB")


def test_grub_on_disk():
    """As in GRUB's manual: boot.img, then core.img from LBA 1 on."""
    need(GRUB / "boot.img")
    tool("grub-mkimage", "-O", "i386-pc", "-o", "core.img", "-p", "/boot",
         "biosdisk", "part_msdos", "fat")
    core = pathlib.Path("core.img").read_bytes()
    blank("x.img", 16 * MEBIBYTE)
    tool("sfdisk", "-q", "x.img", input=b"label: dos\n2048,,83,*\n")
    with open("x.img", "r+b") as image:
        image.write((GRUB / "boot.img").read_bytes()[:440])
        image.seek(512)
        image.write(core)
    said = Explanation("x.img")
    assert said.title == ("A disk with 1 partition in an MBR; boot code: "
                          "GRUB 2's boot.img")
    start, last, _ = said.region("GRUB's core.img, from LBA 1")
    assert (start, last + 1) == (512, 512 + (len(core) + 511) // 512 * 512)
    assert 3 not in said.broken()


def test_grub_mkrescue():
    need(GRUB / "boot_hybrid.img")
    if not shutil.which("xorriso", path=PATH):
        pytest.skip("no xorriso")
    pathlib.Path("files/boot/grub").mkdir(parents=True)
    pathlib.Path("files/boot/grub/grub.cfg").write_text("echo hello\n")
    tool("grub-mkrescue", "-d", str(GRUB), "-o", "x.iso", "files")
    said = Explanation("x.iso")
    assert said.title.startswith("A hybrid ISO 9660 image 'ISOIMAGE', a CD "
                                 "and a disk; boot code: GRUB 2")
    assert said.region("El Torito boot catalog")
    assert said.region("GRUB's core.img")
    assert said.region("partition 1: type CD")


def test_xorriso_isohybrid():
    need(ISOLINUX / "isolinux.bin", ISOLINUX / "isohdpfx.bin",
         SYSLINUX / "ldlinux.c32")
    folder = pathlib.Path("files/isolinux")
    folder.mkdir(parents=True)
    shutil.copy(ISOLINUX / "isolinux.bin", folder)
    shutil.copy(SYSLINUX / "ldlinux.c32", folder)
    tool("xorriso", "-as", "mkisofs", "-o", "x.iso", "-isohybrid-mbr",
         str(ISOLINUX / "isohdpfx.bin"), "-b", "isolinux/isolinux.bin", "-c",
         "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4",
         "-boot-info-table", "-V", "HYBRID", "files")
    said = Explanation("x.iso")
    assert said.title == ("A hybrid ISO 9660 image 'HYBRID', a CD and a disk; "
                          "boot code: isohybrid (ISOLINUX)")
    assert said.rules[1] == (
        "BROKEN", "entry 1 starts at LBA 0, where the table itself is")
    assert 3 in said.broken()
    assert "boot system 'EL TORITO SPECIFICATION'" in said.text


def test_xorriso_plain():
    pathlib.Path("files").mkdir()
    pathlib.Path("files/hello").write_text("hello\n")
    tool("xorriso", "-as", "mkisofs", "-o", "x.iso", "-V", "PLAIN", "files")
    said = Explanation("x.iso", judged=False)
    assert said.title == ("An ISO 9660 image 'PLAIN', for a CD, not for a "
                          "stick")
    assert "not 55 AA: no BIOS starts this" in said.text
    assert "A BIOS boots a CD by El Torito" in said.text


# -- no disks ---------------------------------------------------------------

# How it is made of firstlight.img, what it is, what to do.
CONVERT = "convert it with 'qemu-img convert -O raw FILE disk.img'"
FILES = {
    "qcow": ("qemu-img convert -O qcow in x", "A qcow disk image", CONVERT),
    "qcow2": ("qemu-img convert -O qcow2 in x", "A qcow2 disk image", CONVERT),
    "qed": ("qemu-img convert -O qed in x", "A QED disk image", CONVERT),
    "vmdk": ("qemu-img convert -O vmdk in x", "A VMDK disk image", CONVERT),
    "vmdk of several files": (
        "qemu-img convert -O vmdk -o subformat=monolithicFlat in x",
        "A VMDK descriptor", CONVERT),
    "vdi": ("qemu-img convert -O vdi in x", "A VDI disk image", CONVERT),
    "vhdx": ("qemu-img convert -O vhdx in x", "A VHDX disk image", CONVERT),
    "vhd": ("qemu-img convert -O vpc in x", "A VHD disk image, as Hyper-V",
            CONVERT),
    "vhd of fixed size": (
        "qemu-img convert -O vpc -o subformat=fixed,force_size=on in x",
        "A VHD disk image of fixed size", CONVERT),
    "gzip": ("gzip -c in > x", "A file compressed by gzip",
             "unpack it with 'gunzip FILE'"),
    "bzip2": ("bzip2 -c in > x", "A file compressed by bzip2",
              "unpack it with 'bunzip2 FILE'"),
    "xz": ("xz -c in > x", "A file compressed by xz",
           "unpack it with 'unxz FILE'"),
    "lzma": ("xz --format=lzma -c in > x", "A file compressed by lzma",
             "unpack it with 'unlzma FILE'"),
    "zstd": ("zstd -q -c in > x", "A file compressed by zstd",
             "unpack it with 'unzstd FILE'"),
    "lz4": ("lz4 -q -c in > x", "A file compressed by lz4",
            "unpack it with 'unlz4 FILE'"),
    "zip": ("zip -q x.zip in && mv x.zip x", "A ZIP archive",
            "unpack it with 'unzip FILE'"),
    "7z": ("7z a x.7z in > log && mv x.7z x", "A 7z archive",
           "unpack it with '7z x FILE'"),
    "tar": ("tar -cf x in", "A tar archive", "unpack it with 'tar -xf FILE'"),
    "cpio": ("echo in | cpio -o -H newc > x", "A cpio archive",
             "unpack it with 'cpio -i < FILE'"),
    "ELF": ("gcc -c -o x hello.c", "An ELF file",
            "make an image with 'mkimage --kernel FILE -o disk.img'"),
    "ELF32": ("gcc -m32 -c -o x hello.c", "A 32-bit ELF file",
              "name a disk image"),
    "Mach-O": ("clang --target=x86_64-apple-macos -c -o x hello.c",
               "A Mach-O file", "name a disk image"),
    "PE": ("clang --target=x86_64-windows -c -o o hello.c && "
           "lld-link -entry:start -subsystem:efi_application -out:x o",
           "A PE file", "name a disk image"),
    "bitcode": ("clang -flto -c -o x hello.c", "LLVM bitcode",
                "name a disk image"),
    "static library": ("gcc -c -o o hello.c && ar rc x o", "A static library",
                       "name a disk image"),
    "text": ("cp hello.c x", "A text", "name a disk image"),
    "nothing": (": > x", "An empty file", "name a disk image"),
}


def made_by(command):
    """x, as the command makes it of an image, or skip."""
    programs = {word.split()[0] for word in re.split("&& |[|] ", command)}
    for program in programs - {":", "echo"}:
        if not shutil.which(program):
            pytest.skip(f"no {program}")
    shutil.copy(BUILD / "firstlight.img", "in")
    pathlib.Path("hello.c").write_text("int start(void) { return 0; }\n")
    subprocess.run(command, shell=True, check=True, capture_output=True)


@pytest.mark.parametrize("name", FILES)
def test_no_disk(name):
    command, what, remedy = FILES[name]
    made_by(command)
    said = Explanation("x", judged=False)
    assert said.title.startswith(what), said.text
    assert "This is no raw disk, and a BIOS can't read it:" in said.text
    assert remedy in said.text
    assert said.regions == []


@pytest.mark.parametrize("name", [name for name in FILES if name != "ELF"])
def test_no_kernel(name):
    """mkimage names it, too, and says what would be a kernel."""
    command, what, _ = FILES[name]
    made_by(command)
    done = subprocess.run([str(BUILD / "mkimage"), "--kernel", "x", "-o", "y"],
                          capture_output=True, text=True)
    assert done.returncode == 1
    assert not os.path.exists("y")
    if name == "nothing":
        assert "x: the file is empty: build the kernel again" in done.stderr
    elif name == "ELF32":
        assert "x: this is a 32-bit ELF file" in done.stderr
    else:
        assert f"x: this is {what}".lower() in done.stderr.lower()
        assert ", no ELF file: " in done.stderr


@pytest.mark.parametrize("piece", ["bootsector", "stage2", "diag"])
@pytest.mark.parametrize("name", ["ELF", "text", "gzip"])
def test_no_code(piece, name):
    command, what, _ = FILES[name]
    made_by(command)
    done = subprocess.run([str(BUILD / "mkimage"), "--kernel",
                           str(BUILD / "kernel.elf"), f"--{piece}", "x",
                           "-o", "y"], capture_output=True, text=True)
    assert done.returncode == 1
    assert f" is {what[0].lower()}{what[1:]}: give code" in done.stderr
    assert not os.path.exists("y")
