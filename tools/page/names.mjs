// names.mjs - from addresses to names, lines and owners, and back.

export const number = (value) => Number(value).toLocaleString("en");
export const safe = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

export function hex(value, digits = 0) {
	return BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase().padStart(digits, "0");
}

// Of `count` items in order: how many lie before a place, as isBefore(index) says
export function countBefore(count, isBefore) {
	let low = 0, high = count;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isBefore(middle))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// The last item whose first element is <= address, of a sorted list.
const atOrBelow = (list, address) => list[countBefore(list.length, (i) => list[i][0] <= address) - 1];

export class Names {
	// Of the JSON that pack.py made
	static unpacked(json) {
		const data = JSON.parse(new TextDecoder().decode(json));
		const sums = (changes) => {
			let sum = 0;
			return changes.map((change) => (sum += change));
		};
		const rows = ([first = [], ...others]) =>
			sums(first).map((value, i) => [value, ...others.map((column) => column[i])]);
		data.lines = rows([data.lines[0], ...data.lines.slice(1).map(sums)]);
		data.symbols = rows(data.symbols);
		return new Names(data);
	}

	// data: image, build, bios; files, lines, symbols, layout: see pack.py
	constructor(data) {
		Object.assign(this, data);
		// of stage 2 and kernel, which share some, the first counts
		this.byName = new Map(data.symbols.map((symbol) => [symbol[1], symbol]).reverse());
		this.byLine = new Map();
		for (const [address, file, line] of data.lines) {
			const key = file + ":" + line;
			this.byLine.set(key, [...(this.byLine.get(key) ?? []), address]);
		}
		this.marked = [];	// of each file, its lines as HTML
		this.plain = [];	// ... without markup
	}

	// {name, address, stage, offset}, or null
	symbol(address) {
		const found = atOrBelow(this.symbols, address);
		if (!found || address - found[0] > (found[3] || 0x2000))
			return null;
		return { name: found[1], address: found[0], stage: found[2],
			offset: address - found[0] };
	}

	// "main.try+3", or the address
	label(address) {
		const symbol = this.symbol(address);
		if (!symbol)
			return hex(address) + "h";
		return symbol.name + (symbol.offset ? "+" + symbol.offset : "");
	}

	// The routine without its local label: "main"
	routine(address) {
		return this.symbol(address)?.name.replace(/(?<=.)\..*/, "");
	}

	address(name) { return this.byName.get(name)?.[0]; }

	// The address of a name, or of "0x7c00", "7C00h", "7C00", "07C0:0000"; "12" by the base; or NaN
	parse(word, base) {
		const [, segment, offset] = /^([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(word) ?? [];
		if (segment)
			return parseInt(segment, 16) * 16 + parseInt(offset, 16);
		const named = this.address(word), digits = word.replace(/^0x|h$/gi, "");
		return named ?? (base === 10 && /^\d+$/.test(word) ? Number(word)
			: /^[\da-f]+$/i.test(digits) ? parseInt(digits, 16) : NaN);
	}

	// [file index, line], or null
	line(address) {
		const found = atOrBelow(this.lines, address);
		if (!found || !found[2] || address - found[0] > 1024)
			return null;
		return [found[1], found[2]];
	}

	where(address) {
		const line = this.line(address);
		return line ? this.files[line[0]][0] + ":" + line[1] : null;
	}

	addresses(file, line) { return this.byLine.get(file + ":" + line) ?? []; }

	html(file) {
		return this.marked[file] ??= this.files[file][1].replace(/<(\w)>/g, "<i class=$1>")
			.replaceAll("</>", "</i>").split("\n");
	}

	text(file) {
		return this.plain[file] ??= this.files[file][1].replace(/<[^>]*>/g, "")
			.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&").split("\n");
	}

	// The comment above the routine that an address lies in: its contract.
	contract(address) {
		const symbol = this.byName.get(this.routine(address));
		const place = symbol && this.line(symbol[0]);
		if (!place)
			return "";
		const lines = this.text(place[0]);
		const isComment = (line) => /^(;|\/\*| \*)/.test(line);	// in NASM, in C
		let end = place[1] - 1;
		while (end > 0 && place[1] - end < 8 && !isComment(lines[end - 1]))
			end--;
		let start = end;
		while (start > 0 && isComment(lines[start - 1]))
			start--;
		return lines.slice(start, end).map((line) =>
			line.replace(/^; ?|^\/\* ?|^ \*\/?\s?|\s*\*\/$/g, "")).join("\n").trim();
	}

	// Whose code: "BIOS", "boot sector", "stage 2", "kernel", or "other code"
	owner(address) {
		const symbol = this.symbol(address);
		if (symbol)
			return symbol.stage;
		if (address >= 0xFFFE0000 || address >= 0xC0000 && address < 0x100000)
			return "BIOS";
		return address ? "other code" : "";
	}

	// [name, from, to, what] of layout.h that an address lies in
	range(address) {
		return this.layout.findLast(([, from, to]) => address >= from && address < to);
	}
}
