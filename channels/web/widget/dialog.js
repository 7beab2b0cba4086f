/** A question asked before something that cannot be undone, and the menu that leads to it. */

import { button, h } from "./dom.js";
import { texts } from "./texts.js";

/**
 * @typedef {Object} Question
 * @property {string} title
 * @property {string} text
 * @property {string} confirm
 * @property {boolean} [danger]
 * @property {string} [option] a box to tick
 * @property {(ticked: boolean) => Promise<void>} run throws an error whose message is shown
 */

/**
 * @param {ParentNode} parent
 * @param {Question} question
 */
export function confirmed(parent, { title, text, confirm, danger, option, run }) {
  const error = h("p", { class: "error", role: "alert" });
  const box = h("input", { type: "checkbox", id: "dialog-option" });
  const yes = button(confirm, { class: danger ? "primary danger" : "primary" });
  const no = button(texts.cancel, { class: "primary plain", onclick: () => dialog.close() });
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "dialog-title", "aria-describedby": "dialog-text" },
    h("h3", { id: "dialog-title" }, title),
    h("p", { id: "dialog-text" }, text),
    option && h("p", { class: "tick" }, box, h("label", { for: "dialog-option" }, option)),
    error,
    h("div", { class: "dialog-buttons" }, no, yes),
  );
  yes.addEventListener("click", async () => {
    yes.disabled = true;
    try {
      await run(box.checked);
      dialog.close();
    } catch (failure) {
      error.textContent = failure instanceof Error ? failure.message : texts.refused;
    }
    yes.disabled = false;
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.stopPropagation();
  });
  parent.append(dialog);
  dialog.showModal();
  no.focus();
}

/**
 * A button and the list of actions that it shows.
 * @param {{label: string, run: () => void}[]} entries
 */
export function menu(entries) {
  const id = "options";
  const open = button(texts.options, {
    class: "tool",
    icon: "more",
    quiet: true,
    "aria-expanded": "false",
    "aria-controls": id,
  });
  const list = h("ul", { class: "menu", id, hidden: true });
  /** @param {boolean} shown */
  const show = (shown) => {
    list.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
  };
  for (const { label, run } of entries) {
    const choose = () => {
      show(false);
      open.focus();
      run();
    };
    list.append(h("li", null, button(label, { onclick: choose })));
  }
  const box = h("div", { class: "menu-box" }, open, list);
  open.addEventListener("click", () => show(list.hidden === true));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    show(false);
    open.focus();
  });
  box.addEventListener("focusout", (event) => {
    if (!box.contains(/** @type {Node|null} */ (event.relatedTarget))) show(false);
  });
  return box;
}
