"""Boot everything that can be logged: every row and the real-mode tests.

    python3 tests/coverage/boots.py DIRECTORY

leaves in DIRECTORY what edges.c made of each boot: under boots/ and hostile/
those of the rows, under realmode/PROGRAM/ those of the real-mode tests. Exit
status 1: some boot did not show what it must.
"""

import concurrent.futures
import os
import pathlib
import shutil
import signal
import sys

DIRECTORY = pathlib.Path(sys.argv[1])
os.environ["COVERAGE"] = str(DIRECTORY)	# time-outs depend on it
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "boot"))

import jobs			# noqa: E402 # found by the line above
from harness.guard import end_with_parent	# noqa: E402
from harness.recipe import Recipe	# noqa: E402
from hostile import HostileRow	# noqa: E402

# The log makes QEMU slow, and a BIOS's own time-outs with it.
TRIES = 3


def place(job):
    """The directory of its log below DIRECTORY; None: there is no log."""
    if isinstance(job, jobs.ProgramJob):
        return f"realmode/{job.image.stem}"
    if job.row.machine.emulator != "qemu" or job.missing():
        return None
    if "--stage2" in job.row.disk.flags:
        return None		# not the one that is counted
    return "hostile" if isinstance(job.row, HostileRow) else "boots"


def same_kernel(row):
    """Is its CRC what many rows compute?"""
    return isinstance(row, HostileRow) or row.disk == Recipe()


def play(job):
    os.environ["COVERAGE"] = str(DIRECTORY / place(job))
    os.environ.pop("COVERAGE_SKIPS", None)
    if isinstance(job, jobs.RowJob) and same_kernel(job.row):
        os.environ["COVERAGE_SKIPS"] = "crc32c\\w*"
    for _ in range(TRIES):
        problem = job.play()
        if not problem:
            break
    return problem


def main():
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    todo = [job for job in jobs.jobs() if place(job)]
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(
            os.cpu_count(), initializer=end_with_parent) as pool:
        for number, problem in enumerate(pool.map(play, todo), 1):
            if sys.stdout.isatty():
                print(f"\r{number} of {len(todo)} boots", end="", flush=True)
            if problem:
                failed += 1
                print(f"\n{problem}", flush=True)
    print(f"\n{len(todo)} boots, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    # Ctrl-C: not once all that waits has been done.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
