// Python in a Worker. In front of this the build puts `createPyodideModule` and `loadPyodide`, the two scripts of
// pyodide. Nothing is fetched: the page sends what pyodide would ask for.

const PYTHON = "python_stdlib.zip";
const TABLE = "/table";
const MADE = "/made/";
const EVERY = 50; // milliseconds between two messages of progress
let side; // the module of Python that answers
let pyodide;
let isMounted = false;

self.onmessage = async ({ data }) => {
  const { id, call, given } = data;
  try {
    self.postMessage({ id, answer: await CALLS[call](given) });
  } catch (error) {
    self.postMessage({ id, error: wordsOf(error) });
  }
};

// An error of the file system has a number and no message.
const wordsOf = (error) => (error.errno === undefined ? String(error.message ?? error) : `${error.name} ${error.errno}`);

const CALLS = {
  async start({ wasm, python, lock }) {
    serve(wasm, python);
    pyodide = await loadPyodide({
      indexURL: "https://embedded.invalid/",
      stdLibURL: `https://embedded.invalid/${PYTHON}`,
      lockFileContents: lock,
      createPyodideModule,
      stdout: () => {},
      stderr: () => {},
    });
    pyodide.FS.mkdir(TABLE);
    pyodide.FS.mkdir(MADE);
    tellProgress(pyodide.FS.filesystems.WORKERFS);
    side = pyodide.pyimport("page_side");
    return JSON.parse(side.choices());
  },

  ask({ name, asked }) {
    return JSON.parse(side[name](typeof asked === "string" ? asked : JSON.stringify(asked)));
  },

  // The files stay where they are, and Python reads them piece by piece.
  open({ files }) {
    const { FS } = pyodide;
    FS.chdir("/");
    if (isMounted) FS.unmount(TABLE);
    FS.mount(FS.filesystems.WORKERFS, { files }, TABLE);
    isMounted = true;
    FS.chdir(TABLE);
    places.clear();
    for (const name of FS.readdir(MADE)) if (!name.startsWith(".")) FS.unlink(MADE + name);
    return null;
  },

  made() {
    const { FS } = pyodide;
    const names = FS.readdir(MADE).filter((name) => !name.startsWith("."));
    return names.map((name) => ({ name, size: FS.stat(MADE + name).size }));
  },

  // A copy: a view of the memory of Python would not outlive it.
  take({ name }) {
    return new Blob([pyodide.FS.readFile(MADE + name)]);
  },
};

function serve(wasm, python) {
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module: wasm,
    instance: await WebAssembly.instantiate(wasm, imports),
  });
  self.fetch = async (address) =>
    String(address).endsWith(PYTHON) ? new Response(python) : new Response(null, { status: 404 });
}

const places = new Map(); // how far each file was read
let told = 0;

function tellProgress(files) {
  const { read } = files.stream_ops;
  files.stream_ops.read = (stream, buffer, offset, length, position) => {
    const count = read(stream, buffer, offset, length, position);
    const { node } = stream;
    places.set(node, { done: Math.max(position + count, places.get(node)?.done ?? 0), size: node.size });
    const now = performance.now();
    if (now - told > EVERY) {
      told = now;
      const all = [...places.values()];
      const sum = (what) => all.reduce((before, one) => before + one[what], 0);
      self.postMessage({ progress: { done: sum("done"), size: sum("size") } });
    }
    return count;
  };
}
