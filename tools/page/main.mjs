// main.mjs - the page: one machine, one moment, and what can be done with it.

import { askMachine, QUESTIONS } from "./questions.mjs";
import { biosWords, changeWords, EXCEPTIONS, modeOf } from "./words.mjs";
import { BREAKS, bootBroken, firstDifference } from "./breaks.mjs";
import { drawChapter } from "./draw.mjs";
import { EVENTS, Record } from "./record.mjs";
import { go, HELP, modeChip, number, PANES, registersHTML, safe, sourceHTML } from "./panes.mjs";
import { hex, Names } from "./names.mjs";
import { Journey } from "./journey.mjs";
import { keyNumber, keysOf, screenHTML, screenText } from "./screen.mjs";
import { Machine } from "./machine.mjs";
import { modeSpans } from "./draw.mjs";

const $ = (id) => document.getElementById(id);
const SLICE = 12;		// ms of running before the browser has its turn
const READY = "firstlight: ready";

async function unpack(name) {
	const element = $("data-" + name);
	if (!element)
		return null;
	const bytes = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

const text = (bytes) => new TextDecoder().decode(bytes);

// emscripten's loader as a function: it is a script that defines one name.
const loader = (bytes, name) => new Function(text(bytes) + `;return ${name};`)();

class Page {
	running = false;
	look = 0x7C00;		// Bytes: an address
	pane = "path";
	unit = "instruction";
	pinned = [];
	executed = new Set();	// addresses, for the marks beside the source

	async start() {
		const wanted = ["json", "engine", "engine-js", "bios", "vgabios", "image"];
		const [json, wasm, js, bios, vgabios, image] = await Promise.all(wanted.map(unpack));
		this.parts = { factory: loader(js, "Engine"), wasm, bios, vgabios, image };
		this.names = new Names(JSON.parse(text(json)));
		this.listen();
		await this.powerOn(image);
	}

	// A new machine with this image.
	async powerOn(image) {
		this.pause();
		this.parts = { ...this.parts, image };
		this.machine = await Machine.create(this.parts);
		this.record = new Record(this.machine);
		this.journey = new Journey(this.record, this.names);
		this.executed.clear();
		this.packetCache = new Map();
		this.readyStep = 0;
		this.state = this.before = this.machine.state();
		$("about").textContent = `${this.names.image}, build ${this.names.build}`;
		this.started = performance.now();
		this.run();
	}

	get step() { return this.machine.steps; }

	// ---- Running ----------------------------------------------------------------

	run() {
		if (this.running)
			return;
		this.running = true;
		this.paced = false;
		$("run").textContent = "Pause";
		const channel = new MessageChannel();
		channel.port1.onmessage = () => this.slice();
		this.again = () => channel.port2.postMessage(0);
		this.again();
	}

	pause() {
		this.running = false;
		$("run").textContent = "Run";
	}

	// Until the prompt as fast as it can; then the PC's clock keeps to ours, and
	// a PC that waits costs little.
	slice() {
		if (!this.running)
			return;
		const end = performance.now() + SLICE, machine = this.machine;
		const guest = () => Number(machine.state().microseconds) / 1000;
		if (this.paced && performance.now() - this.host0 - (guest() - this.guest0) > 250)
			this.paced = false;
		let off = "";
		if (this.readyStep && this.step >= this.readyStep) {
			if (!this.paced)
				Object.assign(this, { paced: true, host0: performance.now() - 16, guest0: guest() });
			while (!off && performance.now() < end && guest() - this.guest0 < performance.now() - this.host0)
				off = machine.run(this.step + 200);
		} else {
			while (!off && performance.now() < end && !this.isReady())
				off = machine.run(this.step + 20000);
			if (!this.readyStep && this.isReady())
				return this.ready();
		}
		if (off) {
			this.pause();
			return this.show();
		}
		this.drawScreen();
		if (performance.now() - (this.drawn ?? 0) > 150)
			this.drawLive();
		if (this.paced)
			requestAnimationFrame(() => this.slice());
		else
			this.again();
	}

	isReady() {
		const { serial } = this.machine;
		if (this.readyStep)
			return this.step >= this.readyStep;
		if (serial.length !== this.serialSeen) {
			this.serialSeen = serial.length;
			return this.machine.text.slice(-200).includes(READY);
		}
		// another kernel: it waits, or has been at work for long
		const own = this.record.length;
		return own > 0 && (this.step - this.record.stepOf(0) > 2e7 ||
			Boolean(this.machine.state().activity) && own > 100000);
	}

	// The boot is done for the first time.
	ready() {
		this.readyStep = this.step;
		this.readyTime = performance.now() - this.started;
		document.documentElement.dataset.ready = Math.round(this.readyTime);
		this.mark();
		this.pause();
		if (location.hash.length > 1)
			return this.follow();
		this.show(`The PC has booted, in ${(this.readyTime / 1000).toFixed(1)} seconds and ` +
			`${number(this.step)} steps; ${number(this.record.length)} of them are ours, all before is the ` +
			"BIOS's. Go back: press ◀, or choose a chapter above. Or type to it, below its screen.");
		this.run();
	}

	drawLive() {
		this.drawn = performance.now();
		this.before = this.state = this.machine.state();
		this.drawTrack();
		$("serial-pane").textContent = this.machine.text;
		$("registers").innerHTML = registersHTML(this);
		$("place").innerHTML = this.placeHTML();
	}

	// Remember which instructions have ever run.
	mark() {
		const trace = this.record.log("trace").words;
		for (let i = this.marked ?? 0; i < trace.length; i++)
			this.executed.add(trace[i]);
		this.marked = trace.length;
	}

	// ---- Moments ----------------------------------------------------------------------

	// Shows a step; `from`: changes are those since that one, not the last step only.
	goto(step, from) {
		this.pause();
		const to = Math.max(0, Math.min(step, Math.max(this.machine.known - 1, this.step)));
		const before = from ?? this.previous(to);
		if (from === undefined || before !== this.step) {
			this.machine.goto(before);
			this.before = this.machine.state();
		} else
			this.before = this.state;
		this.machine.goto(to);
		this.show();
	}

	previous(step) {
		const index = this.record.indexAt(step);
		return index > 0 ? this.record.stepOf(index - 1) : Math.max(0, step - 1);
	}

	// Runs past what is recorded, so that more can be found.
	more() {
		this.machine.goto(this.machine.known - 1);
		const off = this.machine.run(this.step + 20000);
		this.mark();
		return !off && this.step < this.machine.known + 1;
	}

	move(direction) {
		this.pause();
		const from = this.step, unit = this.units.find(({ name }) => name === this.unit);
		let to = unit.find(from, direction);
		for (let i = 0; to < 0 && direction > 0 && i < 25 && this.more(); i++)
			to = unit.find(from, direction);
		if (to < 0) {
			this.machine.goto(from);
			return this.tell(`There is no ${direction > 0 ? "later" : "earlier"} ${unit.title} ` +
				"in what has run so far.");
		}
		this.goto(to, direction > 0 && to - from < 200000 ? from : undefined);
	}

	// ---- How far a step goes: the step where it ends, or -1 -----------------------------

	units = [
		{ name: "instruction", key: "i", title: "instruction", find: (s, d) => {
			const { record } = this, first = record.length ? record.stepOf(0) : Infinity;
			if (d > 0 && s < first || d < 0 && s <= first)
				return s + d;
			const index = d > 0 ? record.indexAt(s + 1) : record.indexAt(s) - 1;
			return index < record.length ? record.stepOf(index) : -1;
		} },
		{ name: "line", key: "l", title: "source line", find: (s, d) => this.findLine(s, d, false) },
		{ name: "over", key: "o", title: "line, over calls", find: (s, d) => this.findLine(s, d, true) },
		{ name: "out", key: "u", title: "out of the routine", find: (s, d) => {
			const call = this.record.open(s).at(-1);
			return !call ? -1 : d > 0 ? call.end || -1 : this.previous(call.step);
		} },
		{ name: "BIOS call", key: "b", title: "BIOS call", find: (s, d) => this.findEntry("bios", s, d) },
		{ name: "mode", key: "m", title: "change of mode", find: (s, d) => this.findEvent(s, d, ["mode"]) },
		{ name: "interrupt", key: "x", title: "interrupt or exception",
			find: (s, d) => this.findEvent(s, d, ["interrupt", "exception"]) },
		{ name: "here again", key: "h", title: "time that this instruction runs",
			find: (s, d) => this.record.find((address) => address === this.state.at, s, d < 0) },
		{ name: "write", key: "w", title: "write to the byte under Bytes", find: (s, d) => {
			const write = d > 0 ? this.record.write(this.look, 1, s + 1, true)
				: this.record.write(this.look, 1, s);
			return write ? write.step : -1;
		} },
	];

	findEntry(log, step, direction) {
		const { words, size, count } = this.record.log(log);
		const index = direction > 0 ? this.record.before(log, step + 1) : this.record.before(log, step) - 1;
		return index >= 0 && index < count ? words[index * size] : -1;
	}

	findEvent(step, direction, kinds) {
		const events = this.record.items("events").filter(({ kind }) => kinds.includes(EVENTS[kind]));
		return (direction > 0 ? events.find((event) => event.step > step)
			: events.findLast((event) => event.step < step))?.step ?? -1;
	}

	findLine(step, direction, over) {
		const { record, names } = this, trace = record.log("trace").words;
		const line = (i) => names.line(trace[i])?.join(":");
		let i = record.indexAt(step);
		if (record.stepOf(i) !== step)
			return direction > 0 && i < trace.length ? record.stepOf(i) : -1;
		const here = line(i), calls = over ? this.callSteps() : null;
		for (i += direction; i >= 0 && i < trace.length; i += direction) {
			const at = record.stepOf(i);
			const jump = over && (direction > 0 ? calls.ends.get(at) : calls.starts.get(at + 1));
			if (jump) {
				i = record.indexAt(jump) - (direction > 0 ? 1 : 0);
				continue;
			}
			if (line(i) && line(i) !== here)
				break;
		}
		if (i < 0 || i >= trace.length)
			return -1;
		if (direction < 0)	// to where that line begins
			while (i > 0 && line(i - 1) === line(i) && record.stepOf(i) - record.stepOf(i - 1) === 1)
				i--;
		return record.stepOf(i);
	}

	// From where calls begin to where they end, and back
	callSteps() {
		const { words, size, count } = this.record.log("calls");
		const ends = new Map(), starts = new Map();
		for (let i = 0; i < count; i++) {
			const step = words[i * size], end = words[i * size + 1];
			if (end) {
				ends.set(step, end);
				starts.set(end, step);
			}
		}
		return { ends, starts };
	}

	// ---- Showing -----------------------------------------------------------------------------

	show(sentence) {
		this.state = this.machine.state();
		this.chapterList = this.journey.chapters(Math.max(this.machine.known, 1));
		$("sentence").innerHTML = sentence ?? this.sentence();
		$("place").innerHTML = this.placeHTML();
		this.drawScreen();
		$("serial-pane").textContent = this.machine.text;
		$("registers").innerHTML = registersHTML(this);
		this.drawTrack();
		this.drawSource();
		this.drawPane();
	}

	get chapter() {
		const chapters = this.chapterList ?? this.journey.chapters(Math.max(this.machine.known, 1));
		return chapters.findLast(({ from }) => from <= this.step) ?? chapters[0];
	}

	bios(call) { return biosWords(call, this.packets(call)); }

	// Reads memory as a BIOS call found it. What it wrote since is put aside: a
	// packet on disk is never written by the BIOS but for its count.
	packets(call) {
		return (at, size) => {
			const key = call.step + ":" + at;
			if (!this.packetCache.has(key)) {
				const now = this.step;
				this.machine.goto(call.step);
				this.packetCache.set(key, this.machine.memory(at, size));
				this.machine.goto(now);
			}
			return this.packetCache.get(key);
		};
	}

	callerOf(call) {
		const open = this.record.open(call.step).reverse();
		const names = open.map(({ address }) => this.names.routine(address)).filter(Boolean);
		return names.find((name) => !["int13", "read", "disk_bios", "bios_call"].includes(name)) ??
			this.names.routine(call.code) ?? "";
	}

	sentence() {
		const { state, names, record } = this;
		const { text: code } = this.machine.disassemble(state.at, state);
		const changed = changeWords(this.before, state);
		const did = changed ? ` <span class="soft">Just now: ${safe(changed)}.</span>` : "";
		if (this.machine.off)
			return "The power is off. Go back, or power on.";
		if (state.activity === 2n)
			return "The CPU has given up: an exception in the handler of an exception, a triple fault." + did;
		const index = record.before("bios", this.step + 1) - 1;
		const call = index >= 0 ? record.biosCall(index) : null;
		if (call && call.step === this.step) {
			const words = this.bios(call);
			return `<b>${words.name}</b>: ${safe(this.callerOf(call))} asks the BIOS: ${safe(words.ask)}. ` +
				(words.answer ? `It will answer: ${safe(words.answer)}. ` : "") + `<code>${safe(code)}</code>` + did;
		}
		const event = record.items("events").findLast((one) => one.step === this.step && one.kind !== 4);
		const happens = event ? this.eventWords(event) + " " : "";
		if (names.owner(state.at) === "BIOS")
			return `${happens}The BIOS is at work, at ${hex(state.cs, 4)}:${hex(state.rip, 4)}: ` +
				`<code>${safe(code)}</code>${did}`;
		const answered = call && call.end === this.step
			? `The BIOS has answered ${this.bios(call).name}: ${safe(this.bios(call).answer || "done")}. ` : "";
		return `${happens}${answered}Next, in <b>${safe(names.label(state.at))}</b>: ` +
			`<code>${safe(code)}</code>${state.activity ? " The CPU waits for an interrupt." : ""}${did}`;
	}

	eventWords({ kind, value, step }) {
		if (EVENTS[kind] === "mode")
			return `<b>From here on ${modeOf(this.state).name}.</b>`;
		if (EVENTS[kind] === "interrupt")
			return `<b>A device interrupts: vector ${hex(value, 2)}h.</b>`;
		if (EVENTS[kind] === "exception")
			return `<b>Exception ${EXCEPTIONS[value & 255] || hex(value & 255, 2) + "h"}.</b>`;
		return EVENTS[kind] === "reset" && step ? "<b>The machine is reset.</b>" : "";
	}

	placeHTML() {
		const { state, names } = this, owner = names.owner(state.at);
		const mode = owner === "BIOS" ? { ...modeOf(state), kind: "mbios" } : modeOf(state);
		const where = names.where(state.at);
		return modeChip(mode, (owner === "BIOS" ? "BIOS, " : "") + mode.name) +
			`<span>${safe(this.chapter.name)}</span>` + (where ? `<span class="mono">${safe(where)}</span>` : "") +
			`<span>step <b>${number(this.step)}</b></span>` +
			`<span>${(Number(state.microseconds) / 1e6).toFixed(3)} s of its clock</span>`;
	}

	drawScreen() {
		const screen = this.machine.screen();
		if (screen)
			$("screen").innerHTML = screenHTML(screen);
		else
			$("screen").textContent = "A graphics mode, which this page does not show.";
	}

	drawTrack() {
		this.chapterList = this.journey.chapters(Math.max(this.machine.known, 1));
		const here = this.chapter;
		$("chapters").innerHTML = this.chapterList.map((chapter) => {
			const spans = modeSpans(this.record, chapter.from, chapter.to);
			const whole = chapter.to - chapter.from || 1;
			const share = (at) => ((at - chapter.from) / whole * 100).toFixed(2) + "%";
			const bar = chapter.from ? `linear-gradient(90deg,${spans.map(({ from, to, kind }) =>
				`var(--${kind}) ${share(from)} ${share(to)}`).join()})` : "var(--mbios)";
			return `<button style="--bar:${bar};flex-grow:${Math.log2(whole + 2) ** 1.4 | 0}" ` +
				`data-go="${chapter.from}" title="${safe(chapter.what)}" aria-current="${chapter.from === here.from}"` +
				` class="${chapter.from > this.step ? "future" : ""}">${safe(chapter.name)}</button>`;
		}).join("");
		this.boxes = drawChapter($("detail"), { record: this.record, names: this.names, chapter: here,
			step: this.step, memory: (at, size) => this.machine.memory(at, size) });
		$("detail").setAttribute("aria-valuenow", Math.round((this.step - here.from) / (here.to - here.from) * 1000));
		$("detail").setAttribute("aria-valuetext", `step ${this.step}, ${here.name}`);
		$("legend").innerHTML = [["mbios", "BIOS"], ["m16", "16 bits"], ["m32", "32 bits"], ["m64", "64 bits"]]
			.map(([kind, name]) => `<span class="mode ${kind}">${name}</span>`).join("") +
			`<span>${safe(here.what)}</span>` +
			`<span class="count">${number(here.to - here.from)} steps in this chapter</span>`;
	}

	drawSource() {
		const place = this.names.line(this.state.at);
		$("file").textContent = place ? this.names.files[place[0]][0] : "No source here";
		$("contract").textContent = this.names.contract(this.state.at);
		$("source").innerHTML = sourceHTML(this);
		const here = $("source").querySelector(".here");
		if (here)
			$("source").scrollTop = here.offsetTop - $("source").offsetTop - $("source").clientHeight / 3;
	}

	panes() {
		return [...PANES, ["predict", "Predict", predictHTML], ["break", "Break it", breakHTML],
			["kernel", "Your kernel", kernelHTML], HELP];
	}

	drawPane() {
		const panes = this.panes();
		$("pane-tabs").innerHTML = panes.map(([id, title]) => `<button role="tab" data-pane="${id}" id="pane-${id}" ` +
			`aria-controls="pane" aria-selected="${id === this.pane}" tabindex="${id === this.pane ? 0 : -1}">` +
			`${title}</button>`).join("");
		$("pane").setAttribute("aria-labelledby", "pane-" + this.pane);
		$("pane").innerHTML = panes.find(([id]) => id === this.pane)[2](this);
	}

	tell(html) {
		$("answer").innerHTML = html + '<button class="close" data-close aria-label="Close">×</button>';
		$("answer").hidden = false;
	}

	// ---- Ask -----------------------------------------------------------------------------------

	ask(address, bytes = 1) {
		const { record, names } = this, now = this.step;
		const name = names.symbol(address)?.offset < 256 ? ` (${safe(names.label(address))})` : "";
		const value = this.machine.memory(address, Math.min(bytes, 8));
		const last = record.write(address, bytes, now), next = record.write(address, bytes, now, true);
		const who = (write) => `<b>${safe(names.label(write.code))}</b> (${names.where(write.code) ??
			names.owner(write.code)})`;
		this.look = address;
		this.asked = { address, bytes, last };
		this.tell(`<b class="mono">${hex(address)}h</b>${name} holds <b class="mono">` +
			[...value].map((byte) => hex(byte, 2)).join(" ") + "</b>. " +
			(last ? `${who(last)} wrote it last, ${number(now - last.step)} steps ago: ` +
				`${go(last.step, "go there")}. ` : "Nobody has written it since power-on. ") +
			(next ? `${who(next)} writes it next: ${go(next.step, "go there")}. ` : "Nobody writes it again so far. ") +
			'<button class="link" data-reader>Who reads it first?</button> ' +
			`<button class="link" data-look="${address}">Show the bytes around it</button>`);
	}

	// By running again with an eye on the bytes
	askReader() {
		const { address, bytes, last } = this.asked, now = this.step, { machine } = this;
		machine.goto(last ? last.step + 1 : 0);
		machine.watchRead(address, address + bytes);
		const found = machine.run(machine.known - 1);
		machine.watchRead(0, 0);
		const step = machine.steps - 1;
		machine.goto(now);
		this.tell(found === "read" ? `First read, after it was written last, at step ${number(step)}: ` +
			go(step, "go there") : "Nobody has read it since it was written last.");
	}

	askRegister(name) {
		const general = ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
			"r12", "r13", "r14", "r15"].indexOf(name);
		if (general < 0)
			return this.tell("Only general registers are followed. Step by mode to see these change.");
		const step = this.machine.whenChanged(general, this.step) - 1, now = this.step;
		this.machine.goto(Math.max(0, step));
		const at = this.machine.state().at;
		this.machine.goto(now);
		this.tell(`<b>${name.toUpperCase()}</b> holds ${hex(this.state[name])}h since ` +
			`<b>${safe(this.names.label(at))}</b>, ${number(now - step)} steps ago: ${go(Math.max(0, step), "go there")}.`);
	}

	// ---- Links, handout ---------------------------------------------------------------------------

	follow() {
		const hash = decodeURIComponent(location.hash.slice(1)), parts = hash.split("&");
		const build = parts.find((part) => part.startsWith("build="))?.slice(6);
		const pane = parts.find((part) => part.startsWith("pane="))?.slice(5);
		if (this.panes().some(([id]) => id === pane))
			this.pane = pane;
		const step = this.journey.step(parts[0].replace(/^at=/, ""));
		$("notice").hidden = !(build && build !== this.names.build) && step >= 0;
		$("notice").textContent = step < 0 ? `This boot never comes to "${parts[0]}".`
			: `The link is of build ${build}; this is ${this.names.build}. The moment is the same by name, ` +
				"its steps may differ.";
		if (step >= 0)
			this.goto(step);
		else
			this.show();
	}

	async copyLink() {
		const hash = `#at=${this.journey.name(this.step)}&build=${this.names.build}`;
		history.replaceState(null, "", hash);
		await navigator.clipboard?.writeText(location.href).catch(() => {});
		this.tell(`A link to this moment is in the address bar: <code>${safe(hash)}</code>`);
	}

	// One moment on paper
	article() {
		const [file, line] = this.names.line(this.state.at) ?? [];
		const source = file === undefined ? "" : sourceHTML(this, Math.max(0, line - 6), line + 5);
		return `<article><h2>${safe(this.chapter.name)}: ${safe(this.names.label(this.state.at))}</h2>` +
			`<p>${this.sentence()}</p><div class="place">${this.placeHTML()}</div>` +
			`<div id="source">${source}</div><div id="registers">${registersHTML(this)}</div></article>`;
	}

	handout() {
		const now = this.step;
		const steps = this.pinned.length ? this.pinned
			: this.chapterList.slice(1, 11).map(({ from }) => from);
		const articles = steps.slice(0, 16).map((step) => {
			this.machine.goto(this.previous(step));
			this.before = this.machine.state();
			this.machine.goto(step);
			this.state = this.machine.state();
			return this.article().replaceAll(/ id="(source|registers)"/g, ' class="$1 mono"');
		});
		$("handout").innerHTML = `<h1>Firstlight: see it boot</h1><p>${safe(this.names.image)}, build ` +
			`${this.names.build}</p>${articles.join("")}`;
		this.goto(now);
	}

	// ---- Predict, break, your kernel -----------------------------------------------------------------

	predict(index) {
		const result = askMachine(QUESTIONS[index], this);
		if (!result)
			return this.tell("This boot never comes there.");
		this.question = { index, ...result };
		this.goto(result.before);
	}

	guess(choice) {
		this.question.guess = choice;
		this.goto(this.question.after, this.question.before);
	}

	async breakIt(index, value) {
		this.pause();
		const flaw = BREAKS[index];
		this.broken = { flaw, index, value, working: true };
		this.drawPane();
		const breathe = () => new Promise((done) => setTimeout(done));
		await breathe();
		const { machine, record } = await bootBroken(this.parts, flaw, value, breathe);
		const difference = firstDifference(this.record, record);
		this.broken = { flaw, index, value, machine, record, difference };
		if (difference) {
			machine.goto(difference.bad);
			this.goto(difference.good);
		} else
			this.drawPane();
	}

	async dropped(files) {
		const file = files[0];
		if (!file)
			return;
		let image = new Uint8Array(await file.arrayBuffer());
		try {
			if (text(image.subarray(1, 4)) === "ELF")
				image = await this.makeImage(image);
		} catch (error) {
			return this.tell(`<b>mkimage refuses ${safe(file.name)}:</b> <code>${safe(error.message)}</code>`);
		}
		this.names = new Names({ ...this.names, image: file.name, build: "of your own",
			symbols: this.names.symbols.filter(([, , stage]) => stage !== "kernel"),
			lines: this.names.lines.filter(([address]) => address < 0x100000) });
		this.tell(`Booting <b>${safe(file.name)}</b>.`);
		await this.powerOn(image);
	}

	// mkimage itself, compiled to WebAssembly
	async makeImage(elf) {
		const [wasmBinary, js] = [await unpack("mkimage"), await unpack("mkimage-js")];
		if (!js)
			throw new Error("this page was made without mkimage: drop an image that it has made");
		const said = [];
		const module = await loader(js, "Mkimage")({ wasmBinary, noInitialRun: true,
			print: (line) => said.push(line), printErr: (line) => said.push(line) });
		for (const name of ["bootsector", "stage2", "diag"])
			module.FS.writeFile("/" + name, await unpack(name));
		module.FS.writeFile("/kernel.elf", elf);
		module.callMain(["--bootsector", "/bootsector", "--stage2", "/stage2", "--diag", "/diag",
			"--kernel", "/kernel.elf", "-o", "/disk.img"]);
		if (!module.FS.analyzePath("/disk.img").exists)
			throw new Error(said.join(" ") || "no image was made");
		return module.FS.readFile("/disk.img");
	}

	// ---- Events ------------------------------------------------------------------------------------

	key(code, released) {
		const key = keyNumber(code);
		if (key < 0)
			return false;
		this.machine.act({ kind: "key", key, released: Number(released) });
		if (!this.running)
			this.run();
		return true;
	}

	async type(line) {
		for (const character of line + "\n") {
			const [code, shift] = keysOf(character);
			for (const [key, up] of [...(shift ? [["ShiftLeft", 0]] : []), [code, 0], [code, 1],
				...(shift ? [["ShiftLeft", 1]] : [])])
				this.key(key, up);
			await new Promise((done) => setTimeout(done, 30));
		}
	}

	listen() {
		$("units").innerHTML = this.units.map(({ name, key, title }) => `<button role="radio" data-unit="${name}" ` +
			`title="${title} (${key.toUpperCase()})" aria-checked="${name === this.unit}" ` +
			`tabindex="${name === this.unit ? 0 : -1}">${name}</button>`).join("");
		document.addEventListener("click", (event) => this.click(event));
		document.addEventListener("keydown", (event) => this.shortcut(event));
		document.addEventListener("submit", (event) => this.submit(event));
		addEventListener("hashchange", () => this.follow());
		addEventListener("beforeprint", () => this.handout());
		addEventListener("resize", () => this.machine && this.drawTrack());
		$("screen").addEventListener("keydown", (event) => this.screenKey(event, 0));
		$("screen").addEventListener("keyup", (event) => this.screenKey(event, 1));
		$("screen").addEventListener("click", (event) => this.screenClick(event));
		const scrub = (event) => event.buttons && this.scrub(event);
		$("detail").addEventListener("pointerdown", (event) => {
			$("detail").setPointerCapture(event.pointerId);
			scrub(event);
		});
		$("detail").addEventListener("pointermove", scrub);
		$("detail").addEventListener("mousemove", (event) => { $("detail").title = this.boxAt(event)?.text ?? ""; });
		addEventListener("dragover", (event) => event.preventDefault());
		addEventListener("drop", (event) => {
			event.preventDefault();
			this.dropped(event.dataTransfer.files);
		});
		document.addEventListener("change", (event) => event.target.type === "file" && this.dropped(event.target.files));
	}

	boxAt({ offsetX, offsetY }) {
		return this.boxes?.findLast(({ x, y, w, h }) => offsetX >= x && offsetX < x + w &&
			offsetY >= y && offsetY < y + h);
	}

	// Drawing waits for the next frame: a pointer moves more often.
	scrub(event) {
		const { from, to } = this.chapter, box = event.type === "pointerdown" ? this.boxAt(event) : null;
		const share = Math.max(0, Math.min(1, event.offsetX / $("detail").clientWidth));
		const waits = this.scrubTo !== undefined;
		this.scrubTo = box?.step ?? Math.round(from + share * (to - from - 1));
		if (!waits)
			requestAnimationFrame(() => {
				const step = this.scrubTo;
				this.scrubTo = undefined;
				this.goto(step < (this.record.stepOf(0) ?? 0) ? step
					: this.record.stepOf(Math.min(this.record.indexAt(step), this.record.length - 1)));
			});
	}

	click(event) {
		const target = event.target.closest("button, [data-line]");
		const { go: step, ask, bytes, register, pane, unit, look, line, predict, guess, flaw } = target?.dataset ?? {};
		if (!target || !this.machine)
			return;
		if (step !== undefined)
			this.goto(Number(step));
		else if (ask !== undefined)
			this.ask(Number(ask), Number(bytes ?? 1));
		else if (register)
			this.askRegister(register);
		else if (pane || look !== undefined) {
			this.pane = pane ?? "bytes";
			this.look = look === undefined ? this.look : Math.max(0, Number(look));
			this.drawPane();
			$("pane-" + this.pane).focus();
		} else if (unit)
			this.choose(unit);
		else if (line)
			this.toLine(Number(line), event.shiftKey);
		else if (predict !== undefined)
			this.predict(Number(predict));
		else if (guess !== undefined)
			this.guess(guess);
		else if (flaw !== undefined)
			this.breakIt(Number(flaw), this.number(target.parentElement.querySelector("input")?.value));
		else if ("close" in target.dataset)
			$("answer").hidden = true;
		else if ("reader" in target.dataset)
			this.askReader();
		else if (target.role === "tab")
			this.output(target);
		else
			this.command(target.id);
	}

	// "12", "0x7c00", "7C00h": base 16 where it can only be that
	number(word) {
		const name = this.names.address(word);
		if (word === undefined || name !== undefined)
			return name;
		return /^\d+$/.test(word) ? Number(word) : parseInt(word.replace(/h$/i, ""), 16);
	}

	toLine(line, backwards) {
		const place = this.names.line(this.state.at);
		const wanted = new Set(this.names.addresses(place[0], line));
		const step = this.record.find((address) => wanted.has(address), this.step, backwards);
		const other = step < 0 ? this.record.find((address) => wanted.has(address), this.step, !backwards) : step;
		if (other < 0)
			return this.tell(`Line ${line} has not run in this boot.`);
		this.goto(other);
	}

	choose(unit) {
		this.unit = unit;
		for (const button of $("units").children) {
			button.setAttribute("aria-checked", button.dataset.unit === unit);
			button.tabIndex = button.dataset.unit === unit ? 0 : -1;
		}
	}

	output(tab) {
		for (const name of ["screen", "serial"]) {
			const chosen = tab.id === "tab-" + name;
			$("tab-" + name).setAttribute("aria-selected", chosen);
			$("tab-" + name).tabIndex = chosen ? 0 : -1;
			$(name + "-pane").hidden = !chosen;
		}
	}

	command(id) {
		const root = document.documentElement;
		const commands = {
			run: () => { if (this.running) { this.pause(); this.show(); } else this.run(); },
			power: () => { this.goto(0); this.run(); },
			back: () => this.move(-1), forward: () => this.move(1),
			theme: () => { root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; this.drawTrack(); },
			bigger: () => {
				const big = root.dataset.size === "big";
				root.dataset.size = big ? "" : "big";
				$("bigger").setAttribute("aria-pressed", !big);
				this.drawTrack();
			},
			link: () => this.copyLink(),
			pin: () => { this.pinned.push(this.step); this.tell(`On the handout: ${this.pinned.length} moments.`); },
			print: () => window.print(),
		};
		commands[id]?.();
	}

	submit(event) {
		event.preventDefault();
		const form = event.target, input = form.querySelector("input");
		if (form.id === "typing") {
			this.type(input.value);
			input.value = "";
		} else if (form.dataset.form === "look")
			this.look = this.names.address(input.value) ?? (parseInt(input.value, 16) || 0);
		else if (form.dataset.form === "walk")
			this.linear = this.names.address(input.value) ?? (parseInt(input.value, 16) || 0);
		if (form.id !== "typing")
			this.drawPane();
	}

	screenKey(event, released) {
		if (event.code === "Escape" && !released)
			return $("typed").focus();
		if (event.shiftKey && event.code === "Tab" || event.metaKey)
			return;
		if (this.key(event.code, released))
			event.preventDefault();
		event.stopPropagation();
	}

	screenClick(event) {
		const screen = this.machine.screen(), box = $("screen").getBoundingClientRect();
		if (!screen || this.running)
			return;
		const pad = parseFloat(getComputedStyle($("screen")).paddingLeft);
		const x = Math.floor((event.clientX - box.left - pad) / (box.width - 2 * pad) * screen.columns);
		const y = Math.floor((event.clientY - box.top - pad) / (box.height - 2 * pad) * screen.rows);
		if (x >= 0 && x < screen.columns && y >= 0 && y < screen.rows)
			this.ask(screen.start + 2 * (y * screen.columns + x));
	}

	shortcut(event) {
		const typing = event.target.matches("input, #screen"), tab = event.target.closest("[role=tab], [role=radio]");
		if (typing || event.ctrlKey || event.metaKey || event.altKey || !this.machine)
			return;
		const chapters = this.chapterList ?? [], at = chapters.indexOf(this.chapter);
		const unit = this.units.find(({ key }) => key === event.key.toLowerCase());
		const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (tab && sideways) {
			const group = [...tab.parentElement.children];
			const next = group[(group.indexOf(tab) + sideways + group.length) % group.length];
			next.click();
			document.getElementById(next.id)?.focus();
			(next.id ? document.getElementById(next.id) : next).focus();
		} else if (sideways)
			this.move(sideways);
		else if (event.key === " " && !event.target.closest("button"))
			this.command("run");
		else if (event.key === "Home" || event.key === "End")
			this.goto(event.key === "Home" ? 0 : this.machine.known - 1);
		else if (event.key === "PageDown" && chapters[at + 1])
			this.goto(chapters[at + 1].from);
		else if (event.key === "PageUp" && chapters[at])
			this.goto(this.step > chapters[at].from ? chapters[at].from : chapters[at - 1]?.from ?? 0);
		else if (event.key.toLowerCase() === "p")
			this.command("power");
		else if (unit)
			this.choose(unit.name);
		else
			return;
		event.preventDefault();
	}
}

