"""make: does nothing twice, follows flags, gives the same bytes anywhere."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from harness import built, guard
from harness.emulator import HANG
from harness.machine import value

ROOT = pathlib.Path(__file__).resolve().parents[2]


def make(root, *arguments):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("MAKEFLAGS", "MAKELEVEL", "BUILD")}
    made = subprocess.run(["make", "-j2", *arguments], cwd=root, text=True,
                          env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    assert made.returncode == 0, made.stdout
    return made.stdout


def sources():
    """The files of the tree, without what was made of them."""
    return shutil.ignore_patterns("build", ".git", "__pycache__",
                                  "compile_commands.json")


@pytest.fixture(scope="module", name="tree")
def fixture_tree(tmp_path_factory):
    """A copy of the sources, and of what is built of them."""
    tree = tmp_path_factory.mktemp("tree") / "elsewhere"
    shutil.copytree(ROOT, tree, ignore=sources())
    built.share(tree)
    make(tree)
    return tree


def test_second_make_does_nothing(tree):
    times = {path: path.stat().st_mtime_ns
             for path in (tree / "build").rglob("*") if path.is_file()}
    output = make(tree)
    assert not [line for line in output.splitlines()
                if not line.startswith("make")], output
    for path, time in times.items():
        assert path.stat().st_mtime_ns == time, path


def test_page_of_another_image(tree):
    """Its addresses are not named by our kernel's symbols."""
    def packed(*arguments):
        said = make(tree, "-n", "-o", "page-engine", "page", *arguments)
        return re.search(r"--image (\S+) (--kernel (\S+) )?", said).group(1, 3)

    another = "build/hostile.img"
    make(tree, another)
    assert packed(f"IMAGE={another}") == (another, None)
    assert packed(f"IMAGE={another}", "KERNEL=build/kernel.elf") == \
        (another, "build/kernel.elf")
    assert packed() == ("build/page/kernel.img", "build/kernel.elf")


def test_a_tree_in_the_build_is_another(tree):
    """make museum's has files of the same names, which depend on others."""
    other = tree / "build/museum/tree/build"
    other.mkdir(parents=True)
    (other / "main.d").write_text("build/kernel/kernel/main.o: none.h\n")
    (tree / "kernel/main.c").touch()
    assert "kernel/kernel/main.o" in make(tree)
    shutil.rmtree(tree / "build/museum")


def test_flags_rebuild_what_they_concern(tree):
    kernel = tree / "build/kernel.elf"
    time = kernel.stat().st_mtime_ns
    make(tree, "CMDLINE=other words")
    image = (tree / "build/firstlight.img").read_bytes()
    assert b"other words\0" in image[512:1024]
    assert kernel.stat().st_mtime_ns == time
    make(tree)
    image = (tree / "build/firstlight.img").read_bytes()
    assert b"other words\0" not in image[512:1024]


def is_sanitized(path):
    return b"__ubsan_handle_" in path.read_bytes()


def test_sanitized_kernel_is_beside_the_other(tree):
    make(tree, "SANITIZE=1", "build/sanitize/kernel/lib/memmap.o")
    assert is_sanitized(tree / "build/sanitize/kernel/lib/memmap.o")
    assert not is_sanitized(tree / "build/kernel/lib/memmap.o")


def test_sanitize_rebuilds(tree, tmp_path):
    path = tmp_path / "kernel/lib/memmap.o"
    for flags in ([], ["SANITIZE=1"], ["SANITIZE=0"]):
        make(tree, f"BUILD={tmp_path}", *flags, str(path))
        assert is_sanitized(path) == (flags == ["SANITIZE=1"])


@pytest.mark.skipif(not shutil.which("clang") or not shutil.which("ld.lld"),
                    reason="no clang or no lld here")
def test_the_second_compilers_kernel_passes_its_tests(tree, tmp_path):
    """Built in place of the first one's, and all of it."""
    other = tmp_path / "other"
    shutil.copytree(tree, other)
    make(other, "CC=clang", "CMDLINE=test", "build/firstlight.img")
    objects = [path.read_bytes()
               for path in (other / "build/kernel").rglob("*.o")]
    assert any(b"clang version" in one for one in objects)
    assert not any(b"GCC: (" in one for one in objects)
    booted = guard.run(
        ["qemu-system-x86_64", "-display", "none", "-serial", "stdio",
         "-drive", f"format=raw,file={value(other)}/build/firstlight.img",
         "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-no-reboot"],
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=HANG)
    said = booted.stdout.decode("cp437")
    assert booted.returncode == 33, said
    assert re.search(r"# \d+ passed, 0 failed", said), said


