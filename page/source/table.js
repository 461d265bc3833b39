// A table: what is in it, which command, its results, and the proof that nothing was altered.
import { byId, element, fill, plural, table } from "./elements.js";
import { Canceled } from "./python.js";
import { Roles } from "./roles.js";

const LISTED = ["mode", "dialect", "system"];
const WRITTEN = ["edition", "date-format", "delimiter", "encoding"];
const ENDED = {
  0: "Done: nothing was found.",
  1: "Done, with findings or rejected rows: they are counted below.",
  2: "Not done: these choices do not go together.",
  3: "Not done: the file could not be read.",
};
const PROVED = {
  0: "Nothing was altered: every byte of the original is in its place.",
  1: "Something was altered, or does not fit the choices above: it is named below.",
};
const KINDS = { ".rejected": "rows that were rejected", ".html": "report", _findings: "list of findings" };

export class TableSection {
  #python;
  #file = null;
  #seen = null;
  #others = []; // settings of `rstage look` that have no place of their own here
  #roles = new Roles();

  constructor(python) {
    this.#python = python;
    python.onprogress = ({ done, size }) => this.#progress(done, size);
    byId("file").addEventListener("change", () => this.open(byId("file").files[0]));
    const zone = byId("drop");
    for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => hover(event, true));
    zone.addEventListener("dragleave", (event) => hover(event, false));
    zone.addEventListener("drop", (event) => {
      hover(event, false);
      this.open(event.dataTransfer.files[0]);
    });
    byId("choices").addEventListener("input", ({ target }) => this.#changed(target));
    byId("choices").addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    byId("shows-values").addEventListener("change", () => this.#look({ keeps: true }));
    byId("cancel").addEventListener("click", () => this.cancel());
    byId("made").addEventListener("change", () => this.verify(byId("made").files[0]));
  }

  offer(choices) {
    fill(byId("table-mode"), choices.mode.map((one) => [one, one]));
    for (const name of ["dialect", "system"]) {
      fill(byId(`table-${name}`), [["", "none"], ...choices[name].map((one) => [one, one])]);
    }
    byId("table-system").options[0].text = "TNM";
    this.#roles.offer(choices);
  }

  // Drops of something that is no file are left to the browser.
  async open(file) {
    if (!file || byId("file").disabled) return;
    this.#file = file;
    for (const id of ["looked", "outcome", "verify", "proof"]) byId(id).hidden = true;
    await this.#look();
  }

  async #look({ keeps } = {}) {
    if (this.#file === null) return;
    const asked = { file: this.#file.name, shows_values: byId("shows-values").checked };
    const seen = await this.#busy("Looking at the table", async () => {
      await this.#python.call("open", { files: [this.#file] });
      return this.#python.ask("look", asked);
    });
    if (seen === null) return;
    this.#seen = seen;
    byId("looked").hidden = false;
    byId("seen").replaceChildren(...described(this.#file, seen));
    const is_table = !seen.error && seen.columns.length > 0;
    byId("choices").hidden = byId("verify").hidden = !is_table;
    if (is_table && !keeps) this.#choose(seen.chosen);
  }

  // Puts in what `rstage look` would choose.
  #choose({ command, settings }) {
    byId(command).checked = true;
    const said = Object.fromEntries(settings);
    for (const name of LISTED) byId(`table-${name}`).value = said[name] ?? (name === "mode" ? "standard" : "");
    for (const name of WRITTEN) byId(`table-${name}`).value = said[name] ?? "";
    this.#others = settings.filter(([name]) => ![...LISTED, ...WRITTEN].includes(name));
    this.#roles.choose(this.#seen, command);
    this.#changed();
  }

  async #changed(target) {
    if (target?.name === "command") this.#roles.choose(this.#seen, target.value);
    const { command } = this.#asked();
    byId("run").textContent = command === "restage" ? "Restage" : "Normalize";
    byId("date-format").hidden = command !== "restage";
    byId("command-line").textContent = await this.#python.ask("command_line", this.#asked());
  }

  #asked() {
    const command = byId("restage").checked ? "restage" : "normalize";
    const { chosen } = this.#seen;
    const name = this.#file.name;
    const [ending] = name.match(/(\.\w+(\.(gz|xz))?)?$/i);
    const stem = name.slice(0, name.length - ending.length);
    const output = chosen.output || `${stem}_${command}d${ending}`;
    const settings = [...LISTED, ...WRITTEN].map((one) => [one, byId(`table-${one}`).value]);
    const is_restaging = command === "restage";
    return {
      command,
      is_restaging,
      file: name,
      folder: "/made/",
      output: chosen.command === command ? output : output.replace(/_(normalize|restage)d/, `_${command}d`),
      report: `${stem}_report.html`,
      roles: this.#roles.given(),
      settings: [...settings, ...this.#others],
      shows_values: byId("shows-values").checked,
    };
  }

