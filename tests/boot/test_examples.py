"""examples/: each is built by its README's words, and boots."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from harness import guard
from harness.emulator import HANG
from harness.recipe import BUILD
from harness.words import ROOT

EXAMPLES = ROOT / "examples"
# What each says, and the programs that it takes.
SAYS = {
    "archive": ("README.md\nkernel.c\n", ("gcc", "ld", "tar")),
    "asm": ("Hello from assembly.\n", ("nasm", "ld")),
    "c-gcc": (r"Hello from C, compiled by gcc. MiB usable: 12\d\n", ("gcc", "ld")),
    "c-clang": ("I was told: 'some words'\n", ("clang", "ld.lld")),
    "cpp": ("A constructor ran before main. The answer is 42.\n", ("g++", "ld")),
    "higher-half": ("Hello from the higher half.\n", ("nasm", "gcc", "ld")),
    "module": ("# A kernel with a module\n", ("gcc", "ld")),
    "program": ("Hello from my own program.\n", ("nasm", "gcc", "ld", "tar")),
    "rust": ("Hello from Rust. This is image [0-9a-f]{16}.\n", ("cargo",)),
}


def enter(tmp_path, name):
    """A copy of the example, with all that its README names beside it."""
    for there, here in (("lib", ROOT / "lib"), ("tools", ROOT / "tools"),
                        ("user", ROOT / "user"), ("build", BUILD)):
        (tmp_path / there).symlink_to(here)
    shutil.copytree(EXAMPLES / name, tmp_path / "examples" / name,
                    ignore=shutil.ignore_patterns(
                        "target", "*.o", "*.elf", "*.tar", "*.symbols"))
    return tmp_path / "examples" / name


def run(command, folder, **variables):
    # cargo tells its own children which rustc, and where things are
    environment = os.environ | {"STRICT": "1"} | variables
    done = guard.run(["sh", "-c", command], cwd=folder, env=environment, text=True,
                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                     stderr=subprocess.STDOUT, timeout=2 * HANG)
    return done.returncode, done.stdout


def need(programs):
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"no {program} here")


def test_all_are_here():
    here = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert here == set(SAYS)


@pytest.mark.parametrize("name", sorted(SAYS))
def test_example(tmp_path, name):
    says, programs = SAYS[name]
    need(programs)
    folder = enter(tmp_path, name)
    text = pathlib.Path(folder / "README.md").read_text(encoding="utf-8")
    assert 18 <= len(text.splitlines()) <= 26
    built = re.search(r"^```sh\n(.*?)^```", text, re.M | re.S)[1]
    status, output = run(f"set -e\n{built}", folder)
    assert status == 0, output
    command = re.search(r"^ {4}(.*tools/run.sh .*|cargo run)$", text, re.M)[1]
    status, output = run(command, folder)
    assert status == 0, output
    assert re.search(says, output), output


@pytest.mark.parametrize("name, old, new, words", [
    ("passes", "", "", "All assertions hold."),
    ("a false assertion", "1 + 1, 2", "1 + 1, 3", "assertion "),
    ("a reset", "assert_eq!(1 + 1, 2);",
     'let nowhere = [0u8; 10]; unsafe { core::arch::asm!("lidt [{0}]", "ud2", '
     'in(reg) &nowhere) }', "a triple fault"),
    ("switched off", "assert_eq!(1 + 1, 2);",
     'unsafe { core::arch::asm!("out dx, al", in("dx") 0x64u16, in("al") 0xFEu8) }',
     "That is no success"),
    ("a hang", "assert_eq!(1 + 1, 2);", "loop {}", "did not end in 3 seconds"),
])
def test_cargo_test(tmp_path, name, old, new, words):
    need(("cargo",))
    folder = enter(tmp_path, "rust")
    source = folder / "tests/boots.rs"
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1) if old else text)
    config = folder / ".cargo/config.toml"
    config.write_text(config.read_text().replace('"20"', '"3"'))
    status, output = run("cargo test --offline", folder)
    assert (status == 0) == (name == "passes"), output
    assert words in output
