// steps.mjs - how far a step goes, forwards and backwards.
//
// What the boot did is recorded, so the end of a step is looked up, not tried.

// The next of some events or calls after a step, or the last before it
function neighbour(items, step, direction) {
	return (direction > 0 ? items.find((one) => one.step > step)
		: items.findLast((one) => one.step < step))?.step ?? -1;
}

// Another source line; over: those of called routines do not count
function line({ record, names }, step, direction, over) {
	const trace = record.log("trace").words, at = (i) => names.line(trace[i])?.join(":");
	let i = record.indexAt(step);
	if (record.stepOf(i) !== step)
		return direction > 0 && i < trace.length ? record.stepOf(i) : -1;
	const here = at(i), stack = record.stack(step), depth = record.open(step).length;
	for (i += direction; i >= 0 && i < trace.length; i += direction) {
		if (!at(i) || at(i) === here)
			continue;
		const inner = over && record.open(record.stepOf(i), stack)[depth];
		if (!inner?.end)
			break;
		i = record.indexAt(direction > 0 ? inner.end : inner.step) - (direction > 0 ? 1 : 0);
	}
	if (i < 0 || i >= trace.length)
		return -1;
	if (direction < 0)	// to where that line begins
		while (i > 0 && at(i - 1) === at(i) && record.stepOf(i) - record.stepOf(i - 1) === 1)
			i--;
	return record.stepOf(i);
}

// find(page, step, direction): where the step ends, or -1
export const UNITS = [
	{ name: "instruction", key: "i", title: "instruction", find: ({ record }, step, direction) => {
		const first = record.length ? record.stepOf(0) : Infinity;
		if (direction > 0 ? step < first : step <= first)
			return step + direction;	// the BIOS's own
		const index = direction > 0 ? record.indexAt(step + 1) : record.indexAt(step) - 1;
		return index < record.length ? record.stepOf(index) : -1;
	} },
	{ name: "line", key: "l", title: "source line", find: (page, s, d) => line(page, s, d, false) },
	{ name: "over", key: "o", title: "line, over calls", find: (page, s, d) => line(page, s, d, true) },
	{ name: "out", key: "u", title: "caller", find: (page, step, direction) => {
		const call = page.record.open(step).at(-1);
		return !call ? -1 : direction > 0 ? call.end || -1 : page.previous(call.step);
	} },
	{ name: "BIOS call", key: "b", title: "BIOS call",
		find: ({ record }, s, d) => neighbour(record.biosCalls(), s, d) },
	{ name: "mode", key: "m", title: "change of mode",
		find: ({ record }, s, d) => neighbour(record.events("mode"), s, d) },
	{ name: "interrupt", key: "x", title: "interrupt or exception",
		find: ({ record }, s, d) => neighbour(record.events("interrupt", "exception"), s, d) },
	{ name: "switch", key: "t", title: "switch to another stack",
		find: ({ record }, s, d) => neighbour(record.events("stack"), s, d) },
	{ name: "here again", key: "h", title: "time that this instruction runs",
		find: ({ record, state }, s, d) => record.find((address) => address === state.at, s, d < 0) },
	{ name: "write", key: "w", title: "write to the byte under Bytes",
		find: ({ record, look }, s, d) => record.write(look, 1, d > 0 ? s + 1 : s, d > 0)?.step ?? -1 },
];
