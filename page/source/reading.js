// Read a stage: what a text means, as it is typed.
import { byId, element, fill, table } from "./elements.js";

const CHOICES = ["mode", "dialect", "field", "system", "edition"];
const UNSET = { dialect: "none", field: "a whole stage", system: "not said (TNM)" };

export class ReadingSection {
  #python;
  #count = 0;

  constructor(python) {
    this.#python = python;
    this.#fromLink();
    byId("reading-form").addEventListener("input", () => this.read());
    byId("reading-form").addEventListener("submit", (event) => event.preventDefault());
    byId("examples").addEventListener("click", ({ target }) => {
      if (target.matches("button")) this.type(target.textContent);
    });
    window.addEventListener("hashchange", () => {
      if (this.#fromLink()) this.read();
    });
  }

  // Fills the lists, when Python has said what they hold.
  offer(choices) {
    const wanted = this.#linked();
    fill(byId("mode"), choices.mode.map((one) => [one, one]));
    for (const name of ["dialect", "field", "system"]) {
      fill(byId(name), [["", UNSET[name]], ...choices[name].map((one) => [one, one])]);
    }
    byId("mode").value = wanted?.get("mode") ?? "standard";
    for (const name of ["dialect", "field", "system"]) byId(name).value = wanted?.get(name) ?? "";
    for (const name of CHOICES) if (byId(name).value === "" && wanted?.get(name)) this.#unknown(name);
    this.read();
  }

  type(text) {
    byId("stage").value = text;
    byId("stage").focus();
    this.read();
  }

  async read() {
    const text = byId("stage").value;
    const options = Object.fromEntries(CHOICES.map((name) => [name, byId(name).value.trim()]));
    const here = (this.#count += 1);
    this.#link(text, options);
    byId("meaning").classList.toggle("old", text !== "");
    if (text.trim() === "") return this.#show(text, "", []);
    let said;
    try {
      said = await this.#python.ask("read", { text, options });
    } catch (error) {
      return here === this.#count ? this.#show(text, `Not read: ${error.message}.`, []) : null;
    }
    if (here !== this.#count) return null; // something newer was typed
    return this.#show(text, verdict(said), said.refused ? [] : [...this.#meaning(said)]);
  }

  #show(text, words, children) {
    byId("meaning").classList.remove("old");
    byId("meaning").dataset.text = text; // what it is the meaning of
    if (byId("verdict").textContent !== words) byId("verdict").textContent = words;
    byId("meaning").replaceChildren(...children);
  }

  *#meaning({ stages, findings, proposals }) {
    for (const stage of stages) yield* meaningOf(stage);
    if (proposals.length) {
      const buttons = proposals.map((text) =>
        element("button", { type: "button", className: "proposal", onclick: () => this.type(text) }, text),
      );
      yield element("p", {}, stages.length ? "It may also be " : "Did you mean ", ...spaced(buttons), "?");
    }
    for (const found of findings) yield this.#finding(found);
  }

  #finding(found) {
    const [before, about, after] = found.drawn;
    const place = element("span", { className: "about" }, about);
    const why = element("details", {}, element("summary", {}, `Why (${found.code})`));
    why.addEventListener("toggle", () => this.#explain(why, found.code), { once: true });
    return element(
      "div",
      { className: `finding ${found.severity}` },
      element("p", {}, element("strong", {}, found.severity), ": ", found.message),
      element("p", { className: "drawn" }, before, place, after),
      why,
    );
  }

  async #explain(why, code) {
    const [rule] = await this.#python.ask("explain", code);
    const said = [
      ["Reason", rule.reason],
      ["Source", rule.source],
      ["Wrong", rule.wrong],
      ["Right", rule.right],
    ];
    const list = said.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]);
    why.append(element("dl", {}, ...list));
  }

  #link(text, options) {
    const said = new URLSearchParams({ stage: text });
    for (const [name, value] of Object.entries(options)) {
      if (value && !(name === "mode" && value === "standard")) said.set(name, value);
    }
    byId("link").hidden = text.trim() === "";
    byId("link").href = `#${said}`;
  }

  #linked() {
    const said = new URLSearchParams(location.hash.slice(1));
    return said.has("stage") ? said : null;
  }

  #fromLink() {
    const said = this.#linked();
    if (said === null) return false;
    byId("stage").value = said.get("stage");
    for (const name of CHOICES) {
      const wanted = said.get(name) ?? (name === "mode" ? "standard" : "");
      byId(name).value = wanted;
      if (wanted && byId(name).value !== wanted && byId(name).options?.length > 1) this.#unknown(name);
    }
    return true;
  }

  // A link that names what there is not is not read as if it had named nothing.
  #unknown(name) {
    fill(byId(name), [...[...byId(name).options].map((one) => [one.value, one.text]), ["?", "unknown"]]);
    byId(name).value = "?";
  }
}

function verdict({ refused, stages, findings }) {
  if (refused) return `These choices do not go together: ${refused}.`;
  const count = (severity) => findings.filter((one) => one.severity === severity).length;
  if (!stages.length) {
    const first = findings.find((one) => one.severity === "error");
    return `Not read: ${first?.message ?? "no stage stands there"}.`;
  }
  const texts = stages.map((stage) => stage.text).join("; ");
  return `${count("warning") ? "Read, with something to look at" : "Read"}: ${texts}`;
}

function* meaningOf({ text, words, restaged, is_recurrence, why_not }) {
  const rows = words.map(([name, written, says]) => [name, element("code", {}, written), says]);
  yield table(`What ${text} says`, ["part", "written", "says"], rows);
  const label = is_recurrence && restaged === text ? "It is a restaging (r)." : "Restaged, with r: ";
  if (!restaged) yield element("p", {}, `It has no form with r: ${why_not}.`);
  else if (is_recurrence && restaged === text) yield element("p", {}, label);
  else yield element("p", {}, label, element("code", { className: "restaged" }, restaged));
}

const spaced = (nodes) => nodes.flatMap((node, place) => (place ? [" or ", node] : [node]));
