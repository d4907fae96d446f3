"""Run a command until it ends or hangs.

One that does not end is ended, and that is a hang: after so many seconds of the
CPU's time, however busy this machine is, or without news for HANG_TIMEOUT
seconds.
"""

import contextlib
import dataclasses
import functools
import os
import re
import select
import signal
import subprocess
import time

BUILD_SECONDS = 600
QUIET_SECONDS = float(os.environ.get("HANG_TIMEOUT", "60"))
TEXT_MAX = 1 << 20
FILE_MAX = 1 << 28


@dataclasses.dataclass(frozen=True)
class Ended:
    """A command's end. Its status is None if it was ended, for the reason
    `hang`, or because it said what nothing comes after."""
    text: str
    status: int
    hang: str


def without_jobs(flags):
    """MAKEFLAGS for a make that is on its own: the pipe of a `make -j` is
    closed here. Variables such as CC=clang stay."""
    words = re.findall(r"(?:\\.|[^\s\\])+", flags)
    return " ".join(word for word in words
                    if not word.startswith(("-j", "--jobserver-")))


def environment():
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C", "CMOCKA_MESSAGE_OUTPUT": "TAP",
            "MAKEFLAGS": without_jobs(os.environ.get("MAKEFLAGS", ""))}


def stop(process):
    """It, and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def run(argv, root, seconds=BUILD_SECONDS, types=(), ends=None, quiet=None):
    """Run a command until it ends, says what nothing comes after, or hangs."""
    quiet = quiet or QUIET_SECONDS
    limits = f"ulimit -S -t {seconds}; ulimit -H -t {seconds + 5}; " \
        f"ulimit -f {FILE_MAX // 512}"
    process = subprocess.Popen(
        ["sh", "-c", f'{limits}; exec "$@"', "sh", *argv], cwd=root,
        env=environment(), start_new_session=True,
        stdin=subprocess.PIPE if types else subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, text, hang, left = b"", "", "", list(types)
    endless = f"no end after {seconds} s of the CPU's time, or {quiet:.0f} s " \
        "without a word"
    last = time.monotonic()
    while not hang and not (ends and re.search(ends, text)):
        if select.select([process.stdout], [], [], 1)[0]:
            more = os.read(process.stdout.fileno(), 1 << 16)
            if not more:
                break
            said = (said + more)[:TEXT_MAX]
            last = time.monotonic()
            text = said.decode("ascii", "replace").replace("\r", "")
            if left and re.search(left[0][0], text, re.MULTILINE):
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.write(left.pop(0)[1].encode())
                    process.stdin.flush()
            if len(said) == TEXT_MAX:
                hang = f"it printed {TEXT_MAX} bytes, and more"
        elif time.monotonic() - last > quiet:
            hang = endless
    else:
        stop(process)
        if not hang:
            # What is read at once depends on how busy this machine is.
            text = text[:re.search(ends, text).end()]
    status = None
    if process.returncode is None:
        try:
            status = process.wait(quiet)
        except subprocess.TimeoutExpired:
            hang = endless
    stop(process)
    for stream in filter(None, (process.stdin, process.stdout)):
        stream.close()
    if status in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        hang = endless
    return Ended(text, status, hang)


@functools.cache
def same_addresses():
    """What a program of this machine is run by, so that what it says of its
    memory is the same each time, and in gdb; nothing in containers that forbid
    it."""
    words = ["setarch", "-R"]
    try:
        done = subprocess.run([*words, "true"], capture_output=True,
                              check=False)
    except FileNotFoundError:
        return []
    return words if done.returncode == 0 else []


def build(targets, root, folder, wrap):
    """"" or why it does not build. No targets would be all."""
    if not targets:
        return ""
    # By its name in the tree: so it is called where `make` built it.
    name = folder.relative_to(root) if folder.is_relative_to(root) else folder
    argv = ["make", "-s", f"-j{os.cpu_count()}", f"BUILD={name}",
            *(f"{name}/{target}" for target in targets)]
    done = run(wrap(argv, True), root, quiet=600)
    if done.status == 0:
        return ""
    lines = done.text.splitlines()
    wrong = [line for line in lines if re.search("error|not fit|undefined",
                                                 line)] or lines[-4:]
    return "\n".join(f"  {line}" for line in wrong[:8]) + "\n"
