// screen.mjs - the PC's text screen and keyboard.

import { safe } from "./names.mjs";

const VGA = ["#000", "#0000aa", "#00aa00", "#00aaaa", "#aa0000", "#aa00aa", "#aa5500", "#aaaaaa",
	"#555555", "#5555ff", "#55ff55", "#55ffff", "#ff5555", "#ff55ff", "#ffff55", "#ffffff"];
const CP437 = "\u0000☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼" +
	String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i)) +
	"⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
	"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ";

// Bochs's keys in the order of its gui.h, as KeyboardEvent.code names them; a
// dash: there is no such key.
const KEYS = ("ControlLeft ShiftLeft F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 ControlRight " +
	"ShiftRight CapsLock NumLock AltLeft AltRight " +
	"KeyA KeyB KeyC KeyD KeyE KeyF KeyG KeyH KeyI KeyJ KeyK KeyL KeyM KeyN KeyO KeyP KeyQ KeyR " +
	"KeyS KeyT KeyU KeyV KeyW KeyX KeyY KeyZ Digit0 Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 " +
	"Digit7 Digit8 Digit9 Escape Space Quote Comma Period Slash Semicolon Equal BracketLeft " +
	"Backslash BracketRight Minus Backquote Backspace Enter Tab IntlBackslash - ScrollLock Pause " +
	"Insert Delete Home End PageUp PageDown - - - - - - - - - - - - - " +
	"ArrowUp ArrowDown ArrowLeft ArrowRight").split(" ");

export function keyNumber(code) { return KEYS.indexOf(code); }

// What is done to the keys of a US keyboard for a character: [[code, released]]
export function keysOf(character) {
	const plain = "`1234567890-=[]\\;',./ ", shifted = "~!@#$%^&*()_+{}|:\"<>?";
	const codes = ["Backquote", ..."1234567890".split("").map((d) => "Digit" + d), "Minus", "Equal",
		"BracketLeft", "BracketRight", "Backslash", "Semicolon", "Quote", "Comma", "Period", "Slash",
		"Space"];
	const shift = /[A-Z]/.test(character) || shifted.includes(character);
	const code = /[a-z]/i.test(character) ? "Key" + character.toUpperCase()
		: character === "\r" ? "Enter" : codes[(shift ? shifted : plain).indexOf(character)];
	const keys = [[code, 0], [code, 1]];
	return shift ? [["ShiftLeft", 0], ...keys, ["ShiftLeft", 1]] : keys;
}

export function glyph(code) { return code ? CP437[code] : " "; }

// HTML of machine.screen(): one span for neighbours of one colour
export function screenHTML({ columns, rows, cells, cursor }) {
	let html = "";
	for (let y = 0; y < rows; y++) {
		for (let x = 0; x < columns;) {
			const from = x, colour = cells[2 * (y * columns + x) + 1];
			let text = "";
			do
				text += glyph(cells[2 * (y * columns + x)]);
			while (++x < columns && cells[2 * (y * columns + x) + 1] === colour);
			text = safe(text);
			const column = cursor - y * columns - from;
			if (column >= 0 && column < x - from && !/[&]/.test(text))
				text = text.slice(0, column) + "<u>" + text[column] + "</u>" + text.slice(column + 1);
			html += colour === 7 ? text : `<span style="color:${VGA[colour & 15]};` +
				`background:${VGA[colour >> 4]}">${text}</span>`;
		}
		html += "\n";
	}
	return html;
}

export function screenText({ columns, rows, cells }) {
	return Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) =>
		glyph(cells[2 * (y * columns + x)])).join("").trimEnd()).join("\n");
}