def test_header_rebuilds_what_reads_it(tree):
    header = tree / "lib/boot/errors.h"
    text = header.read_text()
    objects = ["build/boot/errors.inc", "build/stage2/stage2/start.o",
               "build/stage2/stage2/main.o"]
    times = [(tree / name).stat().st_mtime_ns for name in objects]
    header.write_text(text.replace("a 64-bit CPU is needed",
                                   "64 bits are needed"))
    make(tree)
    image = (tree / "build/firstlight.img").read_bytes()
    assert b"64 bits are needed" in image
    assert all((tree / name).stat().st_mtime_ns > time
               for name, time in zip(objects, times))
    header.write_text(text)
    make(tree)


def test_compile_commands(tree):
    commands = json.loads((tree / "compile_commands.json").read_text())
    files = {entry["file"] for entry in commands}
    assert {"kernel/main.c", "stage2/main.c", "tools/h2inc/main.c",
            "tools/mkimage/main.c", "lib/memmap.c"} <= files
    for entry in commands:
        assert (pathlib.Path(entry["directory"]) / entry["file"]).is_file()
        assert entry["command"].endswith(entry["file"])
    entry = next(entry for entry in commands
                 if entry["file"] == "tools/mkimage/main.c")
    subprocess.run(entry["command"], shell=True, cwd=entry["directory"],
                   check=True)


def test_notes_stay_out_of_the_image(tree):
    """A compiler's note section moves nothing, least of all the entry (HW-9)."""
    names = [tree / f"build/{stage}.bin"
             for stage in ("bootsector", "stage2", "kernel")]
    before = [name.read_bytes() for name in names]
    notes = {tree / name: (tree / name).read_text()
             for name in ("bootsector/bootsector.asm", "stage2/bios.asm",
                          "kernel/entry.asm")}
    for source, text in notes.items():
        source.write_text(text + "\nsection .note.x progbits alloc align=4\n"
                          "\tdb 'a note, as gcc writes them'\n")
    make(tree)
    assert [name.read_bytes() for name in names] == before
    for source, text in notes.items():
        source.write_text(text)
    make(tree)


STRANGE = "it's my & a(b);c, $HOME [1] #2 =3 %d 4:5 *"


def test_same_bytes_from_any_directory(tree, tmp_path):
    """All of it, of a clone in a strange folder, built elsewhere, runs; what a
    build in that folder makes is the same, too."""
    clone, out = tmp_path / STRANGE, tmp_path / "a" / "much-longer-name"
    shutil.copytree(ROOT, clone, ignore=sources())
    make(clone, f"BUILD={out}")
    assert (out / "firstlight.img").read_bytes() == \
        (tree / "build/firstlight.img").read_bytes()
    names = [f"build/{name}" for name in (
        "bootsector.bin", "stage2.bin", "diag.bin", "uefi.bin",
        "programs.tar")]
    make(clone, *names, "compile_commands")
    for name in names:
        assert (clone / name).read_bytes() == (tree / name).read_bytes(), name
    commands = json.loads((clone / "compile_commands.json").read_text())
    assert commands[0]["directory"] == str(clone)
    said = make_run(clone, f"BUILD={out}", "CMDLINE=exit")
    assert "The guest ended with success" in said


def make_run(tree, *arguments):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("MAKEFLAGS", "MAKELEVEL", "BUILD")}
    ran = guard.run(["make", "run", "VIEW=serial", *arguments], cwd=tree,
                    env=environment, text=True, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    timeout=HANG)
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def test_stage2_may_grow(tree):
    """By 4 KiB of code, as a student's may: it is loaded whole, and boots."""
    size = (tree / "build/stage2.bin").stat().st_size
    source = tree / "stage2/a20.asm"
    text = source.read_text()
    source.write_text(f"{text}\nsection .text16\n\ttimes 4096 nop\n")
    said = make_run(tree, "CMDLINE=exit")
    assert (tree / "build/stage2.bin").stat().st_size >= size + 4096
    assert "The guest ended with success" in said
    source.write_text(text)
    make(tree)


