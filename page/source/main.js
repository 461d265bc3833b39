// Two sections of one page: a stage, and a table.
import { byId } from "./elements.js";
import { Python } from "./python.js";
import { ReadingSection } from "./reading.js";
import { TableSection } from "./table.js";

const TABS = ["reading", "table"];

function show(name) {
  for (const one of TABS) {
    byId(one).hidden = one !== name;
    byId(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    byId(`tab-${one}`).tabIndex = one === name ? 0 : -1;
  }
}

for (const name of TABS) {
  byId(`tab-${name}`).addEventListener("click", () => show(name));
  byId(`tab-${name}`).addEventListener("keydown", ({ key }) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    const other = TABS[1 - TABS.indexOf(name)];
    show(other);
    byId(`tab-${other}`).focus();
  });
}
window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#stage=")) show("reading");
});
// A file that misses its place would take the place of the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

const python = new Python();
const reading = new ReadingSection(python);
const tables = new TableSection(python);

python.start().then(
  (choices) => {
    byId("status").textContent = "Ready.";
    byId("version").textContent = `rstage ${choices.version}`;
    tables.offer(choices);
    reading.offer(choices);
    // The first text takes longest: let it be one that nobody waits for.
    python.ask("read", { text: "T1", options: {} });
    document.body.dataset.ready = String(Math.round(performance.now()));
  },
  (error) => {
    byId("status").textContent = `This page cannot start: ${error.message}. It needs a browser of 2023 or later.`;
    byId("status").className = "danger";
  },
);
