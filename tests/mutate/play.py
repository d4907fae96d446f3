"""Play the jobs of tests/boot/jobs.py that are named, to the first red one.

    BUILD=... python3 tests/mutate/play.py NAME...

Prints "red: NAME" and why, or nothing. Exit status 1: one was red.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "boot"))

import harness.run	# noqa: E402 # found by the line above
import jobs	# noqa: E402

# A mutant that goes astray mostly does so without a word.
harness.run.SILENCE = 8


def main():
    known = {job.name: job for job in jobs.jobs()}
    for name in sys.argv[1:]:
        problem = known[name].play() if name in known else "no such boot"
        if problem:
            print(f"red: {name}\n{problem}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
