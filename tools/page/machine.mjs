// machine.mjs - a PC that can be run, stopped, looked at and put back.
//
// Moments are steps since power-on, see engine/engine.h. A machine keeps
// snapshots of its past and the keys that were pressed, so that any earlier
// moment comes back: the nearest snapshot, then the same steps again.

// The order of pc_state() in engine/state.cc.
const STATE = ("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 " +
	"rip rflags cr0 cr2 cr3 cr4 efer mode big gdt gdtLimit idt idtLimit a20 " +
	"activity ticks microseconds icount at es esBase esLimit cs csBase " +
	"csLimit ss ssBase ssLimit ds dsBase dsLimit fs fsBase fsLimit gs gsBase " +
	"gsLimit tr trBase trLimit").split(" ");

const NO_WORD = 64;	// see engine/engine.h

const PAGE = 4096;
const TRACK_BYTES = 16 * 63 * 512;	// a cylinder of the disk
const SNAPSHOT_STEPS = 400000;		// at most so many steps between two
const NEAR_STEPS = 20000;		// going back leaves one so near
const SNAPSHOTS_MAX = 60;

function settings(disk) {
	return `display_library: nogui
romimage: file=/bios
vgaromimage: file=/vgabios
cpu: model=corei7_sandy_bridge_2600k, ips=20000000, reset_on_triple_fault=0
megs: 32
ata0-master: type=disk, path=/disk, mode=flat, cylinders=${disk.length / TRACK_BYTES}, heads=16, spt=63
boot: disk
com1: enabled=1, mode=file, dev=/dev/com1
log: /log
speaker: enabled=0
vga: extension=vbe, update_freq=20, realtime=0, vbe_memsize=4
clock: sync=none, time0=946684800
panic: action=report
`;
}

// The last cylinder is filled up: Bochs wants whole ones.
function padded(image) {
	const size = Math.max(1, Math.ceil(image.length / TRACK_BYTES));
	const disk = new Uint8Array(size * TRACK_BYTES);
	disk.set(image);
	return disk;
}

export class Machine {
	serial = [];		// [step, text]
	inputs = [];		// {step, kind, ...}, see apply()
	inputIndex = 0;		// the next to come
	snapshots = [];		// {step, pages, disk, inputIndex}, oldest first

	// parts: {factory, wasm, bios, vgabios, image}. badSector: an LBA that
	// the disk cannot read.
	static async create(parts, badSector) {
		const machine = new Machine(), disk = padded(parts.image), said = [];
		const put = ({ FS }) => {
			FS.writeFile("/bios", parts.bios);
			FS.writeFile("/vgabios", parts.vgabios);
			FS.writeFile("/bochsrc", settings(disk));
			machine.putDisk(FS, disk, badSector);
			machine.putSerial(FS);
		};
		const say = (line) => said.push(line);
		machine.engine = await parts.factory({ noInitialRun: true, noExitRuntime: true, print: say, printErr: say,
			wasmBinary: parts.wasm, preRun: [put] });
		machine.engine.callMain(["-q", "-f", "/bochsrc", "-unlock"]);
		if (!machine.engine._pc_snapshot_first())
			throw new Error("Bochs did not start: " + said.join("\n"));
		machine.snapshots.push({ step: 0, pages: new Map(), disk: machine.diskCopy, inputIndex: 0 });
		return machine;
	}

	// ---- Disk and serial line ------------------------------------------------

	// The disk is no part of the engine's memory: snapshots have a copy of it, the
	// same one as long as nothing is written.
	putDisk(FS, disk, bad = Infinity) {
		FS.writeFile("/disk", disk.slice(), { canOwn: true });
		this.disk = FS.lookupPath("/disk").node;
		this.diskCopy = disk;	// what it holds; undefined: written since
		const old = this.disk.stream_ops;
		this.disk.stream_ops = { ...old,
			read: (stream, buffer, to, length, at) => (at <= bad * 512 && bad * 512 < at + length ? 0
				: old.read(stream, buffer, to, length, at)),
			write: (...all) => {
				this.diskCopy = undefined;
				return old.write(...all);
			} };
	}

