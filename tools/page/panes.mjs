// panes.mjs - HTML of everything that shows the moment.
//
// Each function takes the page (main.mjs), whose machine stands at the moment,
// and gives HTML. What can be clicked says what it does: data-go a step to go to,
// data-ask an address, data-register a register to ask about.

import { biosWords, bitsSet, changes, GENERAL, MODES,
	registerName, SEGMENTS } from "./words.mjs";
import { gdtRows, idtRows, pageWalk } from "./tables.mjs";
import { callerOf, code, stackName } from "./sentence.mjs";
import { CALLS } from "./record.mjs";
import { glyph } from "./screen.mjs";
import { hex, number, safe } from "./names.mjs";
import { stackSpans } from "./spans.mjs";
import { UNITS } from "./steps.mjs";

export const go = (step, text) => `<button class="link" data-go="${step}">${text}</button>`;
const ask = (address, text, bytes = 1) =>
	`<button class="link mono" data-ask="${address}" data-bytes="${bytes}">${text}</button>`;
export const modeChip = (mode, text) => `<span class="mode ${mode.kind}">${text ?? mode.name}</span>`;
const LANE = 2000;	// at most so many stretches of a thread are drawn
const OWNERS = { BIOS: "mbios", "boot sector": "m16", "stage 2": "m32", kernel: "m64", "other code": "m64" };

function table(heads, rows) {
	return `<div class="scroll"><table><tr>${heads.map((head) => `<th>${head}`).join("")}</tr>` +
		rows.join("") + "</table></div>";
}

const row = (cells, here) => `<tr${here ? " class=here" : ""}>` +
	cells.map((cell) => `<td class=mono>${cell}`).join("") + "</tr>";

// ---- Source ----------------------------------------------------------------------

// The instructions of a line, as the mode reads them. A line of a header is in many
// routines: only those of this one.
export function instructionsHTML(page, file, line) {
	const routine = page.names.routine(page.state.at), addresses = page.names.addresses(file, line);
	const here = addresses.filter((address) => page.names.routine(address) === routine);
	const [inFile, atLine] = page.names.line(page.state.at);
	if (inFile === file && atLine === line && !here.includes(page.state.at))
		here.push(page.state.at);
	return (here.length ? here.sort((a, b) => a - b) : addresses.slice(0, 1)).map((address) => {
		const text = code(page, address);
		return address === page.state.at ? `<span class="at">${text}</span>` : text;
	}).join("; ");
}

export const AROUND = 24;	// lines on either side that show their instructions

export function sourceHTML(page) {
	const place = page.names.line(page.state.at);
	if (!place)
		return plainCode(page);
	return page.names.html(place[0]).map((html, i) => {
		const ran = page.names.addresses(place[0], i + 1).some((address) => page.executed.has(address));
		return `<div class="line${ran ? " ran" : ""}"><b data-line="${i + 1}" title="To when it runs">${i + 1}</b>` +
			`<span>${html || " "}</span><em></em></div>`;
	}).join("");
}

// Code without source: the next instructions
function plainCode(page) {
	let at = page.state.at, html = "";
	const top = at < 2 ** 32 ? 2 ** 32 : Infinity;
	for (let i = 0; i < 16 && at < top; i++) {
		const { bytes } = page.machine.disassemble(at, page.state);
		html += `<div class="line plain${i ? "" : " here"}"><b>${hex(at)}</b><span>${code(page, at)}</span>` +
			`<em>${[...bytes].map((byte) => hex(byte, 2)).join(" ")}</em></div>`;
		at += bytes.length || 1;
	}
	return html;
}

// ---- Registers ---------------------------------------------------------------------

