"""Scripts that make a folder for a while remove it, whatever ends them."""

import os
import signal
import subprocess

import pytest

from conftest import ROOT

SCRIPTS = {"tools/format.sh": ("clang-format", ["tools/h2inc.c"]),
           "tools/lint.sh": ("clang-format", ["build"]),
           "tools/setup.sh": ("cc", ["--check"])}


@pytest.mark.parametrize("number", ["PIPE", "TERM", "HUP", "INT"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_is_left(script, number, tmp_path):
    """The tool that it calls sends the signal to its whole group."""
    tool, arguments = SCRIPTS[script]
    fake = tmp_path / "bin" / tool
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\nls $TMPDIR\nkill -{number} 0\n")
    fake.chmod(0o755)
    folder = tmp_path / "tmp"
    folder.mkdir()
    arguments = [str(tmp_path / word) if word == "build" else word
                 for word in arguments]
    done = subprocess.run(
        ["sh", script, *arguments], cwd=ROOT, start_new_session=True,
        env={**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}",
             "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (1, -getattr(signal, f"SIG{number}"))
    assert not list(folder.iterdir())
