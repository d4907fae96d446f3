// draw.mjs - one chapter of the boot, drawn: who called whom, for how long.
//
// From left to right the steps of the chapter, from top to bottom the calls
// within calls. Modes have colours and patterns, BIOS calls a hatch of their own.

import { biosWords } from "./words.mjs";
import { callSpans, modeSpans } from "./spans.mjs";
import { safe } from "./panes.mjs";

const ROW = 15, TOP = 10;	// pixels: a row of calls; the strip of modes

function pattern(context, kind, colour, paper) {
	const tile = document.createElement("canvas");
	tile.width = tile.height = 6;
	const ink = tile.getContext("2d");
	ink.fillStyle = colour;
	ink.fillRect(0, 0, 6, 6);
	ink.strokeStyle = paper;
	ink.lineWidth = 1.2;
	ink.beginPath();
	if (kind === "m16") {
		for (const x of [-3, 3]) {
			ink.moveTo(x, 6);
			ink.lineTo(x + 6, 0);
		}
	} else if (kind === "m32") {
		ink.moveTo(0, 3);
		ink.lineTo(6, 3);
	}
	ink.stroke();
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
		if (w > 34) {
			context.save();
			context.beginPath();
			context.rect(x(span.from), y, w - 3, ROW);
			context.clip();
			context.fillStyle = span.kind ? colour("panel") : colour("ink");
			context.fillText(text, x(span.from) + 4, y + ROW / 2);
			context.restore();
		}
		boxes.push({ x: x(span.from), y, w, h: ROW, step: span.from, text });
	}
	drawInstructions(context, page, x, height - 18, colour);
	context.fillStyle = colour("mbios");
	for (let i = record.before("bios", chapter.from); i < record.before("bios", chapter.to); i++) {
		const call = record.biosCall(i);
		const w = Math.max(1.5, x(call.end || chapter.to) - x(call.step) - .5);
		context.fillRect(x(call.step), height - 16, w, 15);
		const { name, ask } = biosWords(call);
		if (w > 60) {
			context.fillStyle = colour("panel");
			context.fillText(name.replace("INT ", ""), x(call.step) + 4, height - 8);
			context.fillStyle = colour("mbios");
		}
		boxes.push({ x: x(call.step), y: height - 16, w: Math.max(4, w), h: 15, step: call.step,
			text: `${name}: ${ask}` });
	}
	context.fillStyle = colour("ink");
	context.fillRect(Math.min(width - 2, Math.max(0, x(step) - 1)), 0, 2, height);
	context.beginPath();
	context.arc(Math.min(width - 5, Math.max(5, x(step))), 5, 5, 0, 7);
	context.fill();
	return boxes;
}

// Where there is room: each instruction of ours, with its name
function drawInstructions(context, { record, chapter, machine, state, executed }, x, y, colour) {
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
		context.fillStyle = colour("soft");
		context.fillText(text.split(" ")[0].slice(0, wide / 7 | 0), left + 4, y - 7);
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
