"""symtab beside addr2line, on what compilers and assembler really write."""

import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import BUILD, ROOT

SYMTAB = BUILD / "symtab"


def run(*words, status=0):
    done = subprocess.run([str(word) for word in words], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def instructions(elf):
    """Addresses of all instructions."""
    code = run("objdump", "-d", "--no-show-raw-insn", elf)
    return re.findall(r"^ +([0-9a-f]+):", code, re.MULTILINE)


def our_places(elf, addresses):
    """[(file, line) or None where it is not known]"""
    found = []
    for line in run(SYMTAB, "--find", elf, *addresses).splitlines():
        _, what = line.split(" ", 1)
        place = re.fullmatch(r"\S+\+0x[0-9a-f]+ (\S+):([1-9]\d*)", what)
        found.append(place and (pathlib.Path(place[1]).name, int(place[2])))
    return found


def their_places(elf, addresses):
    found = []
    for line in run("addr2line", "-s", "-e", elf, *addresses).splitlines():
        place = re.match(r"([^?:]+):([1-9]\d*)", line)
        found.append(place and (place[1], int(place[2])))
    return found


def compare(elf, least):
    """Where both know the place, it is the same; we know nearly all."""
    addresses = instructions(elf)
    both = 0
    for address, ours, theirs in zip(addresses, our_places(elf, addresses),
                                     their_places(elf, addresses)):
        assert ours == theirs or None in (ours, theirs), address
        both += bool(ours and theirs)
    assert both > least * len(addresses)


def test_kernel():
    """C by the compiler of the build, and assembly by NASM. What neither
    knows is padding."""
    compare(BUILD / "kernel.elf", 0.8)


def test_kernel_table_is_in_the_kernel():
    table = (BUILD / "kernel.symbols").read_bytes()
    assert len(table) > 10000
    assert (BUILD / "kernel-first.symbols").read_bytes() == table
    assert (BUILD / "kernel.elf").read_bytes().count(table) == 1
    assert (BUILD / "kernel-first.elf").read_bytes().count(table[:64]) == 0


@pytest.mark.parametrize("version", [2, 3, 4, 5])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_each_version_of_dwarf(compiler, version, tmp_path):
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    run(compiler, f"-gdwarf-{version}", "-gstrict-dwarf", "-O2", "-c",
        "-ffreestanding", "-fno-pie", "-Ilib", "-I.",
        "-o", tmp_path / "a.o", "lib/format.c")
    run("ld", "-Ttext=0x100000", "-e", "0", "--unresolved-symbols=ignore-all",
        "-o", tmp_path / "a.elf", tmp_path / "a.o")
    compare(tmp_path / "a.elf", 0.8)


def test_every_function_has_its_name():
    elf = BUILD / "kernel.elf"
    functions = re.findall(r"^([0-9a-f]{16}) [tT] (\w+)$",
                           run("nm", elf), re.MULTILINE)
    typed = dict(re.findall(r"^ *\d+: ([0-9a-f]{16}) +[1-9]\d* FUNC +\w+ +"
                            r"\w+ +\d+ (\w+)$",
                            run("readelf", "-sW", elf), re.MULTILINE))
    addresses = [address for address, name in functions if address in typed]
    assert len(addresses) > 100
    found = run(SYMTAB, "--find", elf, *addresses).splitlines()
    for address, line in zip(addresses, found):
        names = [name for at, name in functions if at == address]
        assert re.fullmatch(r"\S+ (\w+)\+0x0 .*", line)[1] in names


def test_says_what_is_wrong(tmp_path):
    assert run(SYMTAB, "--help").startswith("usage: symtab ELF OUT")
    assert "usage" in run(SYMTAB, status=2)
    assert "usage" in run(SYMTAB, "one", status=2)
    assert "usage" in run(SYMTAB, "a", "b", "c", status=2)
    assert "usage" in run(SYMTAB, "--find", "one", status=2)
    assert "unrecognized option '--frob'" in run(SYMTAB, "--frob", "a", "b",
                                                 status=2)
    assert "can't open" in run(SYMTAB, "none", tmp_path / "out", status=1)
    assert "no ELF file" in run(SYMTAB, "README.md", tmp_path / "out",
                                status=1)
    assert not (tmp_path / "out").exists()
    elf = BUILD / "kernel.elf"
    assert "'xyz' is no address" in run(SYMTAB, "--find", elf, "xyz",
                                        status=1)
    assert run(SYMTAB, "--find", elf, "5") == "0x5 is in no function\n"
    copy = tmp_path / "copy.elf"
    shutil.copy(elf, copy)
    assert "would be lost" in run(SYMTAB, copy, copy, status=1)
