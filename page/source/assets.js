// What Python needs: embedded in the page, or beside it on the server it came from. It is made ready once, and
// given to each Worker that starts.

const NAMES = ["worker", "wasm", "python", "lock"];
let made = null;

export function assets() {
  made ??= load();
  return made;
}

async function load() {
  const [source, wasm, python, lock] = await Promise.all(NAMES.map(unpacked));
  return {
    source: await source.text(),
    wasm: await compiled(wasm),
    python: await python.arrayBuffer(),
    lock: JSON.parse(await lock.text()),
  };
}

async function unpacked(name) {
  const packed = embedded(name) ?? (await fetched(name));
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip")));
}

function embedded(name) {
  const element = document.getElementById(`asset-${name}`);
  if (element === null) return null;
  const bytes = decoded(element.textContent);
  element.remove();
  return new Blob([bytes]);
}

function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return bytes;
}

async function fetched(name) {
  const response = await fetch(`${name}.bin`);
  if (!response.ok) throw new Error(`${name}.bin cannot be loaded`);
  return response.blob();
}

function compiled(response) {
  const headers = { "Content-Type": "application/wasm" };
  return WebAssembly.compileStreaming(new Response(response.body, { headers }));
}