// ---- Panes that ask for something -------------------------------------------------------------------

function predictHTML({ question }) {
	const card = (one, i) => {
		if (question?.index !== i)
			return `<div class="card"><h3>${i + 1}. ${safe(one.at)}</h3><p>${safe(one.ask)}</p>` +
				`<button data-predict="${i}">Go there and predict</button></div>`;
		const said = question.guess === undefined ? "" : question.guess === question.answer
			? '<p class="right">Right.</p>' : `<p class="wrong">You said ${safe(question.guess)}.</p>`;
		const choices = question.choices.map((choice) => `<button data-guess="${safe(choice)}" ` +
			`class="mono">${safe(choice)}</button>`).join("");
		return `<div class="card"><h3>${i + 1}. ${safe(one.at)}</h3><p>${safe(one.ask)}</p>` +
			(said ? `${said}<p>The machine says <b class="mono">${safe(question.answer)}</b>. ${safe(one.why)}</p>`
				: `<div class="choices">${choices}</div>`) + "</div>";
	};
	return `<p>Say what will happen before you see it. The machine gives the answer.</p>` +
		`<div class="cards">${QUESTIONS.map(card).join("")}</div>`;
}

function sideHTML(page, title, machine, names) {
	const state = machine.state(), { text: code } = machine.disassemble(state.at, state);
	const screen = machine.screen();
	const end = page.broken?.machine === machine ? machine.known - 1 : page.readyStep;
	return `<div><h3>${title}</h3><p>${modeChip(modeOf(state))} <b>${safe(names.label(state.at))}</b> ` +
		`<span class="soft mono">${names.where(state.at) ?? ""}</span></p><p><code>${safe(code)}</code></p>` +
		`<p class="mono">${["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rflags"].map((name) =>
			`${name.slice(1).toUpperCase()}=${hex(state[name])}`).join(" ")}</p>` +
		`<pre class="screen">${screen ? safe(screenText(screen)) : ""}</pre>` +
		`<p class="soft">It ends at step ${number(end)}.</p></div>`;
}

