// layout.js - pages of the booklet: source left, prose right.
"use strict";
const book = document.getElementById("book");
const codes = {};
for (const img of document.querySelectorAll("img.code"))
	codes[img.dataset.at] = img;

const isFull = (column) => column.scrollHeight > column.clientHeight + 1;

function newPage(chapter, at) {
	const page = document.getElementById("page").content.firstElementChild.cloneNode(true);
	book.append(page);
	page.querySelector("header b").textContent = chapter.querySelector("h1").textContent;
	page.querySelector("footer b").textContent = book.children.length;
	page.dataset.at = at;
	return page;
}

function nameOf(name, goesOn) {
	const bar = document.createElement("h5");
	bar.dataset.name = name;
	bar.textContent = goesOn ? `${name} (goes on)` : name;
	return bar;
}

// Lines of source, into a column until it is full. A file begins only where
// some of its lines fit below its name.
function fillSource(column, files) {
	while (files.length) {
		const file = files[0];
		const bar = nameOf(file.dataset.name, file.dataset.begun);
		const some = [...file.children].slice(0, file.dataset.begun ? 1 : 8);
		column.append(bar, ...some);
		if (isFull(column)) {
			file.prepend(...some);
			bar.remove();
			return;
		}
		file.dataset.begun = 1;
		while (file.children.length) {
			const line = file.firstChild;
			column.append(line);
			if (isFull(column)) {
				file.prepend(line);
				return;
			}
		}
		files.shift();
	}
}

// A list or table that does not fit is split: what fits stays, the rest comes
// in a copy of its shell.
function split(block, column) {
	const rows = block.querySelector("tbody") ?? block;
	if (!/^(OL|UL|TABLE)$/.test(block.tagName))
		return null;
	const rest = block.cloneNode(true), restRows = rest.querySelector("tbody") ?? rest;
	restRows.replaceChildren();
	while (rows.children.length && isFull(column))
		restRows.prepend(rows.lastElementChild);
	if (!rows.children.length) {
		rows.append(...restRows.children);
		return null;
	}
	if (block.tagName === "OL")
		rest.start = block.start + rows.children.length;
	return rest;
}

// A heading, or one line that announces what follows
const wantsNext = (block) => block && (/^H\d$/.test(block.tagName) ||
	block.tagName === "P" && /:$/.test(block.textContent.trim()) && block.textContent.length < 100);

function fillProse(column, blocks) {
	while (blocks.length) {
		const block = blocks.shift();
		column.append(block);
		if (!isFull(column))
			continue;
		const rest = split(block, column);
		if (rest) {
			blocks.unshift(rest);
			return;
		}
		block.remove();
		blocks.unshift(block);
		while (column.children.length > 1 && wantsNext(column.lastElementChild)) {
			blocks.unshift(column.lastElementChild);
			column.lastElementChild.remove();
		}
		if (!column.children.length) { // larger than a column: it is cut
			column.append(nameOf("cut off: larger than a column"), blocks.shift());
		}
		return;
	}
}

// The pages of a chapter
function lay(chapter, kind) {
	const files = [...chapter.querySelectorAll(".source > div")];
	const blocks = [...chapter.querySelector(".prose").children];
	const pages = [];
	while (files.length || blocks.length) {
		const page = newPage(chapter, chapter.dataset.at);
		page.classList.add(kind);
		const [left, right] = page.querySelectorAll(".column");
		if (!pages.length)
			page.id = chapter.dataset.page;
		pages.push(page);
		if (files.length)
			fillSource(left, files);
		else
			fillProse(left, blocks);
		if (blocks.length)
			fillProse(right, blocks);
		if (!blocks.length)
			fillSource(right, files);
		page.dataset.at = page.querySelector("[data-at]")?.dataset.at ?? page.dataset.at;
		const code = codes[page.dataset.at];
		page.querySelector("footer img").src = code.src;
		const link = page.querySelector("footer a");
		link.href = link.textContent = code.dataset.url;
		page.querySelector("header span").textContent =
			[...new Set([...page.querySelectorAll("h5")].map((bar) => bar.dataset.name))].join(", ");
	}
	return pages;
}

// Lines of source that are not worth a page of their own
const FEW = 24;

function layWell(chapter) {
	const pages = lay(chapter.cloneNode(true), "roomy");
	const lines = pages.at(-1).querySelectorAll(".column p");
	const tight = pages.length > 1 && lines.length < FEW &&
		[...lines].every((line) => line.id);
	pages.forEach((page) => page.remove());
	lay(chapter, tight ? "tight" : "roomy");
}

function pageOf(id) {
	const page = document.getElementById(id)?.closest("article");
	return page ? [...book.children].indexOf(page) + 1 : 0;
}

function contents() {
	const row = (level, words, id) => {
		const line = document.createElement("a");
		line.className = level;
		line.href = "#" + id;
		line.innerHTML = "<span></span><b></b>";
		line.firstChild.textContent = words;
		line.lastChild.textContent = pageOf(id);
		document.getElementById("contents").append(line);
	};
	for (const chapter of document.querySelectorAll("section")) {
		row("chapter", chapter.querySelector("h1").textContent, chapter.dataset.page);
		for (const name of chapter.dataset.files.split(" ").filter(Boolean))
			row("file", name, name + ":1");
	}
}

onload = () => {
	for (const chapter of document.querySelectorAll("section")) {
		chapter.dataset.files = [...chapter.querySelectorAll(".source > div")].
			map((file) => file.dataset.name).join(" ");
		chapter.dataset.page = chapter.id;
		chapter.removeAttribute("id"); // its first page has it
		layWell(chapter);
	}
	for (const link of document.querySelectorAll(".ref a"))
		link.textContent += `, page ${pageOf(link.getAttribute("href").slice(1))}`;
	contents();
	document.getElementById("material").remove();
};
