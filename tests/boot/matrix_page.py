"""The boot matrix's report as one HTML file that needs no other."""

import base64
import html
import pathlib

HEAD = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Firstlight: boot matrix</title>
<style>
body { font: 15px/1.4 sans-serif; margin: 1.5em; color: #222; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3em .6em;
	border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
th { position: sticky; top: 0; background: #fff; }
pre { background: #111; color: #ddd; padding: .6em; white-space: pre-wrap; }
input { font: inherit; padding: .3em; width: 24em; }
button { font: inherit; }
button.on { font-weight: bold; text-decoration: underline; }
.passed > td:first-child { background: #cfc; }
.failed > td:first-child { background: #fbb; }
.flaky > td:first-child { background: #fd8; }
.skipped > td:first-child { background: #ddd; }
.must, .showed { font-family: monospace; font-size: 13px; }
</style>
<h1>Boot matrix</h1>
"""

TAIL = """\
</tbody></table>
<script>
"use strict";
let verdict = "";
const words = document.querySelector("input");
const rows = [...document.querySelectorAll("tbody tr")];
const texts = rows.map(row => row.textContent.toLowerCase());
function show() {
	const wanted = words.value.toLowerCase().split(/\\s+/);
	rows.forEach((row, i) => row.hidden =
		(verdict && row.className !== verdict) ||
		!wanted.every(word => texts[i].includes(word)));
	document.querySelector("#shown").textContent =
		rows.filter(row => !row.hidden).length;
}
for (const button of document.querySelectorAll("button"))
	button.onclick = () => {
		verdict = verdict === button.value ? "" : button.value;
		for (const other of document.querySelectorAll("button"))
			other.className = other.value === verdict ? "on" : "";
		show();
	};
words.oninput = show;
show();
</script>
</html>
"""


def lines(texts):
    return "<br>".join(html.escape(text) for text in texts)


def picture(path):
    data = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    return f'<img alt="its screen" src="data:image/png;base64,{data}">'


def told(runs):
    """The run worth telling: the first that failed, or the first."""
    return next((run for run in runs if run["problems"]), runs[0])


def evidence(run):
    parts = [f"<p>By hand:</p><pre>{html.escape(run['command'])}</pre>",
             f"<p>COM1:</p><pre>{html.escape(run['serial'].strip())}</pre>"]
    if "screenshot" in run:
        parts.append(picture(run["screenshot"]))
    return "\n".join(parts)


def cells(entry):
    setting = " ".join(f"{key}={value}"
                       for key, value in entry["setting"].items())
    name = html.escape(entry["name"])
    if not entry["runs"]:
        reason = html.escape("for want of " + ", ".join(entry["missing"]))
        return name, html.escape(setting), lines(entry["must"]), reason, ""
    run = told(entry["runs"])
    opened = " open" if run["problems"] else ""
    name = (f"<details{opened}><summary>{name}</summary>\n{evidence(run)}"
            "</details>")
    showed = lines([run["showed"], *run["problems"]])
    return (name, html.escape(setting), lines(entry["must"]), showed,
            " ".join(f"{run['seconds']:.1f}" for run in entry["runs"]))


def table_row(entry):
    name, setting, must, showed, seconds = cells(entry)
    return (f'<tr class="{entry["verdict"]}"><td>{entry["verdict"]}</td>'
            f"<td>{name}</td><td>{setting}</td>"
            f'<td class="must">{must}</td><td class="showed">{showed}</td>'
            f"<td>{seconds}</td></tr>")


def page(whole):
    """The report of run_matrix.report() as HTML."""
    buttons = " ".join(f'<button value="{word}">{number} {word}</button>'
                       for word, number in whole["counts"].items())
    made_with = html.escape("; ".join(
        f"{what} {version}" for what, version in whole["about"].items()))
    titles = "".join(f"<th>{title}</th>" for title in (
        "verdict", "row", "machine and disk", "what it must show",
        "what it showed", "seconds"))
    return "\n".join([
        HEAD, f"<p>{made_with}. In a pattern % is any hexadecimal number.</p>",
        f"<p>{buttons} <input placeholder="
        '"words, as in: q35 nvme"> <span id="shown"></span> shown</p>',
        f"<table><thead><tr>{titles}</tr></thead><tbody>",
        *map(table_row, whole["rows"]), TAIL])
