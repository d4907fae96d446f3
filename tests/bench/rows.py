"""A figure of the benchmark table, and how it is printed.

A source of figures writes them to build/bench_*.jsonl, one JSON object a
line, with the fields of Row; bench.py joins the files to build/bench.json.
"""

import dataclasses
import json


@dataclasses.dataclass
class Row:
    """One figure.

    name     what was measured
    value    a number
    unit     "instructions", "accesses", "x" for a ratio, "ns", ...
    beside   what it is to be compared with: {name: number}
    most     the value must not be larger, None: no such limit
    least    the value must not be smaller
    """

    name: str
    value: float
    unit: str = ""
    beside: dict = dataclasses.field(default_factory=dict)
    most: float = None
    least: float = None

    def is_good(self):
        return (self.most is None or self.value <= self.most) and \
            (self.least is None or self.value >= self.least)

    def limit(self):
        if self.most is not None:
            return f"<= {number(self.most)}"
        return f">= {number(self.least)}" if self.least is not None else ""

    def cells(self):
        beside = ", ".join(f"{name} {number(value)}"
                           for name, value in self.beside.items())
        verdict = "" if self.is_good() else "MISSED"
        return [self.name, f"{number(self.value)} {self.unit}".strip(),
                self.limit(), verdict, beside]


def number(value):
    return f"{value:,.2f}" if value != int(value) else f"{int(value):,}"


def write(path, rows):
    with open(path, "w", encoding="ascii") as file:
        for row in rows:
            print(json.dumps(dataclasses.asdict(row)), file=file)


def read(path):
    names = {field.name for field in dataclasses.fields(Row)}
    with open(path, encoding="ascii") as file:
        for line in file:
            fields = json.loads(line)
            yield Row(**{name: fields[name] for name in names & set(fields)})


def table(rows):
    lines = [["what", "measured", "limit", "", "beside"]]
    lines += [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    for line in lines:
        cells = [line[0].ljust(widths[0]), line[1].rjust(widths[1]),
                 line[2].rjust(widths[2]), line[3].ljust(widths[3]), line[4]]
        yield "  ".join(cells).rstrip()
