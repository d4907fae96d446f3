// pictures.mjs - drawings for README and docs, by the machine itself.
//
//	node pictures.mjs FOLDER	draw them
//	node pictures.mjs --check FOLDER	do they still say what a new run says?
//
// Each is one SVG for light and dark. Numbers in them change with every build; the
// check compares their words.

import fs from "node:fs";
import path from "node:path";

import { boot, NAMES, PARTS } from "./boot.mjs";
import { hex, number, safe } from "../names.mjs";
import { Machine } from "../machine.mjs";
import { modeSpans } from "../spans.mjs";
import { pageWalk } from "../tables.mjs";

const STYLE = `<style>
svg { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.paper { fill: #fffefb; } .ink { fill: #20211f; } .soft { fill: #666560; } .rule { stroke: #bbb7ad; fill: none; }
.box { fill: #efece4; stroke: #bbb7ad; } .none { fill: #efece4; } .bios { fill: #8b8a86; } .m16 { fill: #d98200; }
.m32 { fill: #2474b8; } .m64 { fill: #0b8a63; } .hatch { stroke: #fffefb; stroke-width: 1.4; } .big { font-size: 15px; font-weight: 600; }
.hot { fill: #fff0b8; stroke: #bbb7ad; }
@media (prefers-color-scheme: dark) { .paper { fill: #131417; } .ink { fill: #e9e6df; } .soft { fill: #9d9a92; }
.box, .none { fill: #24262b; } .rule, .box, .hot { stroke: #55575e; } .bios { fill: #7d7f85; } .m16 { fill: #f0a63a; }
.m32 { fill: #64b0ee; } .m64 { fill: #3cc499; } .hatch { stroke: #131417; } .hot { fill: #4a3f12; } }
</style><defs><pattern id="h16" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path
class="hatch" d="M0 0v6"/></pattern><pattern id="h32" width="6" height="5" patternUnits="userSpaceOnUse"><path class="hatch"
d="M0 2h6"/></pattern></defs>`;
const HATCH = { m16: "h16", m32: "h32" };
const OWNERS = { BIOS: "bios", "boot sector": "m16", "stage 2": "m32", kernel: "m64" };

const words = (x, y, text, kind = "ink", anchor = "start") =>
	`<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${safe(text)}</text>`;
const rect = (x, y, w, h, kind) => `<rect x="${x}" y="${y}" width="${Math.max(0, w)}" height="${h}" class="${kind}"/>` +
	(HATCH[kind] ? `<rect x="${x}" y="${y}" width="${Math.max(0, w)}" height="${h}" fill="url(#${HATCH[kind]})"/>` : "");
const arrow = (x, y, to) => `<path class="rule" d="M${x} ${y}h${to - x}m-5 -4l5 4l-5 4"/>`;
const svg = (width, height, title, body) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
	`width="${width}" role="img"><title>${safe(title)}</title>${STYLE}<rect class="paper" width="${width}" ` +
	`height="${height}" rx="8"/>${body}</svg>\n`;
const legend = (x, y, pairs) => pairs.map(([kind, name], i) =>
	rect(x + i * 150, y - 10, 16, 11, kind) + words(x + 22 + i * 150, y, name, "soft")).join("");

const booted = await boot();
const { machine, record, journey, ready } = booted;
const chapters = journey.chapters(ready);

// ---- Modes over time -----------------------------------------------------------

function modes() {
	let body = words(20, 28, "One boot: in which mode the CPU is, step by step", "ink big");
	chapters.forEach(({ name, what, from, to }, i) => {
		const y = 50 + i * 30, x = (at) => 220 + (at - from) / (to - from) * 230;
		body += words(20, y + 14, name, "ink") + words(205, y + 14, number(from), "soft", "end") +
			words(465, y + 14, what, "soft");
		for (const span of modeSpans(record, from, to))
			body += rect(x(span.from).toFixed(1), y, Math.max(2, x(span.to) - x(span.from)).toFixed(1), 15,
				from ? span.kind : "bios");
		for (const call of record.biosCalls().filter((one) => one.step >= from && one.step < to))
			body += rect(x(call.step).toFixed(1), y + 17, Math.max(1, x(call.end) - x(call.step)).toFixed(1), 4, "bios");
	});
	const height = 50 + chapters.length * 30;
	body += legend(220, height + 16, [["m16", "16 bits"], ["m32", "32 bits"], ["m64", "64 bits"], ["bios", "BIOS at work"]]);
	return svg(1060, height + 34, "The modes of the CPU over one boot", body);
}

// ---- Memory, as the boot goes on --------------------------------------------------