export function registersHTML({ state, before, names }) {
	const changed = new Set(changes(before, state));
	const wide = state.mode === 4, digits = wide ? 16 : 8;
	const one = (name, width, label) => `<button data-register="${name}" class="` +
		`${changed.has(name) ? "changed" : state[name] ? "" : "zero"}" title="Who changed it?">` +
		`<b>${label ?? registerName(name, state)}</b>${hex(state[name], width)}</button>`;
	const general = GENERAL.slice(0, wide ? 16 : 8).map((name) => one(name, digits));
	const flag = (name, html) => `<p class="flags ${changed.has(name) ? "changed" : ""}"><button class="link" ` +
		`data-register="${name}" title="Who changed it?">${registerName(name, state)}</button>${html}</p>`;
	const flags = ["cr0", "cr4", "efer", "rflags"].map((name) => {
		const chips = bitsSet(names.bits[name], state[name]).map(([bit, short, what]) =>
			`<abbr title="bit ${bit}: ${what}">${short}</abbr>`);
		return flag(name, chips.join("") || "0");
	});
	const a20 = flag("a20", state.a20 ? "open" : "closed");
	return `<div class="grid${wide ? "" : " narrow"}">${general.join("")}` +
		`${one("rip", digits, wide ? "RIP" : "EIP")}</div>` +
		`<div class="grid narrow">${SEGMENTS.map((name) => one(name, 4)).join("")}` +
		`${["cr2", "cr3"].map((name) => one(name, 8)).join("")}</div>${flags.join("")}${a20}`;
}

// ---- Panes ----------------------------------------------------------------------------

function stackHTML(page) {
	const open = page.record.open(page.step).reverse();
	const rows = open.map((call) => row([go(call.step, safe(page.names.label(call.address))),
		CALLS[call.kind],
		go(call.step - 1, "from where"), call.end ? go(call.end, "to its end") : "does not return",
		safe(page.names.where(call.address) ?? "")]));
	return open.length ? table(["routine", "", "", "", ""], rows) : "<p class=soft>No call is open.</p>";
}

function pathItems(page, places) {
	return places.map((place) => {
		if (place.loop)
			return `<li><details><summary>× ${number(place.count)}: the first ${place.loop.length - 1}, ` +
				`then the last</summary>${place.loop.map((turn, i) => `<ol class="path" start="${i}">` +
				pathItems(page, turn) + "</ol>").join("")}</details></li>`;
		const text = place.line ? page.names.html(place.line[0])[place.line[1] - 1].trim()
			: hex(place.address) + "h";
		const here = place.step === page.pathHere ? " class=here" : "";
		return `<li${here}><button data-go="${place.step}">${text}</button></li>`;
	}).join("");
}

function pathHTML(page) {
	const call = page.record.open(page.step).at(-1);
	const from = call?.step ?? page.chapter.from, to = call?.end || page.chapter.to;
	const known = page.pathKnown;
	const places = known?.from === from && known.to === to ? known.places : page.journey.path(from, to);
	page.pathKnown = { from, to, places };
	page.pathHere = places.flatMap((p) => (p.loop ? p.loop.flat(9) : [p])).filter((p) => !p.loop)
		.findLast((place) => place.step <= page.step)?.step;
	const name = call ? page.names.label(call.address) : page.chapter.name;
	return `<div class="columns"><div><h3>What ${safe(name)} executes, calls left out</h3>` +
		`<ol class="path whole">${pathItems(page, places.slice(0, 1500))}</ol></div>` +
		`<div><h3>Who called</h3>${stackHTML(page)}</div></div>`;
}

// Blocks of memory in the colour of who wrote last
function cellsHTML(page, from, block) {
	const owners = page.record.owners(from, block, page.step);
	return `<div class="cells">${[...owners].map((code, i) => {
		const owner = page.names.owner(code), at = from + i * block;
		const title = `${hex(at)}h: ${owner ? owner + ", " + page.names.label(code) : "not written"}`;
		return `<button class="${OWNERS[owner] ?? ""}" title="${safe(title)}" aria-label="${safe(title)}"` +
			` data-ask="${at}" data-bytes="${block}"></button>`;
	}).join("")}</div>`;
}

function memoryHTML(page) {
	const rows = page.names.layout.map(([name, from, to, what]) => {
		const write = page.record.write(from, Math.min(to - from, 0x10000000), page.step);
		const who = write ? `${go(write.step, safe(page.names.label(write.code)))} ` +
			`<span class=soft>${page.names.owner(write.code)}</span>` : "<span class=soft>nobody yet</span>";
		return `<tr${page.state.at >= from && page.state.at < to ? " class=here" : ""}>` +
			`<td class=mono>${hex(from, 6)}<td class=mono>${hex(to, 6)}<td class=mono>${name}` +
			`<td>${who}<td>${safe(what)}</tr>`;
	});
	const legend = Object.entries(OWNERS).slice(0, 4).map(([owner, kind]) =>
		`<span><span class="swatch ${kind}"></span>${owner}</span>`).join(" &ensp; ");
	return `<p>Who wrote last, up to this moment: ${legend} &ensp; <span class="swatch"></span>nobody. ` +
		"A click asks.</p><div class=columns><div><h3>The first mebibyte, 2 KiB a cell</h3>" +
		`${cellsHTML(page, 0, 2048)}</div><div><h3>The second, from 100000h</h3>` +
		`${cellsHTML(page, 0x100000, 2048)}</div></div><h3>What lies where</h3>` +
		table(["from", "up to", "name", "last written by", "what"], rows);
}

