"""tools/guard.sh: what its owner named has ended once the owner has."""

import signal
import subprocess

import pytest

from conftest import ROOT
from harness.emulator import HANG


@pytest.fixture(name="sleeper")
def fixture_sleeper():
    """Starts processes that only sleep, behind some shell commands."""
    started = []

    def start(before=":"):
        started.append(subprocess.Popen(
            ["sh", "-c", f"{before}; echo; exec sleep {HANG}"],
            stdout=subprocess.PIPE))
        started[-1].stdout.readline()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def guard(*lines):
    subprocess.run(["sh", ROOT / "tools/guard.sh"],
                   input="".join(f"{line}\n" for line in lines), text=True,
                   stdout=subprocess.DEVNULL, check=True, timeout=HANG)


def test_processes_and_folders(sleeper, tmp_path):
    folder = tmp_path / "with a blank"
    folder.mkdir()
    (folder / "file").write_text("")
    one, other = sleeper(), sleeper()
    guard(f"process {one.pid}", f"folder {folder}", f"process {other.pid}")
    assert one.wait(HANG) == other.wait(HANG) == -signal.SIGTERM
    assert not folder.exists()


def test_a_process_that_does_not_listen(sleeper):
    deaf, stopped = sleeper("trap '' TERM"), sleeper()
    stopped.send_signal(signal.SIGSTOP)
    guard(f"process {deaf.pid}", f"process {stopped.pid}")
    assert deaf.wait(HANG) == -signal.SIGKILL
    assert stopped.wait(HANG) in (-signal.SIGKILL, -signal.SIGTERM)


def test_a_number_that_another_process_has_by_now(sleeper):
    old, new = sleeper(), sleeper()
    guard(f"process {old.pid}", f"process {new.pid}", f"ended {new.pid}")
    assert old.wait(HANG) == -signal.SIGTERM
    assert new.poll() is None