function memory() {
	const moments = [["bootsector_start", "The boot sector begins"], ["stage2_start", "Stage 2 begins"],
		["long_mode_enter", "Before long mode"], ["kernel_main", "The kernel begins"]];
	let body = words(20, 28, "Who wrote last, 4 KiB a cell: 0 to 200000h", "ink big");
	moments.forEach(([symbol, title], i) => {
		const left = 20 + i * 255, owners = record.owners(0, 4096, journey.step(symbol));
		body += words(left, 58, title, "ink");
		const paths = { bios: "", m16: "", m32: "", m64: "" };
		owners.forEach((code, cell) => {
			const x = left + cell % 16 * 14.5, y = 70 + (cell >> 4) * 9, kind = OWNERS[NAMES.owner(code)];
			if (kind)
				paths[kind] += `M${x} ${y}h13.5v8h-13.5z`;
		});
		body += rect(left, 70, 231, 287, "none");
		for (const [kind, d] of Object.entries(paths))
			body += `<path class="${kind}" d="${d}"/>` + (HATCH[kind] ? `<path fill="url(#${HATCH[kind]})" d="${d}"/>` : "");
	});
	for (const [at, name] of [[0x7C00, "7C00h"], [0x20000, "20000h"], [0xB8000, "B8000h"], [0x100000, "100000h"]])
		body += words(1032, 80 + (at >> 16) * 9, name, "soft");
	body += legend(20, 385, [...Object.entries(OWNERS).map(([name, kind]) => [kind, name]), ["none", "nobody"]]);
	return svg(1100, 402, "Memory as the boot goes on", body);
}

// ---- The image on the disk --------------------------------------------------------

function image() {
	const view = new DataView(PARTS.image.buffer, PARTS.image.byteOffset + 512);
	const stage2 = view.getUint16(28, true), diag = view.getUint8(30);
	const lba = view.getUint32(36, true), bytes = view.getUint32(40, true), sectors = view.getUint32(24, true);
	const kernel = Math.ceil(bytes / 512);
	const parts = [["boot sector", 0, 1, "m16", "the BIOS reads it to 7C00h"], ["header", 1, 1, "box", "what lies where, sums; to 7E00h"],
		["stage 2", 2, stage2, "m32", "the boot sector reads it to 8000h"], ["diagnostics", 2 + stage2, diag, "box", "read only when asked for"],
		["kernel", lba, kernel, "m64", "stage 2 brings it to 100000h"],
		["zeros", lba + kernel, sectors - lba - kernel, "none", "up to a whole mebibyte"]];
	let y = 54, body = words(20, 28, "The image: what lies in which sector", "ink big");
	for (const [name, from, count, kind, what] of parts) {
		const height = 20 + Math.round(Math.log2(count) * 5);
		body += rect(120, y, 230, height - 3, kind) + words(106, y + 15, "LBA " + from, "soft", "end") +
			words(364, y + 15, name, "ink") + words(480, y + 15, `${number(count)} sector${count > 1 ? "s" : ""}`, "soft") +
			words(610, y + 15, what, "soft");
		y += height;
	}
	return svg(900, y + 14, "The image on the disk", body);
}

// ---- A page walk ---------------------------------------------------------------------

function walk() {
	machine.goto(journey.step("stage2_main"));
	const linear = 0xB8000, state = machine.state();
	const { rows, physical, size } = pageWalk(machine, state, linear);
	const indices = [39, 30, 21].map((bit) => Math.floor(linear / 2 ** bit) % 512);
	let body = words(20, 28, "From a linear address to memory, in the loader's tables", "ink big");
	body += words(20, 62, `linear address ${hex(linear, 12)}h`, "ink");
	[["PML4", indices[0]], ["PDPT", indices[1]], ["PD", indices[2]], ["offset", hex(linear % size) + "h"]]
		.slice(0, rows.length).concat(rows.length < 4 ? [["offset", hex(linear % size) + "h"]] : [])
		.filter(([name], i, all) => all.findIndex(([other]) => other === name) === i)
		.forEach(([name, value], i) => {
			body += rect(20 + i * 215, 76, 205, 34, i < rows.length ? "box" : "hot") + words(30 + i * 215, 98, `${name}: ${value}`, "ink");
		});
	rows.forEach(({ table, address, entry, bits }, i) => {
		const y = 150 + i * 62;
		body += words(20, y + 15, i ? `${table} at ${hex(address - address % 4096)}h` : `CR3: ${table} at ${hex(state.cr3)}h`, "ink") +
			arrow(238, y + 11, 262) + rect(270, y - 6, 590, 40, "box") +
			words(280, y + 10, `entry ${rows[i].index}, at ${hex(address)}h: ${hex(entry, 16)}h`, "ink") +
			words(280, y + 27, bits.join(", "), "soft");
	});
	const y = 150 + rows.length * 62;
	body += arrow(238, y + 11, 262) + rect(270, y - 6, 590, 28, "hot") +
		words(280, y + 12, `physical address ${hex(physical)}h, in a page of ${size >= 1 << 30 ? "1 GiB" : size / 1048576 + " MiB"}`, "ink");
	return svg(900, y + 40, "A page walk", body);
}

