// spans.mjs - the stretches of a boot: modes, and calls within calls.

import { codeMode, modeOf } from "./words.mjs";

// The stretches of one mode: [{from, to, kind}]
export function modeSpans(record, from, to) {
	const spans = [{ from: 0, kind: "m16" }];
	for (const { step, value } of record.events("mode"))
		spans.push({ from: step, kind: modeOf(codeMode(value)).kind });
	return spans.map((span, i) => ({ ...span, to: spans[i + 1]?.from ?? Infinity }))
		.filter((span) => span.to > from && span.from < to)
		.map((span) => ({ ...span, from: Math.max(from, span.from), to: Math.min(to, span.to) }));
}

// Calls within a chapter whose width is a pixel or more: {from, to, row, address}
export function callSpans(record, { from, to }, width) {
	const { words, size, count } = record.log("calls");
	const least = (to - from) / width * 1.5, spans = [], base = record.open(from).length;
	for (let i = record.before("calls", from); i < count; i++) {
		const at = i * size, step = words[at];
		if (step >= to)
			break;
		const end = Math.min(words[at + 1] || to, to), row = words[at + 3] - base;
		if (end - step >= least && row >= 0 && row < 7)
			spans.push({ from: step, to: end, row, address: words[at + 2], kind: words[at + 4] });
	}
	return spans;
}
