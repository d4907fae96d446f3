"""Leave a line "ok NAME", "not ok NAME" or "skip NAME, why" for each test."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/boot"))
from harness.guard import heed_ctrl_c  # noqa: E402

BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
RESULTS = BUILD / "results" / "tools.txt"

heed_ctrl_c()


def pytest_sessionstart(session):
    # Under xdist the workers report to one controller, which writes.
    if not hasattr(session.config, "workerinput"):
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text("")
        session.config.pluginmanager.register(Writer())


def pytest_collection_modifyitems(items):
    """The longest first, while there is work for the other cores."""
    items.sort(key=lambda item: item.path.stem not in ("test_labs",
                                                       "test_build"))


class Writer:
    """Adds a line per test to RESULTS."""

    def pytest_runtest_logreport(self, report):
        if report.passed and report.when != "call":
            return
        verdict = "not ok" if report.failed else "ok"
        reason = ""
        if report.skipped:
            verdict = "skip"
            reason = ", " + report.longrepr[2].removeprefix("Skipped: ")
        # "tests/tools/test_x.py::test_y[z]" is x-y[z]
        path, _, test = report.nodeid.partition("::")
        name = f"{pathlib.Path(path).stem}-{test}".replace("test_", "")
        name = "".join(c if c.isprintable() and c != " " else "-"
                       for c in name)
        with RESULTS.open("a") as out:
            out.write(f"{verdict} tools-{name}{reason}\n")