	putSerial(FS) {
		const device = FS.makedev(64, 0);
		FS.registerDevice(device, { open() {}, close() {}, read: () => 0,
			write: (stream, bytes, from, length) => {
				if (this.known === this.steps + 1)	// not run again
					this.serial.push([this.steps, String.fromCharCode(...bytes.subarray(from, from + length))]);
				return length;
			} });
		FS.mkdev("/dev/com1", device);
	}

	// What COM1 has said until now
	get text() {
		return this.serial.filter(([step]) => step < this.steps).map(([, text]) => text).join("");
	}

	// ---- Looking -------------------------------------------------------------

	get steps() { return this.engine._pc_steps(); }

	// {rax: 0n, ..., at: linear address of the next instruction, ...}
	state() {
		const words = new BigUint64Array(this.engine.HEAPU8.buffer, this.engine._pc_state(), STATE.length);
		const state = Object.fromEntries(STATE.map((name, i) => [name, words[i]]));
		state.step = this.steps;
		state.mode = Number(state.mode);
		state.at = Number(BigInt.asIntN(64, state.at));
		return state;
	}

	// Bytes of physical memory, ROM and video memory among it.
	memory(physical, count) {
		const bytes = new Uint8Array(count);
		for (let done = 0; done < count; done += PAGE) {
			const part = Math.min(PAGE, count - done);
			const at = this.engine._pc_memory(physical + done, part);
			bytes.set(this.engine.HEAPU8.subarray(at, at + part), done);
		}
		return bytes;
	}

	word(physical, size = 8) {
		const value = this.memory(physical, size).reduceRight((high, byte) => high << 8n | BigInt(byte), 0n);
		return size > 4 ? value : Number(value);
	}

	// -1: not mapped
	physical(linear) { return this.engine._pc_physical(linear); }

	// {text, bytes} of the instruction at a linear address, for the CPU's
	// mode and code segment as in a state; 4: 64 bits, see MODES in words.mjs.
	disassemble(linear, { mode, big }) {
		const heap = this.engine.HEAPU8;
		const at = this.engine._pc_disassemble(linear, Number(big), mode === 4);
		return { text: this.engine.UTF8ToString(at), bytes: heap.slice(at + 256, at + 256 + heap[at + 272]) };
	}

	// The text screen: {columns, rows, start, cursor, cells}, start being the
	// physical address of its first cell; null in a graphics mode. By the VGA's
	// registers: CRTC 01h, 07h, 09h, 12h, graphics controller 06h.
	screen() {
		const crtc = this.engine.HEAPU8.subarray(this.engine._pc_vga());
		if (!crtc[1] || crtc[0x106] & 1)
			return null;
		const columns = crtc[1] + 1;
		const lines = 1 + (crtc[0x12] | (crtc[7] & 2) << 7 | (crtc[7] & 0x40) << 3);
		const rows = Math.floor(lines / ((crtc[9] & 31) + 1));
		const start = 0xB8000 + 2 * (crtc[12] << 8 | crtc[13]);
		return { columns, rows, start,
			cursor: (crtc[14] << 8 | crtc[15]) - (start - 0xB8000) / 2,
			cells: this.memory(start, 2 * columns * rows) };
	}

	// The last value written to a port below 100h, or undefined.
	port(number) {
		const at = (this.engine._pc_ports() >> 2) + number;
		const value = this.engine.HEAPU32[at];
		return value & 0x80000000 ? value & 0x7FFFFFFF : undefined;
	}

	// ---- Running -------------------------------------------------------------

	// Runs to a step. "": there; "read": the bytes of watchRead() were; "off":
	// the CPU has given up, or the power is off.
	run(until) {
		for (;;) {
			while (this.inputs[this.inputIndex]?.step === this.steps)
				this.apply(this.inputs[this.inputIndex++]);
			if (this.steps >= until)
				return "";
			const due = this.snapshotDue();
			const found = this.engine._pc_run(Math.min(until, due, this.inputs[this.inputIndex]?.step ?? Infinity));
			if (this.steps >= due)
				this.save();
			if (found)
				return found === 1 ? "read" : "off";
		}
	}

	get off() { return Boolean(this.engine._pc_powered_off()); }

	// Of struct controls of engine/engine.h: known, read_from, read_to, has_read,
	// watched, changed, value (low, high)
	get controls() { return new Uint32Array(this.engine.HEAPU8.buffer, this.engine._pc_controls(), 8); }