  async run() {
    const asked = this.#asked();
    byId("proof").hidden = byId("outcome").hidden = true;
    const done = await this.#busy(asked.is_restaging ? "Restaging" : "Normalizing", async () => {
      await this.#python.call("open", { files: [this.#file] });
      return this.#python.ask("work", asked);
    });
    if (done === null) return;
    const made = await this.#python.call("made");
    byId("outcome").hidden = false;
    byId("ended").textContent = ENDED[done.code] ?? "Not done.";
    byId("printed").textContent = printed(done);
    byId("downloads").replaceChildren(...(await this.#downloads(made, asked.output)));
    const has_output = made.some(({ name }) => name === asked.output);
    byId("findings").hidden = !has_output;
    byId("findings").onclick = () => this.#listFindings(asked);
    await this.#showReport(made.some(({ name }) => name === asked.report) ? asked.report : null);
    byId("ended").focus();
  }

  // A link for each file that was made, the table itself first.
  async #downloads(made, first) {
    const links = [];
    for (const { name, size } of made.sort((one, other) => (other.name === first) - (one.name === first))) {
      const blob = await this.#python.call("take", { name });
      const href = URL.createObjectURL(blob);
      const link = element("a", { href, download: name }, `Download ${name}`);
      const kind = Object.keys(KINDS).find((part) => name.includes(part));
      const what = kind ? KINDS[kind] : "the table with what was appended";
      links.push(element("li", {}, link, ` (${what}, ${plural(size, "byte")})`));
    }
    return links;
  }

  async #showReport(name) {
    const frame = byId("report");
    frame.hidden = name === null;
    if (name !== null) frame.srcdoc = await (await this.#python.call("take", { name })).text();
  }

  async #listFindings(asked) {
    const output = asked.output.replace(/(\.\w+)*$/, "") + "_findings.csv";
    const words = { ...asked, command: "check", output, report: "" };
    const done = await this.#busy("Listing the findings", () => this.#python.ask("work", words));
    if (done === null) return;
    const made = await this.#python.call("made");
    byId("downloads").replaceChildren(...(await this.#downloads(made, asked.output)));
    byId("findings").hidden = true;
  }

  // Proves that a file holds the table that is open byte for byte.
  async verify(file) {
    if (!file || this.#file === null) return;
    byId("proof").hidden = true;
    // The two may have the same name, so the one that was made gets another.
    let made = `made_${file.name}`;
    while (made === this.#file.name) made = `made_${made}`;
    const files = [this.#file, new File([file], made)];
    const asked = { ...this.#asked(), command: "verify", made, report: "" };
    const done = await this.#busy("Comparing", async () => {
      await this.#python.call("open", { files });
      return this.#python.ask("work", asked);
    });
    byId("made").value = "";
    if (done === null) return;
    byId("proof").hidden = false;
    byId("proved").textContent = PROVED[done.code] ?? "Not compared.";
    byId("proof-printed").textContent = printed(done);
    byId("proved").focus();
  }

  async cancel() {
    byId("doing").textContent = "Canceled. Getting Python ready again";
    await this.#python.cancel();
    byId("doing").textContent = "Canceled: nothing was kept.";
  }

  // Does something that takes a while; returns null where it was canceled.
  async #busy(what, action) {
    this.#hold(true);
    byId("doing").textContent = `${what} …`;
    byId("progress").removeAttribute("value");
    byId("working").hidden = byId("cancel").hidden = byId("progress").hidden = false;
    document.body.setAttribute("aria-busy", "true");
    try {
      const done = await action();
      byId("doing").textContent = "";
      byId("working").hidden = true;
      return done;
    } catch (error) {
      if (!(error instanceof Canceled)) byId("doing").textContent = `Not done: ${error.message}`;
      return null;
    } finally {
      byId("cancel").hidden = byId("progress").hidden = true;
      this.#hold(false);
      document.body.removeAttribute("aria-busy");
    }
  }

  // One thing at a time: the Worker has one table open.
  #hold(is_held) {
    for (const id of ["file", "shows-values", "run", "findings", "made"]) byId(id).disabled = is_held;
  }

  #progress(done, size) {
    byId("progress").value = size ? done / size : 0;
    byId("progress").textContent = size ? `${Math.floor((100 * done) / size)} %` : "";
  }
}

// The folder is known to the Worker alone.
const printed = ({ out, err }) => (out + err).replaceAll("/made/", "");

function hover(event, is_over) {
  event.preventDefault();
  byId("drop").classList.toggle("over", is_over);
}

function* described(file, seen) {
  if (seen.error) {
    yield element("p", { className: "danger" }, `${file.name} cannot be read.`);
    yield element("pre", {}, seen.error);
    return;
  }
  const said = [seen.format, seen.encoding, seen.delimiter && `delimiter ${seen.delimiter === "\t" ? "tab" : seen.delimiter}`].filter(Boolean);
  const rows = plural(seen.rows, "row") + (seen.is_partial ? " and more" : "");
  const columns = plural(seen.columns.length, "column");
  yield element("p", {}, element("strong", {}, file.name), ` looks like ${said.join(", ")}: ${rows}, ${columns}.`);
  for (const { name, read, filled } of seen.stages) {
    yield element("p", {}, `${name}: ${read.toLocaleString("en")} of ${filled.toLocaleString("en")} stages are read.`);
  }
  if (seen.notes.length) {
    yield element("ul", {}, ...seen.notes.map((one) => element("li", {}, one)));
  }
  const unread = Object.entries(seen.unread).flatMap(([column, values]) =>
    values.map((one) => [one.value, column, String(one.count), `${one.code}: ${one.message}`, one.proposals.join(" or ")]),
  );
  if (unread.length) {
    const headings = ["value", "column", "times", "why", "may be"];
    const caption = "Values that are not read, the most frequent";
    yield element("details", {}, element("summary", {}, caption), table(caption, headings, unread));
  }
}
