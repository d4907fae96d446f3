"""What this Python starts ends with it, however it ends.

A Python that a signal ends cleans nothing up. So tools/guard.sh stands by: it
reads a pipe that is open for writing in this process alone.

    Process          a subprocess.Popen
    run              as subprocess.run
    folder           as tempfile.TemporaryDirectory
    end_with_parent  for the workers of a multiprocessing pool
    heed_ctrl_c      for a Python that may run in a script's background
"""

import atexit
import contextlib
import multiprocessing
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading

from .words import ROOT


class Guard:
    """A running tools/guard.sh."""

    def __init__(self):
        # A session of its own: a signal to all of ours is not for the guard.
        self.process = subprocess.Popen(["sh", ROOT / "tools/guard.sh"],
                                        stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL,
                                        start_new_session=True)

    def tell(self, word, what):
        os.write(self.process.stdin.fileno(), f"{word} {what}\n".encode())

    def finish(self):
        self.process.stdin.close()
        self.process.wait()


_guard = Guard()


def heed_ctrl_c():
    """What a script starts in the background ignores Ctrl-C, and so would all
    that we start."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def tell(word, what):
    """A line for the guard, one of those that guard.sh knows."""
    _guard.tell(word, what)


atexit.register(lambda: _guard.finish())  # pylint: disable=unnecessary-lambda


class Process(subprocess.Popen):
    """A process that ends with this Python."""

    told = False

    def __init__(self, *arguments, **options):
        # In the new process, before it becomes the program: it is known when
        # it starts.
        super().__init__(*arguments, **options,
                         preexec_fn=lambda: tell("process", os.getpid()))

    def _tell_end(self, status):
        if status is not None and not self.told:
            self.told = True
            tell("ended", self.pid)
        return status

    def poll(self):
        return self._tell_end(super().poll())

    def wait(self, timeout=None):
        return self._tell_end(super().wait(timeout))


def run(argv, timeout=None, input=None, **options):
    """Run to the end; a subprocess.CompletedProcess."""
    with Process(argv, **options) as process:
        try:
            out, err = process.communicate(input, timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(argv, process.returncode, out, err)


@contextlib.contextmanager
def folder():
    """A folder for temporary files, which goes at the end."""
    path = f"{tempfile.gettempdir()}/firstlight-{secrets.token_hex(8)}"
    tell("folder", path)
    os.mkdir(path, 0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def end_with_parent():
    """A worker's first step. It inherited the parent's pipe, and would wait
    for work for ever when a signal has ended the parent."""
    global _guard
    _guard.process.stdin.close()
    _guard = Guard()

    def wait():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