function bytesHTML(page) {
	const { machine, names, state } = page;
	const at = Math.max(0, page.look - page.look % 16), bytes = machine.memory(at, 256);
	const next = machine.physical(state.at), stack = machine.physical(Number(state.ssBase + state.rsp));
	let html = "";
	for (let y = 0; y < 256; y += 16) {
		const cells = [...bytes.subarray(y, y + 16)].map((byte, x) => {
			const address = at + y + x;
			const kind = address === page.look ? "changed" : byte ? "" : "zero";
			return `<button class="${kind}" data-ask="${address}" title="${hex(address)}h">${hex(byte, 2)}</button>`;
		});
		const text = [...bytes.subarray(y, y + 16)].map((byte) => safe(glyph(byte))).join("");
		html += `${hex(at + y, 8)}  ${cells.join("")}  ${text}  ${names.range(at + y)?.[0] ?? ""}\n`;
	}
	const look = (to, text) => `<button data-look="${to}">${text}</button>`;
	return `<form class="field" data-form="look"><label>Physical address <input name="look" ` +
		`value="${hex(page.look)}" aria-label="Physical address, hexadecimal, or a name"></label>` +
		`<button>Show</button>${look(next, "instruction")}${look(stack, "stack")}` +
		`${look(at - 256, "▲")}${look(at + 256, "▼")}</form><p class="soft">Click a byte: who wrote it?</p>` +
		`<div class="bytes">${html}</div>`;
}

function walkHTML(page) {
	const { machine, state } = page;
	if (state.mode < 3)
		return "<p>Paging is off: a linear address is a physical one. See long mode's chapter.</p>";
	const { rows, physical, size, fault } = pageWalk(machine, state, page.walk ?? state.at);
	return `<p>CR3 points to ${ask(Number(state.cr3), hex(state.cr3) + "h", 8)} ` +
		`${safe(page.names.symbol(Number(state.cr3)) ? page.names.label(Number(state.cr3)) : "")}</p>` +
		`<form class="field" data-form="walk"><label>Linear address <input name="walk" value="` +
		`${hex(page.walk ?? state.at)}"></label><button>Follow it</button></form>` +
		table(["table", "index", "at", "entry", "bits"], rows.map((entry) => row([entry.table,
			entry.index, ask(entry.address, hex(entry.address), 8), hex(entry.entry, 16),
			entry.bits.join(", ")]))) + `<p>${fault ?? `Physical address <b class=mono>${hex(physical)}</b>, ` +
		`in a page of ${size >= 2 ** 20 ? size / 2 ** 20 + " MiB" : size / 1024 + " KiB"}.`}</p>`;
}

function tablesHTML(page) {
	const { machine, state, names } = page;
	const gdt = gdtRows(machine, state).map((entry) => row([hex(entry.selector, 2) + "h", entry.what,
		hex(entry.base, 8), hex(entry.limit, 8), "ring " + entry.ring,
		ask(entry.address, hex(entry.address), 8)], state.mode > 1 && BigInt(entry.selector) === state.cs));
	const gates = idtRows(machine, state).filter((gate) => gate.to && gate.present !== 0);
	const idt = gates.map((gate) => row([hex(gate.vector, 2) + "h",
		state.mode < 2 ? "" : names.exceptions[gate.vector] ?? "", hex(gate.selector, 4) + ":" +
		hex(gate.offset ?? gate.to), safe(names.symbol(gate.to) ? names.label(gate.to)
			: names.owner(gate.to)), gate.ist ? "IST " + gate.ist : ""]));
	const port = (name, at) => row([name, machine.port(at) === undefined ? "not written"
		: hex(machine.port(at), 2) + "h"]);
	return `<div class="columns"><div><h3>Segments: GDT at ${ask(Number(state.gdt), hex(state.gdt) + "h", 8)}</h3>` +
		`${table(["selector", "what", "base", "limit", "", "at"], gdt)}<h3>The walk of an address</h3>${walkHTML(page)}` +
		`<h3>Ports, as last written</h3>${table([], [port("PIC 1 mask (21h)", 0x21),
			port("PIC 2 mask (A1h)", 0xA1), port("CMOS index (70h)", 0x70), port("A20 gate (92h)", 0x92)])}</div>` +
		`<div><h3>${state.mode < 2 ? "Interrupt vectors at 0" : "Interrupts: IDT at " + hex(state.idt) + "h"}` +
		`</h3><div class="tall">${table(["vector", "", "to", "routine", ""], idt)}</div></div></div>`;
}

