// draw.mjs - one chapter of the boot, drawn: who called whom, for how long.
//
// From left to right the steps of the chapter, from top to bottom the calls
// within calls. Modes have colours and patterns, BIOS calls a hatch of their own.

import { biosWords } from "./words.mjs";
import { callSpans, modeSpans, stackSpans } from "./spans.mjs";
import { safe } from "./names.mjs";
import { stackName } from "./sentence.mjs";

const ROW = 15, TOP = 10;	// pixels: a row of calls; the strip of modes
const LETTER = 6.7;		// pixels: the width of one
const HATCH = { m16: "M-3 6L3 0M3 6L9 0", m32: "M0 3L6 3" };

function pattern(context, kind, colour, paper) {
	const tile = document.createElement("canvas");
	tile.width = tile.height = 6;
	const ink = tile.getContext("2d");
	ink.fillStyle = colour;
	ink.fillRect(0, 0, 6, 6);
	ink.strokeStyle = paper;
	ink.lineWidth = 1.2;
	ink.stroke(new Path2D(HATCH[kind]));
	return context.createPattern(tile, "repeat");
}

// Draws a chapter; returns what lies where, for pointers: [{x, y, w, h, step, text}]
export function drawChapter(canvas, page) {
	const { record, names, chapter, step } = page;
	const style = getComputedStyle(document.documentElement);
	const colour = (name) => style.getPropertyValue("--" + name).trim();
	const scale = devicePixelRatio, width = canvas.clientWidth, height = canvas.clientHeight;
	canvas.width = width * scale;
	canvas.height = height * scale;
	const context = canvas.getContext("2d");
	context.scale(scale, scale);
	const x = (at) => (at - chapter.from) / (chapter.to - chapter.from || 1) * width;
	const boxes = [];
	const write = (text, left, y, wide, ink) => {
		context.fillStyle = colour(ink);
		context.fillText(text.slice(0, Math.max(0, (wide - 5) / LETTER)), left + 4, y);
	};
	context.font = `11px ${colour("mono")}`;
	context.textBaseline = "middle";

	const fills = Object.fromEntries(["m16", "m32", "m64"].map((kind) =>
		[kind, pattern(context, kind, colour(kind), colour("panel"))]));
	const spans = modeSpans(record, chapter.from, chapter.to);
	spans.sort((a, b) => b.to - b.from - (a.to - a.from));	// the short ones stay visible
	for (const { from, to, kind } of spans) {
		context.fillStyle = fills[kind];
		context.fillRect(x(from), 0, Math.max(1, x(to) - x(from)), TOP - 3);
	}
	for (const span of callSpans(record, chapter, width)) {
		const y = TOP + span.row * ROW, w = x(span.to) - x(span.from);
		context.fillStyle = span.kind ? colour("accent") : colour("wash");
		context.fillRect(x(span.from), y, w - .5, ROW - 1.5);
		const text = names.routine(span.address) ?? names.label(span.address);
		if (w > 34)
			write(text, x(span.from), y + ROW / 2, w, span.kind ? "panel" : "ink");
		boxes.push({ x: x(span.from), y, w, h: ROW, step: span.from, text });
	}
	drawInstructions(context, page, x, height - 18, colour, write);
	for (let i = record.before("bios", chapter.from); i < record.before("bios", chapter.to); i++) {
		const call = record.biosCall(i);
		const w = Math.max(1.5, x(call.end || chapter.to) - x(call.step) - .5);
		context.fillStyle = colour("mbios");
		context.fillRect(x(call.step), height - 16, w, 15);
		const { name, ask } = biosWords(call);
		if (w > 60)
			write(name.replace("INT ", ""), x(call.step), height - 8, w, "panel");
		boxes.push({ x: x(call.step), y: height - 16, w: Math.max(4, w), h: 15, step: call.step,
			text: `${name}: ${ask}` });
	}
	const stacks = stackSpans(record, chapter.from, chapter.to), called = [];
	for (const { from, to, stack } of stacks.length > 1 && chapter.symbol ? stacks : []) {
		const w = x(to) - x(from), text = called[stack] ??= stackName(page, stack, to - 1);
		context.fillStyle = colour(stack % 2 ? "m64" : "soft");
		context.fillRect(x(from), height - 16, Math.max(.5, w - .5), 15);
		if (w > 34)
			write(text, x(from), height - 8, w, "panel");
		boxes.push({ x: x(from), y: height - 16, w, h: 15, step: from, text });
	}
	context.fillStyle = colour("ink");
	context.fillRect(Math.min(width - 2, Math.max(0, x(step) - 1)), 0, 2, height);
	context.beginPath();
	context.arc(Math.min(width - 5, Math.max(5, x(step))), 5, 5, 0, 7);
	context.fill();
	return boxes;
}

// Where there is room: each instruction of ours, with its name
function drawInstructions(context, { record, chapter, machine, state, executed }, x, y, colour, write) {
	const wide = x(chapter.from + 1) - x(chapter.from);
	if (wide < 4)
		return;
	const first = record.indexAt(chapter.from), last = record.indexAt(chapter.to);
	for (let i = first; i < last; i++) {
		const step = record.stepOf(i), left = x(step);
		context.fillStyle = colour("rule");
		context.fillRect(left, y - 14, 1, 14);
		if (wide < 42)
			continue;
		const { text } = machine.disassemble(record.address(i), executed.get(record.address(i)) ?? state);
		write(text.split(" ")[0], left, y - 7, wide, "soft");
	}
}

export const LEGEND = [["mbios", "BIOS"], ["m16", "16 bits"], ["m32", "32 bits"], ["m64", "64 bits"]]
	.map(([kind, name]) => `<span class="mode ${kind}">${name}</span>`).join("");

// The chapters as buttons, each with the modes it runs in
export function chaptersHTML({ record, chapters, chapter, step }) {
	return chapters.map(({ from, to, name, what }) => {
		const whole = to - from || 1, share = (at) => ((at - from) / whole * 100).toFixed(2) + "%";
		const stripes = modeSpans(record, from, to).map((span) =>
			`var(--${span.kind}) ${share(span.from)} ${share(span.to)}`);
		const bar = from ? `linear-gradient(90deg,${stripes.join()})` : "var(--mbios)";
		return `<button style="--bar:${bar};flex-grow:${Math.round(Math.log2(whole + 2) * 10)}" ` +
			`data-go="${from}" title="${safe(what)}" aria-current="${from === chapter.from}"` +
			`${from > step ? ' class="future"' : ""}>${safe(name)}</button>`;
	}).join("");
}
