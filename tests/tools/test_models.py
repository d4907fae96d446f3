"""The models of tests/models: bound to the C, and proven if Spin is here. Their
mutants, which take longer, are make models."""

import pathlib
import shutil
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/models"))

import models	# noqa: E402 # found by the line above

MODELS = models.models()
SPIN = pytest.mark.skipif(not shutil.which("spin"), reason=models.MISSING)


def read(file):
    return (ROOT / file).read_text()


@pytest.mark.parametrize("name", MODELS)
def test_bound_to_the_c(name):
    assert not models.unbound(MODELS[name], read)


LOCK = "kernel/sync/spinlock.h"


@pytest.mark.parametrize("change, said", [
    # Gone, and in another order.
    (lambda text: text.replace("cpu_interrupts_off();", ""),
     f"{LOCK}: spinlock_take() does not say there: cpu_interrupts_off();"),
    (lambda text: text.replace("&lock->owner, 0", "&lock->owner, 1"),
     f"{LOCK}: spinlock_release() does not say there: "
     "atomic_store_explicit(&lock->owner, 0"),
    (lambda text: text.replace("\tif (held->flags & EFLAGS_IF)\n"
                               "\t\tcpu_interrupts_on();\n", "")
     .replace("\tcpu_of(me)->locks_held--;\n",
              "\tcpu_interrupts_on();\n"),
     f"{LOCK}: spinlock_release() does not say there: cpu_interrupts_on();"),
    (lambda text: text.replace("spinlock_take(struct", "spinlock_get(struct"),
     f"{LOCK} has no spinlock_take()")])
def test_c_that_changes_is_noticed(change, said):
    assert change(read(LOCK)) != read(LOCK)
    assert models.unbound(MODELS["ticket"], lambda file: change(read(file))) \
        == [said]


def test_a_step_that_cites_nothing_is_noticed():
    text = MODELS["sleep"].replace("// semaphore->count++;", "")
    assert models.unbound(text, read) == [
        "semaphore_up: a step that nothing stands for: count++;"]


@pytest.mark.parametrize("name", MODELS)
def test_mutants_can_be_made(name):
    mutants = models.mutants(MODELS[name])
    assert len(mutants) >= 3
    for mutant in mutants:
        assert mutant.edits and mutant.finds
        assert mutant.made_in(MODELS[name]) != MODELS[name]


def test_most_are_bugs_of_the_museum_too():
    names = [mutant.name for text in MODELS.values()
             for mutant in models.mutants(text)]
    assert len(names) == len(set(names))
    museum = {path.stem for path in (ROOT / "tests/museum").glob("*.patch")}
    assert len(museum & set(names)) >= len(names) / 2


@SPIN
@pytest.mark.parametrize("name", MODELS)
def test_proven(name, tmp_path):
    well, told = models.check(tmp_path, name, MODELS[name])
    assert well, told


@SPIN
def test_a_mistake_is_found(tmp_path):
    text = MODELS["ticket"]
    mutant = models.mutants(text)[0]
    well, told = models.check(tmp_path, "ticket", text, mutant)
    assert well, told
    way = models.steps(tmp_path / "ticket" / mutant.name, mutant.made_in(text))
    assert "atomic_fetch_add_explicit(&lock->next" in way
    # It is no proof of another mistake.
    mutant.finds = "invalid end state"
    well, told = models.check(tmp_path, "ticket", text, mutant)
    assert not well
    assert told.startswith("assertion violated (holders==1), not invalid")


@SPIN
def test_a_line_that_is_never_reached_is_said(tmp_path):
    text = MODELS["ticket"].replace("inline hold()\n{\n", "inline hold()\n{\n"
                                    "\tif :: holders > 1 -> holders = 9\n"
                                    "\t:: else fi;\n")
    well, told = models.check(tmp_path, "ticket", text)
    assert not well
    assert "is never reached: if :: holders > 1 -> holders = 9" in told
