// journey.mjs - a boot as chapters, moments with names, and loops folded.

export class Journey {
	constructor(record, names) {
		Object.assign(this, { record, names });
		this.firsts = new Map();	// of symbols: the step that reached them first
	}

	// [{name, what, from, to}] of what is recorded. Power-on is the first.
	chapters(end) {
		// lib/boot/journey.h. Those that a boot never reaches are left out: another
		// image or kernel has other symbols.
		const starts = this.names.chapters.map(([symbol, name, what]) =>
			({ name, what, symbol, from: this.first(symbol) }))
			.filter(({ from }) => from > 0).sort((a, b) => a.from - b.from);
		const entry = this.names.address("kernel_main") ? null : this.foreignEntry();
		if (entry)
			starts.push({ name: "Your kernel", what: "Its first instruction.", from: entry });
		const power = { name: "BIOS", from: 0,
			what: "From the reset vector: the firmware finds and starts its devices." };
		const all = [power, ...starts];
		return all.map((chapter, i) => ({ ...chapter, to: all[i + 1]?.from ?? end }));
	}

	first(symbol) {
		const address = this.names.address(symbol), known = this.firsts.get(symbol);
		if (known || address === undefined)
			return known ?? -1;
		const step = this.record.visit(address);
		if (step > 0)
			this.firsts.set(symbol, step);
		return step;
	}

	// A kernel without names: its first instruction is the first above 1 MiB.
	foreignEntry() {
		return Math.max(0, this.record.find((address) => address >= 0x100000, 0));
	}

	// ---- Names of moments ---------------------------------------------------------

	// "a20_test*2+5": five of our own instructions after a20_test was reached for
	// the second time. The same moment in another build, where numbers differ.
	name(step) {
		const index = this.record.indexAt(step);
		if (!this.record.length || this.record.stepOf(index) !== step)
			return "step=" + step;
		for (let i = index; i >= 0 && index - i < 20000; i--) {
			const symbol = this.names.symbol(this.record.address(i));
			if (symbol?.offset !== 0 || this.names.address(symbol.name) !== symbol.address)
				continue;
			const visit = this.record.visits(symbol.address, this.record.stepOf(i));
			return symbol.name + (visit > 1 ? "*" + visit : "") + (i < index ? "+" + (index - i) : "");
		}
		return "step=" + step;
	}

	// The step of such a name, or -1
	step(name) {
		const exact = /^step=(\d+)$/.exec(name);
		if (exact)
			return Number(exact[1]);
		const [, symbol, visit, more] =
			/^([^*+]+)(?:\*(\d+))?(?:\+(\d+))?$/.exec(name) ?? [];
		const address = this.names.address(symbol);
		if (address === undefined)
			return -1;
		const step = this.record.visit(address, Number(visit ?? 1));
		return step < 0 || !more ? step : this.record.stepOf(this.record.indexAt(step) + Number(more));
	}

	// ---- What a routine executed -----------------------------------------------------

	// The lines that ran between two steps, but for those of routines called
	// meanwhile, as [{line, step}] and {loop, count} where some came again and again.
	path(from, to) {
		const calls = this.record.log("calls"), places = [];
		let call = this.record.before("calls", from + 1);
		for (let i = this.record.indexAt(from); i < this.record.length; i++) {
			const step = this.record.stepOf(i);
			if (step >= to || places.length > 300000)
				break;
			while (call < calls.count && calls.words[call * calls.size] < step)
				call++;
			if (call < calls.count && calls.words[call * calls.size] === step) {
				const end = calls.words[call * calls.size + 1] || to;
				i = this.record.indexAt(end) - 1;
				continue;
			}
			const address = this.record.address(i), line = this.names.line(address);
			const key = line ? line.join(":") : address;
			if (places.at(-1)?.key !== key || address <= places.at(-1).last)
				places.push({ key, line, address, last: address, step });
			places.at(-1).last = address;
		}
		return fold(places);
	}
}

const SHOWN = 3;	// of each loop: the first three turns, and the last

// Replaces the turns of a loop: places between two visits of its head, when
// there are more than SHOWN + 1 of them.
export function fold(places) {
	const folded = [];
	for (let i = 0; i < places.length; i++) {
		const turns = loopAt(places, i);
		if (turns.length <= SHOWN + 2) {
			folded.push(places[i]);
			continue;
		}
		const turn = (n) => fold(places.slice(turns[n], turns[n + 1]));
		const last = turns.length - 2;
		folded.push({ loop: [...Array(SHOWN).keys(), last].map(turn), count: last + 1, step: places[i].step });
		i = turns.at(-1) - 1;
	}
	return folded;
}

// Where the turns of a loop begin whose head is at i, and where the last ends;
// a turn comes back to the head by a jump upwards.
function loopAt(places, i) {
	const head = places[i].address, turns = [i];
	let highest = head;
	for (let k = i + 1; k < places.length; k++) {
		if (places[k].address < head || turns.length > 1 && places[k].address > highest)
			break;
		if (places[k].address === head)
			turns.push(k);
		if (turns.length === 1)
			highest = Math.max(highest, places[k].address);
		if (turns.length === 1 && k - i > 400)
			break;
	}
	if (turns.length === 1)
		return turns;
	let end = turns.at(-1) + 1;
	while (end < places.length && places[end].address > head && places[end].address <= highest)
		end++;
	return [...turns, end];
}
