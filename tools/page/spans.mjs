// spans.mjs - the stretches of a boot: modes, stacks, and calls within calls.

import { codeMode, modeOf } from "./words.mjs";

// Those that begin at `from` of each of a list, cut to what lies between two steps
const cut = (spans, from, to) => spans.map((span, i) => ({ ...span, from: Math.max(from, span.from),
	to: Math.min(to, spans[i + 1]?.from ?? Infinity) })).filter((span) => span.to > span.from);

// The stretches of one mode: [{from, to, kind}]
export const modeSpans = (record, from, to) => cut([{ from: 0, kind: "m16" },
	...record.events("mode").map(({ step, value }) => ({ from: step, kind: modeOf(codeMode(value)).kind }))], from, to);

// The stretches of one stack, of a thread that is: [{from, to, stack}]
export const stackSpans = (record, from, to) =>
	cut(record.events("stack").map(({ step, value }) => ({ from: step, stack: value })), from, to);

// Calls within a chapter, while their stack is in use, whose width is a pixel or
// more: {from, to, row, address}
export function callSpans(record, { from, to }, width) {
	const { words, size, count } = record.log("calls");
	const least = (to - from) / width * 1.5, spans = [], bases = [];
	const runs = stackSpans(record, from, to).filter((run) => run.to - run.from >= least);
	for (let i = record.before("calls", from); i < count; i++) {
		const step = words[i * size], end = words[i * size + 1] || to;
		if (step >= to)
			break;
		if (end - step < least)
			continue;
		const { address, depth, kind, stack } = record.item("calls", i);
		const row = depth - (bases[stack] ??= record.open(from, stack).length);
		for (const run of row >= 0 && row < 7 ? runs.filter((one) => one.stack === stack) : []) {
			const span = { from: Math.max(step, run.from), to: Math.min(end, run.to), row, address, kind };
			if (span.to - span.from >= least)
				spans.push(span);
		}
	}
	return spans;
}
