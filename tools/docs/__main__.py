"""Documents that do not rot: what can be derived from the tree is derived.

    python3 tools/docs update          write tables, quotes, citations anew
    python3 tools/docs check BUILD [NAME...]
                                       is all of it true, or what these checks
                                       look at? BUILD/results/docs.txt
    python3 tools/docs path BUILD      the sources from LBA 0 to kmain

`make docs`, `make test-docs` and `make path` call it. The modules beside this
file say what a document can ask for: tables.py, quotes.py, citations.py; and
checks.py what is checked. Environment: HOSTCC, MAKE, NM.
"""

import os
import pathlib
import sys

from checks import CHECKS, complaints
from document import parts
from reading import path
from tree import ROOT, Wrong, documents


def update():
    """Writes what has changed. Status 1: not all of it could be made."""
    status = 0
    for document in documents():
        there, should = [], []
        for part in parts(document):
            there += part.there
            should += part.should
            if part.wrong:
                print(f"{document}:{part.line}: {part.wrong}", file=sys.stderr)
                status = 1
        if there != should:
            print(f"  DOCS    {document}")
            new = ROOT / f"{document}.new"
            new.write_text("\n".join(should) + "\n")
            os.replace(new, ROOT / document)
    return status


def check(build, *names):
    """Prints what is wrong, then a line for each check. Status 1: something is."""
    results = []
    for name in names or CHECKS:
        found = complaints(name)
        for complaint in found:
            print(f"# {complaint}")
        results.append(f"{'not ok' if found else 'ok'} docs-{name}")
    (build / "results").mkdir(parents=True, exist_ok=True)
    (build / "results/docs.txt").write_text("\n".join(results) + "\n")
    print("\n".join(results))
    return int(any(result.startswith("not") for result in results))


def main(command=None, *arguments):
    folders = [pathlib.Path(argument).resolve() for argument in arguments]
    names = arguments[1:]
    try:
        if command == "update" and not folders:
            return update()
        if command == "check" and folders and set(names) <= set(CHECKS):
            return check(folders[0], *names)
        if command == "path" and len(folders) == 1:
            return path(*folders)
    except Wrong as wrong:
        print(f"docs: {wrong}", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stdout if command == "--help" else sys.stderr)
    return 0 if command == "--help" else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
