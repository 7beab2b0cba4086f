/** Where the person writes. */

import { button, h } from "./dom.js";
import { texts } from "./texts.js";

export const MAX_TEXT = 500;
const COUNT_FROM = 400;
const MAX_HEIGHT = 168;
/** @type {Record<string, string>} */
const KEYS = { email: "email", phone: "tel" };

export class Composer {
  element;
  #input = h("textarea", {
    id: "message",
    rows: 1,
    autocomplete: "off",
    enterkeyhint: "send",
    "aria-describedby": "message-error message-count message-help",
    placeholder: texts.placeholders[""],
  });
  #error = h("p", { class: "error", id: "message-error", role: "alert" });
  #count = h("p", { class: "count", id: "message-count" });
  #onSend;
  #onDraft;

  /**
   * @param {(text: string) => void} onSend
   * @param {(draft: string) => void} onDraft
   */
  constructor(onSend, onDraft) {
    this.#onSend = onSend;
    this.#onDraft = onDraft;
    const send = button(texts.send, { class: "send", icon: "send", quiet: true, type: "submit" });
    this.element = h(
      "form",
      { class: "composer", novalidate: true },
      h("div", { class: "composer-top" }, h("label", { for: "message" }, texts.label), this.#count),
      h("div", { class: "field" }, this.#input, send),
      this.#error,
      h("p", { class: "privacy", id: "message-help" }, texts.privacy),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
  }

  get value() {
    return this.#input.value;
  }

  set value(text) {
    this.#input.value = text;
    this.#changed();
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  /**
   * Help with what the last card expects: an example, the right keys on a phone.
   * @param {import("./types.js").Card|null} [card]
   */
  expect(card) {
    const format = card?.kind === "question" ? (card.format ?? "text") : "";
    this.#input.placeholder = texts.placeholders[format] ?? texts.placeholders["text"] ?? "";
    this.#input.inputMode = KEYS[format] ?? "text";
    this.#input.autocapitalize = format === "plate" ? "characters" : "sentences";
  }

  /** @param {boolean} on */
  enable(on) {
    this.element.hidden = !on;
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text) return this.#refuse(texts.empty);
    if ([...text].length > MAX_TEXT) return this.#refuse(texts.tooLong([...text].length, MAX_TEXT));
    this.value = "";
    this.#onSend(text);
  }

  /** @param {string} reason */
  #refuse(reason) {
    this.#error.textContent = reason;
    this.#input.setAttribute("aria-invalid", "true");
    this.focus();
  }

  #changed() {
    const length = [...this.#input.value.trim()].length;
    const counted = length >= COUNT_FROM;
    this.#count.textContent = counted ? texts.left(MAX_TEXT - length) : "";
    this.#count.classList.toggle("over", length > MAX_TEXT);
    if (length <= MAX_TEXT) {
      this.#error.textContent = "";
      this.#input.removeAttribute("aria-invalid");
    }
    this.#grow();
    this.#onDraft(this.#input.value);
  }

  /** As high as its text, where the style sheet cannot do it alone. */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight + 2, MAX_HEIGHT)}px`;
  }
}
