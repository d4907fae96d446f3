"""Leave a line "ok NAME", "not ok NAME" or "skip NAME, why" for each test."""

import os
import pathlib
import sys

import pytest

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


# In the order of their length; and whose tests make nothing for each other.
LONGEST = ("test_build", "test_labs", "test_run", "test_booklet", "test_models")
APART = ("test_labs", "test_run", "test_models", "test_setup", "test_guard")


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(config, items):
    """The longest first, while there is work for the other cores. A file's tests
    stay together and share what is made for them, but those of APART."""
    items.sort(key=lambda item: (LONGEST + (item.path.stem,)).index(
        item.path.stem))
    for item in items:
        if (config.pluginmanager.hasplugin("xdist") and
                item.path.stem not in APART):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


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
        test = test.removesuffix("@" + pathlib.Path(path).stem)  # its group
        name = f"{pathlib.Path(path).stem}-{test}".replace("test_", "")
        name = "".join(c if c.isprintable() and c != " " else "-"
                       for c in name)
        with RESULTS.open("a") as out:
            out.write(f"{verdict} tools-{name}{reason}\n")
