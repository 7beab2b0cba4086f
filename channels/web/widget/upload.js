/** Sending one document: picked, dropped or photographed; progress, cancel, retry. */

import { ApiError } from "./api.js";
import { button, h, icon } from "./dom.js";
import { texts } from "./texts.js";

const ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic";
const THUMBNAIL = 112;

/** @type {WeakMap<Element, Upload>} */
const uploads = new WeakMap();

/**
 * The upload that awaits a document in the given part of the page, the latest first.
 * @param {ParentNode} root
 */
export function awaiting(root) {
  const found = [...root.querySelectorAll(".msg:not(.past) .upload:not(.done):not(.busy)")];
  const last = found.at(-1);
  return last ? uploads.get(last) : undefined;
}

export class Upload {
  element = h("div", { class: "upload" });
  #piece;
  #actions;
  #pick;
  #drop;
  #row = h("div", { class: "file" });
  #error = h("p", { class: "error", role: "alert" });
  /** @type {AbortController|null} */
  #sending = null;

  /**
   * @param {string} piece
   * @param {import("./types.js").Actions} actions
   */
  constructor(piece, actions) {
    this.#piece = piece;
    this.#actions = actions;
    uploads.set(this.element, this);
    this.#pick = this.#picker(texts.pick, "upload", false);
    const photo = matchMedia("(pointer: coarse)").matches && this.#picker(texts.photo, "camera", true);
    this.#drop = h(
      "div",
      { class: "drop" },
      this.#pick,
      photo,
      h("p", { class: "help" }, h("span", { class: "drop-hint" }, `${texts.drop}. `), texts.formats),
    );
    this.element.append(this.#drop, this.#error);
  }

  focus = () => this.#pick.focus();

  /**
   * A button that opens a file input, itself hidden from everyone.
   * @param {string} label
   * @param {string} image
   * @param {boolean} camera
   */
  #picker(label, image, camera) {
    const attributes = { type: "file", accept: camera ? "image/*" : ACCEPTED, hidden: true };
    const input = h("input", { ...attributes, capture: camera && "environment", "aria-label": label });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) void this.send(file);
      input.value = "";
    });
    this.element.append(input);
    return button(label, { class: "primary soft", icon: image, onclick: () => input.click() });
  }

  /**
   * @param {File} file
   */
  async send(file) {
    const sending = new AbortController();
    this.#sending = sending;
    this.#error.textContent = "";
    const bar = h("progress", { max: 1, value: 0, "aria-label": texts.uploading(file.name) });
    const cancel = button(texts.cancel, { class: "link", onclick: () => sending.abort() });
    this.#show(file, bar, cancel);
    cancel.focus({ preventScroll: true });
    this.#say(texts.uploading(file.name));
    try {
      const onProgress = (/** @type {number} */ share) => (bar.value = share);
      const { signal } = sending;
      this.#done(file, await this.#actions.upload(this.#piece, file, { onProgress, signal }));
    } catch (error) {
      if (this.#sending === sending) this.#failed(file, error);
    }
  }

  /**
   * @param {File} file
   * @param {...Node} rest
   */
  #show(file, ...rest) {
    this.element.classList.add("busy");
    const name = h("span", { class: "file-name" }, file.name, h("small", null, size(file.size)));
    this.#row.replaceChildren(thumbnail(file), name, ...rest);
    this.#drop.replaceWith(this.#row);
  }

  /**
   * @param {File} file
   * @param {import("./types.js").Attachment} stored
   */
  #done(file, { state, warnings }) {
    this.element.classList.remove("busy");
    this.element.classList.add("done");
    const badge = h("span", { class: `badge is-${state}`, tabindex: "-1" }, texts.pieceStates[state]);
    this.#show(file, badge);
    this.element.classList.remove("busy");
    badge.focus({ preventScroll: true });
    this.#say(texts.uploaded(file.name));
    if (warnings.length) this.#explain(warnings.join(" "));
  }

  /**
   * @param {File} file
   * @param {unknown} error
   */
  #failed(file, error) {
    const known = error instanceof ApiError ? error : null;
    if (error instanceof DOMException && error.name === "AbortError") {
      this.#back(texts.stopped);
    } else if (known && !known.passing) {
      this.#back(known.message);
    } else {
      const retry = button(texts.retry, { class: "link", icon: "retry", onclick: () => void this.send(file) });
      const cancel = button(texts.cancel, { class: "link", onclick: () => this.#back("") });
      this.#show(file, retry, cancel);
      this.#explain(known?.message ?? texts.uploadFailed);
      retry.focus({ preventScroll: true });
    }
  }

  /** @param {string} message */
  #back(message) {
    this.element.classList.remove("busy");
    this.#row.replaceWith(this.#drop);
    this.#explain(message);
    this.#pick.focus({ preventScroll: true });
  }

  /** @param {string} message */
  #explain(message) {
    this.#error.textContent = message;
    this.#error.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} text for screen readers */
  #say(text) {
    this.element.dispatchEvent(new CustomEvent("announce", { bubbles: true, detail: text }));
  }
}

/**
 * A small picture of the document, drawn on a canvas (no address of its own, so nothing for a CSP
 * to allow); an icon when the browser cannot read it.
 * @param {File} file
 */
function thumbnail(file) {
  const box = h("span", { class: "thumb" }, icon("document"));
  if (!file.type.startsWith("image/")) return box;
  createImageBitmap(file).then(
    (image) => {
      const canvas = h("canvas", { width: THUMBNAIL, height: THUMBNAIL, "aria-hidden": "true" });
      const scale = Math.max(THUMBNAIL / image.width, THUMBNAIL / image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      const [x, y] = [(THUMBNAIL - width) / 2, (THUMBNAIL - height) / 2];
      canvas.getContext("2d")?.drawImage(image, x, y, width, height);
      image.close();
      box.replaceChildren(canvas);
    },
    () => undefined,
  );
  return box;
}

/** @param {number} bytes */
function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat("fr", /** @type {any} */ (style)).format(value);
}
