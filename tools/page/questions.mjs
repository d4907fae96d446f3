// questions.mjs - predict, then see.
//
// The machine is taken to a moment, the question is asked, and the answer is what
// the machine says some steps later. No answer is written down here.

import { hex, safe } from "./names.mjs";

const digits = (value, count) => hex(BigInt(value) & (1n << BigInt(4 * count)) - 1n, count) + "h";

// at: the moment; then: until which moment it runs ("next": one step); say: what the
// machine answers there; wrong: what it does not
export const QUESTIONS = [
	{ at: "bootsector_start", then: "next", ask: "The BIOS has jumped to 7C00h. What are the first two " +
		"bytes there?", say: (m) => hex(m.memory(0x7C00, 1)[0], 2) + " " + hex(m.memory(0x7C01, 1)[0], 2),
		wrong: ["55 AA", "4D 5A", "00 00"], why: "A short jump over the room for a parameter block; 55 AA " +
		"stands at the end of the sector." },
	{ at: "main", then: "main.normalised", ask: "What will CS be after the far jump?",
		say: (m, s) => digits(s.cs, 4), wrong: ["07C0h", "7C00h", "F000h"],
		why: "A far jump loads segment and offset: 0 and the linked address." },
	{ at: "main.normalised", then: "next", ask: "The next instruction is a call. By how much does SP change?",
		say: (m, s, before) => String(s.rsp - before.rsp), wrong: ["0", "-4", "-8"],
		why: "16-bit code pushes a return address of two bytes, downwards." },
	{ at: "int13", then: "tidy", ask: "INT 13h asks whether the drive takes sector numbers. What does BX, now " +
		"55AAh, hold in the answer?", say: (m, s) => digits(s.rbx, 4), wrong: ["55AAh", "0000h", "0001h"],
		why: "Its two bytes exchanged: only a BIOS that knows the call does that." },
	{ at: "main.next_sector", then: "main.have_sector", ask: "What do the first four bytes at 7E00h spell after " +
		"this read?", say: (m) => String.fromCharCode(...m.memory(0x7E00, 4)), wrong: ["BOOT", "\\x7fELF", "MZ.."],
		why: "LBA 1 is the image's header, and that is its magic." },
	{ at: "main.sum", then: "stage2_start", ask: "All 32-bit words of header and stage 2 are added. What is the sum " +
		"in EDX?", say: (m, s, before, record, names) => {
			m.goto(record.find((a) => a === names.address("main.sum"), m.steps, true) + 3);
			return digits(m.state().rdx, 8); }, wrong: ["FFFFFFFFh", "AA55AA55h", "00000001h"],
		why: "mkimage has chosen one word so that all together are 0." },
	{ at: "a20_test", then: "a20_test.open", ask: "The probe's value is compared with what lies 1 MiB above it. What " +
		"does ES * 16 + offset give for FFFF:0010?", say: (m, s) => digits(Number(s.es) * 16 + 16, 6),
		wrong: ["000000h", "0FFFF0h", "010010h"], why: "FFFF0h + 10h: the 21st bit, if line 20 is open." },
	{ at: "memory_map_read", then: "video_init", ask: "How many ranges will the BIOS list?",
		say: (m, s, before, record, names) => String(m.word(names.address("raw_count"), 2)),
		wrong: ["1", "2", "16"], why: "Low memory, its end, the ROM, extended memory, ACPI's tables, the flash." },
	{ at: "protected_mode", then: "protected_mode.code32", ask: "The far jump into 32-bit code loads CS with a " +
		"selector. Which?", say: (m, s) => digits(s.cs, 4), wrong: ["0000h", "0008h", "0010h"],
		why: "The fourth entry of the GDT: 3 * 8." },
	{ at: "copy_up.back_to_real", then: "copy_up.real", ask: "Back in real mode: what is bit 0 of CR0, PE?",
		say: (m, s) => String(s.cr0 & 1n), wrong: ["1"], why: "The BIOS's code is for real mode." },
	{ at: "page_tables_build", then: "long_mode_start", ask: "What will CR3 point to?",
		say: (m, s, before, record, names) => hex(s.cr3) + "h: " + names.label(Number(s.cr3)),
		wrong: ["0h", "8000h: stage2_start", "100000h: _start"], why: "The first table, PML4, on a page of its own." },
	{ at: "long_mode_enter", then: "long_mode_start", ask: "In long mode: are LME and LMA of EFER both set?",
		say: (m, s) => (s.efer >> 8n & 1n && s.efer >> 10n & 1n ? "yes, both" : "no"), wrong: ["only LME", "only LMA"],
		why: "We set LME; the CPU sets LMA itself when paging is switched on." },
	{ at: "kernel_enter", then: "_start", ask: "A kernel is entered as if called. What is RSP modulo 16?",
		say: (m, s) => String(s.rsp % 16n), wrong: ["0", "4", "12"],
		why: "The ABI: aligned to 16 before the call, and the return address takes 8." },
	{ at: "pages_start", then: "console_start", ask: "Is the page at address 0 present in the kernel's own tables?",
		say: (m) => (m.physical(0) < 0 ? "no" : "yes"), wrong: ["yes"], why: "A null pointer shall be a fault." },
];

// {answer, choices, before, after} of a question; the machine is left at `after`.
// null: this boot never comes there.
export function askMachine(question, { machine, record, journey, names }) {
	const before = journey.step(question.at);
	const place = names.address(question.then);
	const after = question.then === "next" ? record.stepOf(record.indexAt(before + 1))
		: record.find((address) => address === place, before);
	if (before < 0 || after < 0)
		return null;
	machine.goto(before);
	const state = machine.state();
	machine.goto(after);
	const answer = question.say(machine, machine.state(), state, record, names);
	machine.goto(after);
	const choices = [...new Set([...question.wrong, answer])]
		.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
	return { answer, choices, before, after };
}

export function predictHTML({ question }) {
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
