// What each column of a table is used as.
import { byId, element } from "./elements.js";

const WORDS = {
  "tumor-id": "tumor number at diagnosis",
  "assessment-tumor-id": "tumor number of the assessment",
  "diagnosis-date": "date of the diagnosis",
  "assessment-date": "date of the assessment",
  site: "site at diagnosis",
  "assessment-site": "site of the assessment",
  event: "event",
};

export class Roles {
  #choices = null;

  offer(choices) {
    this.#choices = choices;
  }

  // Draws a line for each column, with what `rstage look` would use it as.
  choose(seen, command) {
    const chosen = new Map(seen.chosen[command].map((one) => [one.column, one]));
    const known = this.#known(command, seen.chosen[command]);
    const lines = seen.columns.map((column, place) => line(column, place, known, chosen.get(column.name), command));
    byId("columns").replaceChildren(...lines);
  }

  #known(command, chosen) {
    const parts = new Set(this.#choices.part);
    for (const { role } of chosen) {
      const part = role.split(":").at(-1);
      if (part !== "stage" && !WORDS[part] && part !== "diagnosis" && part !== "assessment") parts.add(part);
    }
    const named = [...parts].map((part) => [part, `${part} of a stage`]);
    if (command === "normalize") return [["", "not used"], ["stage", "a whole stage"], ...named];
    const sides = ["diagnosis", "assessment"].flatMap((side) => [
      [side, `${side}: a whole stage`],
      ...[...parts].map((part) => [`${side}:${part}`, `${side}: ${part}`]),
    ]);
    return [["", "not used"], ...sides, ...this.#choices.facts.map((one) => [one, WORDS[one]])];
  }

  given() {
    return [...byId("columns").children]
      .map((one) => {
        const [role, name] = one.querySelectorAll("select, input");
        return { column: one.dataset.column, role: role?.value, name: name?.value || "stage" };
      })
      .filter(({ role }) => role);
  }
}

function line(column, place, known, chosen, command) {
  const name = column.name ?? `column ${place + 1}`;
  const row = element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, says(column)));
  const cell = element("td");
  row.append(cell);
  if (column.name === null) {
    cell.append("its name is no name of a column");
    return row;
  }
  row.dataset.column = column.name;
  const options = known.map(([value, text]) => element("option", { value, text }));
  const select = element("select", { "aria-label": `Use ${name} as` }, ...options);
  select.value = chosen?.role ?? "";
  cell.append(select);
  if (command === "normalize") cell.append(stageName(name, select, chosen));
  return row;
}

// The columns of one stage in parts have the same name of a stage.
function stageName(column, select, chosen) {
  const named = element("input", { value: chosen?.name ?? "", placeholder: "stage", size: 10, "aria-label": `Name of the stage that ${column} is a part of` });
  const show = () => {
    named.hidden = ["", "stage"].includes(select.value);
  };
  select.addEventListener("input", show);
  show();
  return named;
}

function says({ part, fact, filled, distinct, read }) {
  const is = part === "stage" ? "a whole stage" : (part ?? fact ?? "");
  const counts = `${filled.toLocaleString("en")} filled, ${distinct.toLocaleString("en")} different`;
  const standard = read.find((one) => one.mode === "standard" && one.dialect === null);
  const share = standard?.filled ? `; ${Math.floor((100 * standard.read) / standard.filled)} % of them read` : "";
  return `${is ? `${is}; ` : ""}${counts}${share}`;
}
