"""mkimage as its users meet it: files, exit statuses, messages (HW-1..HW-6)."""

import os
import pathlib
import re
import resource
import shutil
import struct
import subprocess

import pytest

from harness.recipe import BUILD

KERNEL = BUILD / "kernel.elf"
MEBIBYTE = 1 << 20
SECTOR = 512
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    """Every test runs in its own empty directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mkimage(*arguments, kernel=True, **options):
    words = ["--kernel", str(KERNEL)] if kernel else []
    return subprocess.run([str(BUILD / "mkimage"), *words, *arguments],
                          capture_output=True, text=True, timeout=60,
                          **options)


def made(*arguments):
    """The image that these arguments make."""
    done = mkimage(*arguments, "-o", "x.img")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return pathlib.Path("x.img").read_bytes()


def refused(status, words, *arguments, **options):
    """`words` are said, nothing is written."""
    before = everything()
    done = mkimage(*arguments, **options)
    assert done.returncode == status, done
    assert done.stdout == ""
    assert words in done.stderr
    assert re.match(r"(\S*/)?mkimage: ", done.stderr)
    assert everything() == before


def everything():
    """All files with what they hold: also the hidden ones."""
    return {path: path.read_bytes() if path.is_file() else None
            for path in pathlib.Path().rglob("*")}


def number(image, offset, kind="<I"):
    return struct.unpack_from(kind, image, offset)[0]


# -- the image --------------------------------------------------------------

@pytest.mark.parametrize("flags", [
    [], ["--geometry", "255x63"], ["--bpb", "dummy"], ["--size", "5M"],
    ["--partition-type", "0x0c"], ["--size", "1025M"],
    ["--geometry", "255x63", "--size", "8000M"]], ids=" ".join)
def test_partition_table(flags):
    done = mkimage(*flags, "-o", "x.img")
    assert done.returncode == 0, done
    with open("x.img", "rb") as file:
        sector = file.read(SECTOR)
    size = os.path.getsize("x.img")
    assert size % MEBIBYTE == 0
    status, first, kind, last, start, count = struct.unpack_from(
        "<B3sB3sII", sector, 0x1BE)
    assert status == 0x80
    assert kind == (0x0C if "0x0c" in flags else 0xDA)
    assert start + count <= size // SECTOR
    status, _, kind, _, volume, sectors = struct.unpack_from(
        "<B3sB3sII", sector, 0x1CE)
    assert (status, kind, volume + sectors) == (0, 0xEF, start)
    assert sector[0x1DE:0x1FE] == bytes(32)
    assert sector[0x1FE:] == b"\x55\xAA"
    heads, track = (255, 63) if "255x63" in flags else (64, 32)
    assert (start + count) % (heads * track) == 0
    if start + count > 1024 * heads * track:
        assert last == b"\xFE\xFF\xFF"
    else:
        assert last[0] == heads - 1 and last[1] & 63 == track
    assert first == bytes([start // track % heads, start % track + 1,
                           start // track // heads])


@pytest.mark.skipif(not shutil.which("sfdisk", path=PATH), reason="no sfdisk")
@pytest.mark.parametrize("geometry", ["64x32", "255x63"])
def test_sfdisk_agrees(geometry):
    made("--geometry", geometry)
    done = subprocess.run(["sfdisk", "--verify", "x.img"], text=True,
                          capture_output=True, env={"PATH": PATH})
    assert done.returncode == 0, done
    assert "No errors detected" in done.stdout


@pytest.mark.skipif(not shutil.which("blkid", path=PATH), reason="no blkid")
def test_dummy_bpb_is_no_file_system():
    made("--bpb", "dummy")
    done = subprocess.run(["blkid", "-p", "x.img"], text=True,
                          capture_output=True, env={"PATH": PATH})
    assert 'PTTYPE="dos"' in done.stdout
    assert " TYPE=" not in done.stdout


def test_kernel_is_what_objcopy_makes():
    image = made()
    lba, size = number(image, 548), number(image, 552)
    flat = (BUILD / "kernel.bin").read_bytes()
    assert image[lba * SECTOR:lba * SECTOR + size] == flat


def test_same_input_same_image(monkeypatch):
    pathlib.Path("m").write_bytes(b"module")
    first = made("--module", "m", "--cmdline", "a b")
    pathlib.Path("elsewhere").mkdir()
    shutil.copy("m", "elsewhere/other-name")
    monkeypatch.chdir("elsewhere")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert made("--module", "other-name", "--cmdline", "a b") == first


def test_own_pieces():
    """Options that name the built-in pieces change nothing."""
    assert made("--bootsector", str(BUILD / "bootsector.bin"),
                "--stage2", str(BUILD / "stage2.bin"),
                "--diag", str(BUILD / "diag.bin")) == made()


def test_wrong_pieces():
    pathlib.Path("short").write_bytes(b"\xEB\x58\x90")
    refused(1, "the boot sector has 3 bytes, 512 are needed",
            "--bootsector", "short", "-o", "x.img")
    pathlib.Path("none").write_bytes(b"")
    refused(1, "stage 2 is empty", "--stage2", "none", "-o", "x.img")
    pathlib.Path("huge").write_bytes(bytes(32769))
    refused(1, "the diagnostics have 32769 bytes", "--diag", "huge",
            "-o", "x.img")


def test_without_diagnostics():
    image = made("--no-diag", "--parts", "p")
    assert image == cat("p")
    assert "03-diag.bin" not in os.listdir("p")
    assert made("--parts", "p") == cat("p") != image
    assert "03-diag.bin" in os.listdir("p")


def test_diagnostics_go_with_their_stage_2():
    """They call into it, so another one gets none."""
    stage2 = ("--stage2", str(BUILD / "stage2.bin"))
    assert made(*stage2) == made("--no-diag")


# -- parts ------------------------------------------------------------------

def cat(directory):
    return subprocess.run(["sh", "-c", f"cat {directory}/*"], check=True,
                          capture_output=True).stdout


def test_parts_are_the_image():
    pathlib.Path("m").write_bytes(b"module" * 1000)
    pathlib.Path("n").write_bytes(b"another" * 1000)
    image = made("--module", "m", "--module", "n", "--parts", "p")
    assert cat("p") == image
    assert sorted(os.listdir("p")) == [
        "00-bootsector.bin", "01-header.bin", "02-stage2.bin",
        "03-diag.bin", "03-uefi.bin", "04-kernel.bin",
        "05-module-1.bin", "06-module-2.bin", "12-padding.bin"]
    # a shorter image leaves nothing of the longer one
    assert made("--parts", "p") == cat("p")
    assert "05-module-1.bin" not in os.listdir("p")


def test_parts_among_strangers():
    pathlib.Path("p").mkdir()
    pathlib.Path("p/notes").write_text("mine")
    refused(1, "p holds notes, so its files would not be the image: name an "
            "empty directory", "--parts", "p", "-o", "x.img")


def test_image_among_parts():
    pathlib.Path("p").mkdir()
    refused(1, "p/x.img lies among the parts in p", "--parts", "p", "-o",
            "p/x.img")


def test_parts_in_no_directory():
    pathlib.Path("p").write_text("")
    refused(1, "can't read the directory p: Not a directory", "--parts", "p",
            "-o", "x.img")
    refused(1, "can't make the directory a/b: No such file", "--parts", "a/b",
            "-o", "x.img")


def test_module_among_parts():
    pathlib.Path("p").mkdir()
    pathlib.Path("p/04-kernel.bin").write_bytes(b"old")
    refused(1, "p/04-kernel.bin is one of the input files", "--parts", "p",
            "--module", "p/04-kernel.bin", "-o", "x.img")


def test_failure_leaves_no_parts():
    pathlib.Path("dir").mkdir()
    refused(1, "dir is a directory", "--parts", "p", "-o", "dir")


# -- refusals ---------------------------------------------------------------

def test_usage():
    refused(2, "--kernel is missing", "-o", "x.img", kernel=False)
    refused(2, "-o is missing")
    refused(2, "unrecognized option '--frob'", "--frob", "-o", "x.img")
    refused(2, "--size '1T': it must be", "--size", "1T", "-o", "x.img")
    refused(2, "'frob' is no option", "frob", "-o", "x.img")
    refused(2, "mkimage --help lists the options", "--frob")


def test_help():
    done = mkimage("--help", kernel=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: mkimage --kernel")
    assert max(map(len, done.stdout.splitlines())) < 80


def test_help_into_full_disk():
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(BUILD / "mkimage"), "--help"], stdout=full,
                              stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr


def test_output_over_input():
    shutil.copy(KERNEL, "k.elf")
    os.link("k.elf", "hard")
    pathlib.Path("m").write_bytes(b"module")
    for name in "k.elf", "./k.elf", "hard":
        refused(1, f"{name} is one of the input files, it would be lost",
                "--kernel", "k.elf", "-o", name, kernel=False)
    refused(1, "m is one of the input files", "--module", "m", "-o", "m")


def test_inputs_that_are_no_files():
    pathlib.Path("empty").write_bytes(b"")
    refused(1, "can't open none: No such file", "--module", "none", "-o", "x")
    refused(1, ". is a directory: name a file", "--kernel", ".", "-o", "x",
            kernel=False)
    refused(1, "empty: the file is empty: build the kernel again",
            "--kernel", "empty", "-o", "x", kernel=False)
    refused(1, "empty: the module is empty", "--module", "empty", "-o", "x")
    refused(1, "/dev/zero is a pipe or a device", "--module", "/dev/zero",
            "-o", "x")


def test_output_to_devices():
    refused(1, "/dev/null is a device: write a file, then use 'make usb",
            "-o", "/dev/null")
    refused(1, "is a device", "-o", "/dev/full")


def test_cut_kernel():
    whole = KERNEL.read_bytes()
    for size in 1, 63, 64, 200, 5000:
        pathlib.Path("k").write_bytes(whole[:size])
        refused(1, "mkimage: k: ", "--kernel", "k", "-o", "x", kernel=False)


# What compilers and linkers make when nobody told them better.
@pytest.mark.parametrize("flags, words", [
    (["-c"], "object file (ET_REL)"),
    (["-nostdlib", "-static-pie", "-fPIE"], "position-independent (ET_DYN)"),
    (["-nostdlib", "-shared", "-fPIC"], "position-independent (ET_DYN)"),
    (["-nostdlib", "-no-pie", "-static", "-Wl,-Ttext-segment=0x1000"],
     "below 0x100000 (1 MiB)"),
    (["-nostdlib", "-no-pie", "-static", "-mcmodel=large",
      "-Wl,-Ttext-segment=0xffffffff80000000"], "above 0x100000000 (4 GiB)"),
    (["-nostdlib", "-no-pie", "-static", "-Wl,--defsym=_start=0x300000"],
     "the entry point 0x300000 lies in nothing that is loaded")],
    ids=["object", "static-pie", "shared", "low", "high", "entry"])
def test_what_compilers_make(flags, words):
    start = "_start" if "defsym" not in str(flags) else "other"
    pathlib.Path("k.c").write_text(f"void {start}(void);\n"
                                   f"void {start}(void) {{ for (;;); }}\n")
    subprocess.run(["cc", "-ffreestanding", "-fno-stack-protector", *flags,
                    "-o", "k.elf", "k.c"], check=True)
    refused(1, words, "--kernel", "k.elf", "-o", "x", kernel=False)


def test_higher_half_kernel():
    """Linked as most higher-half tutorials do: an AT() without entry code."""
    pathlib.Path("k.c").write_text("void _start(void);\n"
                                   "void _start(void) { for (;;); }\n")
    pathlib.Path("k.ld").write_text(
        "ENTRY(_start) SECTIONS { . = 0xffffffff80200000;"
        " .text : AT(ADDR(.text) - 0xffffffff80000000) { *(.text*) }"
        " /DISCARD/ : { *(.note*) *(.eh_frame*) *(.comment) } }")
    subprocess.run(["cc", "-ffreestanding", "-nostdlib", "-no-pie", "-static",
                    "-fno-pie", "-mcmodel=kernel", "-T", "k.ld", "-o", "k.elf",
                    "k.c"], check=True)
    refused(1, "is linked at virtual 0xffffffff80200000 but loads at 0x200000",
            "--kernel", "k.elf", "-o", "x", kernel=False)


# -- never half a file ------------------------------------------------------

def test_file_size_limit():
    pathlib.Path("x.img").write_text("old")
    refused(1, "File too large: raise the limit (ulimit -f)", "-o", "x.img",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                  (4096, 4096)))


def test_full_disk():
    script = (f"mount -t tmpfs -o size=16k none d && {BUILD}/mkimage "
              f"--kernel {KERNEL} --parts d/p -o d/x; echo status $?; "
              "ls -A d")
    pathlib.Path("d").mkdir()
    done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount",
                           "sh", "-c", script], capture_output=True, text=True)
    if "status" not in done.stdout or "mount" in done.stderr:
        pytest.skip("no right to mount a small tmpfs")
    assert done.stdout == "status 1\n"
    assert "No space left on device: make room on the disk" in done.stderr


def test_missing_directory():
    refused(1, "can't create a file beside no/x.img: No such file",
            "-o", "no/x.img")
