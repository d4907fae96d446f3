"""Boot each real-mode test program under QEMU and read its TAP lines."""

import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "boot"))
# pylint: disable=wrong-import-position
from harness.emulator import HANG  # noqa: E402
from harness.guard import Process  # noqa: E402
from harness.machine import value  # noqa: E402

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
QEMU = os.environ.get("QEMU", "qemu-system-x86_64")
SUCCESS = 33

PROGRAMS = sorted(
    path.stem[len("test_"):]
    for path in pathlib.Path(__file__).parent.glob("test_*.asm"))


def boot(image):
    """Exit status and serial output of one boot; a hang has status None."""
    command = [
        QEMU, "-display", "none", "-no-reboot", "-m", "16M",
        "-serial", "stdio", "-monitor", "none", "-net", "none",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        "-drive", f"file={value(image)},format=raw,if=ide,snapshot=on",
    ]
    with Process(command, stdin=subprocess.DEVNULL,
                 stdout=subprocess.PIPE) as machine:
        try:
            output = machine.communicate(timeout=HANG)[0]
            status = machine.returncode
        except subprocess.TimeoutExpired:
            machine.kill()
            output, status = machine.communicate()[0], None
    return status, output.decode("ascii", "replace").replace("\r", "")


@pytest.mark.parametrize("program", PROGRAMS)
def test_realmode(program):
    status, output = boot(BUILD / "realmode" / f"{program}.img")
    lines = output.splitlines()
    results = [line for line in lines
               if line.startswith(("ok ", "not ok "))]
    directory = BUILD / "results"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"realmode_{program}.txt").write_text(
        "".join(f"{line}\n" for line in results))

    assert not [line for line in results if line.startswith("not")], output
    assert results and f"1..{len(results)}" in lines, output
    assert status == SUCCESS, f"status {status}, None is a hang\n{output}"
