/** The button in the corner of the page. */

import { h, mark } from "./dom.js";
import { texts } from "./texts.js";

export class Launcher {
  element;
  news = h("div", { class: "sr", role: "status" });
  #badge = h("span", { class: "unread" });

  /**
   * @param {string|null} label
   * @param {() => void} run
   */
  constructor(label, run) {
    const attributes = { type: "button", class: "launcher", part: "launcher", onclick: run };
    this.element = h(
      "button",
      { ...attributes, "aria-expanded": "false", "aria-haspopup": "dialog" },
      mark(),
      h("span", null, label ?? texts.launcher),
      h("span", { class: "sr" }, ` ${texts.launcherDetail} `),
      this.#badge,
    );
  }

  /** @param {boolean} open */
  expanded(open) {
    this.element.setAttribute("aria-expanded", String(open));
  }

  /** @param {boolean} on whether an agent wrote while the panel was closed */
  unread(on) {
    this.#badge.replaceChildren(...(on ? [h("span", { class: "sr" }, texts.unread)] : []));
    this.news.textContent = on ? texts.unread : "";
  }
}