WORDS = "exit it's \"a\" $b $(c) `d` #e; f & g | h \\i (j) <k> *"


def test_what_a_person_says_is_what_arrives(tree):
    """Not what make or a shell would make of it."""
    said = make_run(tree, f"CMDLINE={WORDS}")
    assert f'command   "{WORDS}"' in said, said
    said = make_run(tree, "CMDLINE=exit", "QEMU_FLAGS=-name it's",
                    "MEMORY=96M")
    assert "The guest ended with success" in said
    make(tree)


@pytest.mark.parametrize("name, value", [
    ("BUILD", "a b"), ("BUILD", "a'b"), ("BUILD", "a(b"), ("BUILD", "a;b"),
    ("BUILD", "a:b"), ("CMDLINE", "a\nb")])
def test_what_make_cannot_do_is_said(tree, name, value):
    done = subprocess.run(["make", f"{name}={value}"], cwd=tree, text=True,
                          capture_output=True, check=False)
    assert done.returncode != 0
    sentence, = [line for line in done.stderr.splitlines()
                 if line.startswith("Makefile:") or line.startswith("*** ")]
    assert f"{name}" in sentence and "must be" in sentence, done.stderr


def test_make_without_its_own_variables(tree, tmp_path):
    """As a make above may say by MAKEFLAGS: it has no CC, LD, AR, no rules."""
    words = ("-n", "V=1", f"BUILD={tmp_path}", "all", "boot-kernels",
             "test-host", "test-fuzz", "realmode-images")
    assert make(tree, "-rR", *words) == make(tree, *words)


def test_no_recipe_hides_a_status():
    """A pipe ends with the status of its last command."""
    found = []
    for path in [ROOT / "Makefile", *ROOT.glob("t*/*.mk")]:
        text = path.read_text().replace("\\\n", " ")
        for line in text.splitlines():
            bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", line)
            if line.startswith("\t") and re.search(r"[^|]\|[^|]", bare):
                found.append(f"{path}: {line}")
    assert not found


def test_line_ends_are_ours(tmp_path):
    """Whatever git is told to make of them."""
    clone, other = tmp_path / "a", tmp_path / "b"
    shutil.copytree(ROOT, clone, ignore=sources())
    git = ["git", "-c", "user.name=a", "-c", "user.email=a"]
    subprocess.run([*git, "init", "-q"], cwd=clone, check=True)
    subprocess.run([*git, "add", "-A"], cwd=clone, check=True)
    subprocess.run([*git, "commit", "-qm", "all"], cwd=clone, check=True)
    subprocess.run([*git, "clone", "-q", "-c", "core.autocrlf=true", clone,
                    other], check=True)
    for path in other.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            assert path.read_bytes() == \
                (clone / path.relative_to(other)).read_bytes(), path


def test_own_toolchain_is_preferred(tree, tmp_path):
    """Wherever the build goes, by a relative path or not."""
    for build in ("build/own", str(tmp_path / "own")):
        (tree / build / "toolchain/bin").mkdir(parents=True)
        tools = pathlib.Path(build) / "toolchain/bin"
        for name in ("gcc", "ld", "objcopy", "nm"):
            (tree / tools / f"x86_64-elf-{name}").symlink_to(
                shutil.which(name))
        commands = make(tree, "-n", "V=1", f"BUILD={build}", "all")
        for name in ("gcc", "ld", "objcopy"):
            assert f"{tools}/x86_64-elf-{name} " in commands
        assert f"\n{tools}/x86_64-elf-gcc -std=c17" in commands


def test_clean_leaves_the_toolchain(tree):
    keep = tree / "build/toolchain/bin"
    keep.mkdir(parents=True)
    # GCC's sources have files in D, which are no lists of dependencies.
    (keep / "test.d").write_text("void main()\n{\n}\n")
    make(tree, "clean")
    assert [path.name for path in (tree / "build").iterdir()] == ["toolchain"]
    assert not (tree / "compile_commands.json").exists()
