/** The parts that cards share: text, steps, items, notes, choices, sources. */

import { append, button, h, icon } from "./dom.js";
import { rich } from "./rich.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Choice} Choice */

const LONG_TEXT = 700;
const OPEN_STEPS = 4;
const SHOWN_ITEMS = 6;
const SHOWN_NOTES = 2;

/**
 * The text of a message; a long one is folded.
 * @param {string} text
 * @param {boolean} [marked] whether labels and addresses are set apart
 */
export function paragraph(text, marked = true) {
  const p = h("p", { class: "text" }, marked ? rich(text) : document.createTextNode(text));
  if (text.length <= LONG_TEXT) return p;
  p.classList.add("folded");
  const more = button(texts.more, { class: "link more", "aria-expanded": "false" });
  more.addEventListener("click", () => {
    p.classList.remove("folded");
    p.tabIndex = -1;
    p.focus({ preventScroll: true });
    more.remove();
  });
  return h("div", { class: "long" }, p, more);
}

/**
 * @param {import("./types.js").Step[]} list
 * @param {boolean} open whether they are shown at once: the text above does not say the same
 */
export function steps(list, open) {
  const items = list.map((step) =>
    h(
      "li",
      null,
      h("span", { class: "step-title" }, rich(step.title)),
      step.text && h("span", { class: "step-text" }, rich(step.text)),
    ),
  );
  const ordered = h("ol", { class: "steps" }, items);
  if (open && list.length <= OPEN_STEPS) return ordered;
  return fold(texts.steps(list.length), ordered, "fold-steps");
}

/**
 * @param {string} title
 * @param {Node} content
 * @param {string} kind
 */
export function fold(title, content, kind) {
  const summary = h("summary", null, icon("chevron"), h("span", null, title));
  return h("details", { class: `fold ${kind}` }, summary, content);
}

/** @param {import("./types.js").Item[]} list */
export function items(list) {
  const lines = list.map((item) =>
    h(
      "li",
      { class: "item" },
      icon("document"),
      h(
        "span",
        { class: "item-body" },
        h("span", { class: "item-label" }, rich(item.label)),
        item.note && h("span", { class: "item-note" }, rich(item.note)),
      ),
    ),
  );
  return unfolding(h("ul", { class: "items" }), lines, SHOWN_ITEMS, texts.moreItems);
}

/** @param {string[]} list */
export function notes(list) {
  const lines = list.map((note) => h("li", null, rich(note)));
  return h(
    "div",
    { class: "notes" },
    h("p", { class: "notes-title" }, icon("info"), texts.notes),
    unfolding(h("ul", null), lines, SHOWN_NOTES, texts.moreNotes),
  );
}

/**
 * A list whose end is shown on demand.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} lines
 * @param {number} shown
 * @param {(left: number) => string} label
 */
function unfolding(list, lines, shown, label) {
  const all = lines.length <= shown + 1;
  append(list, ...lines);
  if (all) return list;
  const rest = lines.slice(shown);
  for (const line of rest) line.hidden = true;
  const more = button(label(rest.length), { class: "link more" });
  more.addEventListener("click", () => {
    for (const line of rest) line.hidden = false;
    const first = rest[0];
    if (first) {
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    }
    more.remove();
  });
  return h("div", null, list, more);
}

/**
 * @param {Choice[]} list
 * @param {(choice: Choice) => void} choose
 * @param {boolean} [stacked] one under the other: they are the answer that is awaited
 */
export function choices(list, choose, stacked = false) {
  const buttons = list.map((choice) =>
    button(choice.label, { class: "choice", onclick: () => choose(choice) }),
  );
  const attributes = { class: stacked ? "choices stacked" : "choices", role: "group" };
  return h("div", { ...attributes, "aria-label": texts.choices }, buttons);
}

/** @param {import("./types.js").Source[]} list */
export function sources(list) {
  /** @type {Map<string, {title: string, period: string, sections: string[]}>} */
  const documents = new Map();
  for (const { document, title, section, period } of list) {
    const known = documents.get(document) ?? { title, period, sections: [] };
    if (section && !known.sections.includes(section)) known.sections.push(section);
    documents.set(document, known);
  }
  const entries = [...documents.values()].map(({ title, period, sections }) =>
    h(
      "li",
      null,
      h("span", { class: "source-title" }, title),
      period && h("span", { class: "source-period" }, period),
      sections.length > 0 &&
        h("ul", { class: "source-sections" }, sections.map((section) => h("li", null, section))),
    ),
  );
  const [first] = documents.values();
  const title =
    documents.size === 1 && first
      ? `${texts.fromOne(first.title)}${first.period ? `, ${first.period}` : ""}`
      : texts.fromMany(documents.size);
  return fold(title, h("ul", { class: "sources" }, entries), "fold-sources");
}

/** @param {import("./types.js").Progress} progress */
export function progress({ done, total }) {
  const label = texts.progress(done, total);
  return h(
    "div",
    { class: "progress" },
    h("span", { class: "progress-label" }, label),
    h("progress", { max: total, value: done, "aria-label": label }),
  );
}