// ---- A20 ---------------------------------------------------------------------------------

async function a20() {
	const values = async (closed) => {
		const one = await Machine.create(PARTS);
		while (one.steps < journey.step("a20_test"))
			one.run(journey.step("a20_test"));
		if (closed)
			one.act({ kind: "close_a20", args: [1] });
		one.run(journey.step("a20_test.again") + 1);
		return [one.word(NAMES.address("probe"), 4), one.word(NAMES.address("probe") + 0x100000, 4)];
	};
	const probe = NAMES.address("probe");
	let body = words(20, 28, "Address line 20: one variable, or two?", "ink big");
	for (const [i, closed] of [false, true].entries()) {
		const left = 20 + i * 440, [low, high] = await values(closed);
		body += words(left, 62, closed ? "closed: bit 20 is always 0" : "open", "ink");
		for (const [k, [name, address, value]] of [["0000:probe", probe, low], ["FFFF:probe+10h", probe + 0x100000, high]].entries())
			body += words(left, 104 + k * 56, name, "soft") + arrow(left + 128, 99 + k * 56, left + 158) +
				rect(left + 166, 84 + k * 56, 236, 30, closed ? "hot" : k ? "box" : "hot") +
				words(left + 176, 104 + k * 56, `${hex(address, 6)}h: ${hex(value, 8)}h`, "ink");
		body += words(left, 222, closed ? "the same bytes: FFFFh * 10h + x wraps to x" : "two places, 1 MiB apart, that differ", "soft");
	}
	return svg(900, 244, "What A20 does", body);
}

// ---- Reading sectors -------------------------------------------------------------------

// Where `main` of the boot sector goes for each sector, and how often it did.
function sectors() {
	const end = journey.step("stage2_start");
	const count = (label) => record.visits(NAMES.address(label), end);
	const rows = [
		["main.try", "function 41h: does the BIOS have EDD?", "no, or the read fails", "yes: function 42h reads LBA n to 7C00h + n * 200h"],
		["main.chs", "function 08h: heads, sectors a track", "that fails, too", "n / sectors a track, / heads; function 02h reads"],
		["main.failed", "function 00h: reset the drive", "three tries were in vain", "next try"],
	];
	let body = words(20, 28, "One sector, up to three tries: the way that this boot took is marked", "ink big");
	rows.forEach(([label, what, down, right], i) => {
		const y = 46 + i * 66, times = count(label);
		body += rect(20, y, 400, 44, times ? "hot" : "box") + words(32, y + 18, label + ":", "soft") +
			words(32, y + 36, what, "ink") + words(408, y + 18, `${times} times`, "soft", "end") +
			arrow(420, y + 22, 452) + words(462, y + 26, right, times ? "ink" : "soft") +
			`<path class="rule" d="M60 ${y + 44}v22m-5 -5l5 5l5 -5"/>` + words(74, y + 59, down, "soft");
	});
	body += rect(20, 244, 400, 30, "box") + words(32, 264, "fail: Boot error R", "ink");
	body += rect(462, 244, 418, 30, "hot") + words(474, 264, `main.have_sector: ${count("main.have_sector")} times, LBA 1, 2 and on`, "ink");
	return svg(900, 290, "How the boot sector reads a sector", body);
}

// ---- All of them ------------------------------------------------------------------------

const PICTURES = { "modes.svg": modes, "memory.svg": memory, "image.svg": image, "page-walk.svg": walk, "a20.svg": a20,
	"sectors.svg": sectors };
const said = (text) => [...text.matchAll(/<text[^>]*>([^<]*)/g)].map(([, line]) => line.replace(/[\dA-F]{1,16}/g, "#")).join("\n");
const check = process.argv[2] === "--check", folder = process.argv.at(-1);
let stale = 0;
for (const [name, draw] of Object.entries(PICTURES)) {
	const text = await draw(), file = path.join(folder, name);
	if (!check)
		fs.writeFileSync(file, text);
	else if (said(text) !== said(fs.readFileSync(file, "utf8"))) {
		console.log(`${file} is stale: make page-pictures`);
		stale = 1;
	}
}
process.exit(stale);
