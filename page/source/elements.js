// Elements of the page. Texts are put in as texts, never as markup.

export const byId = (id) => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Fills a select with an option for each pair of value and label.
export function fill(select, pairs) {
  const before = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => element("option", { value, text })));
  if (pairs.some(([value]) => value === before)) select.value = before;
}

export function table(caption, headings, rows) {
  return element(
    "div",
    { className: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...headings.map((one) => element("th", { scope: "col" }, one)))),
      element("tbody", {}, ...rows.map((cells) => row(cells))),
    ),
  );
}

function row([first, ...cells]) {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, first),
    ...cells.map((cell) => element("td", {}, cell)),
  );
}

export const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
