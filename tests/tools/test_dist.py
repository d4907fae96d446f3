"""make dist: a kernel's author needs nothing else."""

import os
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest

from conftest import ROOT


@pytest.fixture(scope="module", name="tree")
def fixture_tree(tmp_path_factory):
    # The folder in the same words, else all in it would be built anew.
    build = os.environ.get("BUILD", "build")
    done = subprocess.run(["make", "--no-print-directory", f"BUILD={build}",
                           "dist"], cwd=ROOT, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path_factory.mktemp("dist")
    with tarfile.open(ROOT / done.stdout.split()[-1]) as archive:
        archive.extractall(folder)
    (tree,) = folder.iterdir()
    assert tree.name == f"firstlight-{(ROOT / 'VERSION').read_text().strip()}"
    return tree


def test_examples_that_need_the_tree_are_left_out(tree):
    assert (tree / "examples/c-gcc/README.md").exists()
    assert not (tree / "examples/program").exists()


def test_mkimage_needs_no_library(tree):
    if not shutil.which("file"):
        pytest.skip("no file here")
    said = subprocess.run(["file", tree / "build/mkimage"], text=True,
                          capture_output=True, check=True).stdout
    assert "statically linked" in said


def test_an_example_is_built_and_boots_there(tree):
    folder = tree / "examples/c-gcc"
    built = pathlib.Path(folder / "README.md").read_text().split("```")[1]
    done = subprocess.run(
        ["sh", "-ec", built.removeprefix("sh\n") +
         "sh ../../tools/run.sh kernel.elf"],
        cwd=folder, env=os.environ | {"STRICT": "1"}, text=True, check=False,
        stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Hello from C, compiled by gcc." in done.stdout



def test_its_readme_can_be_followed(tree):
    """What it lists is there, and the kernel that it builds boots."""
    text = (tree / "README").read_text()
    listed = re.findall(r"^    (\w+/[\w./-]*) +\S", text, re.MULTILINE)
    assert len(listed) >= 8
    assert not [name for name in listed if not (tree / name).exists()]
    start = text.index("    gcc ")
    block = text[start:text.index("\n\n", start)]
    assert block.endswith("sh tools/run.sh kernel.img")
    done = subprocess.run(["sh", "-ec", block], cwd=tree, text=True, check=False,
                          env=os.environ | {"STRICT": "1"},
                          stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Hello from C, compiled by gcc." in done.stdout
