// Compiles Python for the page: node compile.mjs PYODIDE_FOLDER OUTPUT TABLE ARCHIVE...
//
// The browser would compile every module at each start, which takes longer than anything else in it. The bytecode
// has to be that of the Python in pyodide, so pyodide makes it, for whatever a run over TABLE imports.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, output, table, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: resolve(folder) });
const names = archives.map((archive, place) => {
  pyodide.FS.writeFile(`/tmp/${place}.zip`, readFileSync(archive));
  return `/tmp/${place}.zip`;
});
const beside = fileURLToPath(new URL("compile_archives.py", import.meta.url));
pyodide.FS.writeFile("/tmp/compile_archives.py", readFileSync(beside));
pyodide.FS.writeFile("/tmp/table.csv", readFileSync(table));
pyodide.globals.set("archives", pyodide.toPy(names));
const script = `
import sys
sys.path.insert(0, "/tmp")
import compile_archives
compile_archives.write_archive("/tmp/source.zip", archives)
sys.path[:0] = ["/tmp/source.zip"]
import page_side
page_side.try_everything("/tmp/table.csv", "/tmp/made_")
used = set(sys.modules) - {"compile_archives"}
missed = sorted(compile_archives.LEFT_OUT.intersection(name.partition(".")[0] for name in used))
if missed:
    raise RuntimeError(f"these modules are left out, and something imports them: {', '.join(missed)}")
compile_archives.write_archive("/tmp/python.zip", archives, used)
`;
try {
  pyodide.runPython(script);
} catch (error) {
  console.error(error.message); // node would print all of pyodide with it
  process.exit(1);
}
writeFileSync(output, pyodide.FS.readFile("/tmp/python.zip"));