function breakHTML(page) {
	const { broken, names } = page;
	const cards = BREAKS.map((flaw, i) => `<div class="card"><h3>${flaw.name}</h3><p>${flaw.what}</p>` +
		(flaw.field ? `<label>${flaw.field} <input size="9" value="${flaw.field === "DL" ? "12h" : flaw.field === "LBA"
			? "4" : page.parts.image.length >> 3}"></label> ` : "") +
		`<button data-flaw="${i}">Boot it so</button></div>`).join("");
	let result = "";
	if (broken?.working)
		result = `<p role="status">Booting: ${broken.flaw.name} ...</p>`;
	else if (broken) {
		const { machine, difference, flaw } = broken, now = machine.steps;
		machine.goto(machine.known - 1);
		const last = machine.screen(), serial = machine.text;
		machine.goto(now);
		result = `<h3>${flaw.name}</h3>` + (difference
			? `<p>The two boots execute the same ${number(difference.index)} of our instructions. Here they part: ` +
				`each is about to execute the last that both have in common.</p><div class="sides">` +
				`${sideHTML(page, "The good boot", page.machine, names)}${sideHTML(page, flaw.name, machine, names)}</div>` +
				`<h3>How it ends</h3>` : "<p>Both boots execute the same instructions.</p>") +
			`<div class="sides"><div><pre class="screen">${last ? safe(screenText(last)) : ""}</pre></div>` +
			`<div><p>COM1 said:</p><pre class="screen">${safe(serial.slice(-1500))}</pre></div></div>`;
	}
	return `<div class="cards">${cards}</div>${result}`;
}

function kernelHTML() {
	return `<div class="drop"><p>Drop a kernel here: an ELF64 file as <code>mkimage --kernel</code> takes it, or a ` +
		"whole disk image. It boots in this page.</p><label>or choose one <input type=\"file\"></label></div>" +
		"<p class=soft>mkimage is our C program, compiled to WebAssembly; it says the same as at home.</p>";
}

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const page = new Page();
window.page = page;	// for the curious, and the tests
page.start().catch((error) => {
	$("notice").hidden = false;
	$("notice").textContent = "The PC did not start: " + error.message;
	throw error;
});