	get known() { return this.controls[0]; }

	watchRead(from, to) { this.controls.set([from, to], 1); }

	// The last step before `step` after which a register, by its name in STATE,
	// held something new. Comes back to where it was.
	whenChanged(register, step) {
		const word = STATE.indexOf(register), now = this.steps;
		let changed = 0;
		for (let end = step; !changed && end > 0;) {
			const start = this.snapshots.findLast((one) => one.step < end);
			this.restore(start);
			const value = BigInt(this.state()[register]);
			this.controls.set([word, 0, Number(value & 0xFFFFFFFFn), Number(value >> 32n)], 4);
			this.run(end);
			changed = this.controls[5];
			end = start.step;
		}
		this.controls[4] = NO_WORD;
		this.goto(now);
		return changed;
	}

	// ---- Inputs --------------------------------------------------------------

	// What somebody does to the machine now, see apply(). Another future begins.
	act(input) {
		this.engine._pc_forget(this.steps);
		this.inputs.length = this.inputIndex;
		this.serial = this.serial.filter(([step]) => step < this.steps);
		this.snapshots = this.snapshots.filter(({ step }) => step < this.steps || step === 0);
		this.inputs.push({ step: this.steps, ...input });
		this.apply(this.inputs[this.inputIndex++]);
	}

	// kind: what the engine does, with its arguments
	apply({ kind, args = [] }) { this.engine["_pc_" + kind](...args); }

	// ---- The past ------------------------------------------------------------

	snapshotDue() {
		const last = this.snapshots.at(-1).step;
		return last > this.steps ? Infinity : last + SNAPSHOT_STEPS;
	}

	// Keeps a snapshot of now, in its place among the others.
	save() {
		const engine = this.engine, step = this.steps;
		const index = this.snapshots.findLastIndex((one) => one.step <= step), before = this.snapshots[index];
		if (before.step === step)
			return;
		const list = engine._pc_snapshot_pages() >> 2;
		const pages = new Map();
		for (let i = 1; i <= engine.HEAPU32[list]; i++) {
			const page = engine.HEAPU32[list + i];
			const now = engine.HEAPU8.subarray(page * PAGE, (page + 1) * PAGE);
			const old = before.pages.get(page);
			pages.set(page, old && same(old, now) ? old : now.slice());
		}
		this.diskCopy ??= this.disk.contents.slice();
		this.snapshots.splice(index + 1, 0,
			{ step, pages, disk: this.diskCopy, inputIndex: this.inputIndex });
		if (this.snapshots.length > SNAPSHOTS_MAX)
			this.thin();
	}

	// Drops the snapshot whose neighbours are nearest to each other.
	thin() {
		const gap = (i) => this.snapshots[i + 1].step - this.snapshots[i - 1].step;
		let best = 1;
		for (let i = 2; i < this.snapshots.length - 1; i++)
			if (gap(i) < gap(best))
				best = i;
		this.snapshots.splice(best, 1);
	}

	restore(snapshot) {
		const engine = this.engine;
		engine._pc_snapshot_restore();
		for (const [page, bytes] of snapshot.pages)
			engine.HEAPU8.set(bytes, page * PAGE);
		engine._pc_snapshot_done();
		this.inputIndex = snapshot.inputIndex;
		if (this.diskCopy !== snapshot.disk)
			this.disk.contents.set(snapshot.disk);
		this.diskCopy = snapshot.disk;
	}

	// To any moment, earlier or later.
	goto(step) {
		const nearest = this.snapshots.findLast((one) => one.step <= step);
		if (step < this.steps || nearest.step > this.steps)
			this.restore(nearest);
		if (step < this.known && step - this.steps > 2 * NEAR_STEPS) {
			this.run(step - NEAR_STEPS);
			this.save();
		}
		this.run(step);
	}
}

// Two pages, word by word: as numbers of 64 bits, different NaNs would be the same.
function same(a, b) {
	const x = new Int32Array(a.buffer, a.byteOffset, PAGE / 4);
	const y = new Int32Array(b.buffer, b.byteOffset, PAGE / 4);
	return x.every((word, i) => word === y[i]);
}