function biosHTML(page) {
	const rows = page.record.biosCalls().map((call) => {
		const words = biosWords(call);
		const caller = callerOf(page, call);
		return `<tr${page.step >= call.step && page.step < (call.end || Infinity) ? " class=here" : ""}>` +
			`<td class=mono>${go(call.step, words.name)}<td>${safe(words.ask)}<td>${safe(words.answer)}` +
			`<td class=mono>${safe(caller)}</tr>`;
	});
	return `<p>All ${rows.length} calls of this boot.</p>` + table(["call", "asks", "answer", "asked by"], rows);
}

// For each stack of the chapter: who runs on it, when, and where it waits now
function stacksHTML(page) {
	const { record, names, step, chapter: { from, to } } = page, now = record.stack(step);
	const spans = stackSpans(record, from, to), share = (at) => ((at - from) / (to - from) * 100).toFixed(3);
	const rows = [...new Set(spans.map(({ stack }) => stack))].map((stack) => {
		const own = spans.filter((span) => span.stack === stack), last = own.findLast((span) => span.from <= step);
		const lane = own.slice(0, LANE).map((span) => `<button data-go="${span.from}" style="left:${share(span.from)}%;` +
			`width:${share(from + span.to - span.from)}%" aria-label="step ${span.from}" tabindex="-1"></button>`).join("");
		const inside = record.open(step, stack).at(-1);
		return row([safe(stackName(page, stack, Math.max(step, own[0].from))), stack === now ? "runs"
			: !last ? "later" : `waits since ${go(last.to - 1, number(last.to))}`,
		inside && last ? safe(names.label(inside.address)) : "", `${number(own.length)} times`,
		`<div class="lane">${lane}</div>`], stack === now);
	});
	return "<p>Who runs, in this chapter: each thread has a stack. The unit <i>switch</i> steps from one to the next." +
		`</p>${table(["stack of", "now", "in", "ran", "when"], rows)}`;
}

function helpHTML(page) {
	const keys = UNITS.map((unit) => row([unit.key.toUpperCase(), unit.title]));
	return `<div class="columns"><div><h3>Keys</h3>${table([], [row(["← →", "one step back, forward"]),
		row(["space", "run, pause"]), row(["P", "power on"]), row(["Home End", "first, last moment"]),
		row(["Page ↑ ↓", "chapter"])])}<h3>A step goes to the next, or the last ...</h3>${table([], keys)}</div>` +
		"<div><h3>What you see</h3><p>A whole PC runs in this page, " +
		`with the image ${safe(page.names.image)}, the same bytes that a USB stick would hold. Nothing is a film: ` +
		"each step is executed, here and now, and a step back puts an earlier copy of the machine in place " +
		"and runs it up to there again. What you type while in the past begins another future.</p><p>" +
		"Addresses and registers are hexadecimal. HW with a number is a row of docs/hardware.md: what " +
		"real machines do.</p><p>The PC is Bochs's: a 440FX chipset, 32 MiB, an IDE disk, a " +
		"CPU like an Intel Core i7-2600K without AVX, 20 million instructions a second of its own time. " +
		`Its BIOS is not the one in your PC.</p><p class=soft>BIOS ${page.names.bios.slice(0, 16)}</p>` +
		"<h3>Modes</h3><p>" + [{ name: "BIOS", kind: "mbios" }, MODES[0], MODES[2], MODES[4]].map((mode) =>
		modeChip(mode)).join(" &ensp; ") + "</p></div></div>";
}

export const PANES = [
	["path", "Path", pathHTML], ["memory", "Memory", memoryHTML], ["bytes", "Bytes", bytesHTML],
	["tables", "Tables", tablesHTML], ["bios", "BIOS calls", biosHTML], ["stacks", "Threads", stacksHTML],
];
export const HELP = ["help", "Help", helpHTML];
