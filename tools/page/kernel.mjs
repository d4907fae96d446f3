// kernel.mjs - your kernel: a dropped ELF file or image boots in the page.

// emscripten's loader as a function: it is a script that defines one name.
export const loader = (js, name) => new Function(`${new TextDecoder().decode(js)};return ${name};`)();

// The image that mkimage makes of an ELF file. It is our C program, compiled to
// WebAssembly; unpack(name): a part of the page. Throws in mkimage's words.
export async function makeImage(elf, unpack) {
	const js = await unpack("mkimage-js"), said = [];
	if (!js)
		throw new Error("This page was made without mkimage: drop an image that mkimage has made.");
	const say = (line) => said.push(line);
	const { FS, callMain } = await loader(js, "Mkimage")({ wasmBinary: await unpack("mkimage"),
		noInitialRun: true, print: say, printErr: say });
	for (const name of ["bootsector", "stage2", "diag", "uefi"])
		FS.writeFile("/" + name, await unpack(name));
	FS.writeFile("/kernel.elf", elf);
	callMain(["--bootsector", "/bootsector", "--stage2", "/stage2", "--diag", "/diag",
		"--kernel", "/kernel.elf", "-o", "/disk.img"]);
	if (!FS.analyzePath("/disk.img").exists)
		throw new Error(said.join(" ") || "mkimage made no image.");
	FS.chmod("/disk.img", 0o600);	// emscripten's umask() takes every right away
	return FS.readFile("/disk.img");
}

export function kernelHTML() {
	return '<div class="drop"><p>Drop a kernel here: an ELF64 file as <code>mkimage --kernel</code> takes it, ' +
		'or a whole disk image. It boots in this page.</p><label>or choose one <input type="file"></label></div>' +
		"<p class=soft>Its own functions have names here if the page was made for it: " +
		"<code>make page KERNEL=my.elf</code>.</p>";
}
