/** The cards of a démarche carried through: the recap before validation, the dossier once made. */

import { button, h, icon } from "./dom.js";
import { rich } from "./rich.js";
import { texts } from "./texts.js";
import { Upload } from "./upload.js";

/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").Actions} Actions */

/**
 * Each answer with a way to change it, each pièce with its state and a way to send it.
 * @param {Card} card
 * @param {Actions} actions
 */
export function recap(card, actions) {
  const offered = corrections(card);
  const lines = (card.fields ?? []).map(({ slot, label, value }) => {
    const change = () => {
      const choice = offered.get(slot);
      if (choice) actions.choose(choice);
      else actions.say(texts.change(label));
    };
    return h(
      "div",
      { class: "line" },
      h("dt", null, label),
      h(
        "dd",
        null,
        h("span", null, value),
        button(texts.edit, { class: "link change", "aria-label": `${texts.edit} : ${label}`, onclick: change }),
      ),
    );
  });
  return h(
    "div",
    { class: "recap-body" },
    lines.length > 0 && h("dl", { class: "lines" }, lines),
    card.pieces?.length ? pieces(card.pieces, actions) : null,
  );
}

/**
 * @param {import("./types.js").Piece[]} list
 * @param {Actions} actions
 */
export function pieces(list, actions) {
  return h(
    "div",
    { class: "pieces" },
    h("h5", { class: "subtitle" }, texts.pieces),
    h("ul", { class: "items" }, list.map((piece) => line(piece, actions))),
  );
}

/**
 * @param {import("./types.js").Piece} piece
 * @param {Actions} actions
 */
function line(piece, actions) {
  const awaited = ["missing", "refused", "doubtful"].includes(piece.state);
  const settled = ["filled", "at_hand", "sent", "accepted"].includes(piece.state);
  const item = h(
    "li",
    { class: `item is-${piece.state}` },
    icon(settled ? "check" : "document"),
    h(
      "span",
      { class: "item-body" },
      h("span", { class: "item-label" }, piece.label),
      piece.note && h("span", { class: "item-note" }, piece.note),
    ),
    h("span", { class: `badge is-${piece.state}` }, texts.pieceStates[piece.state] ?? piece.state),
  );
  if (!awaited) return item;
  const add = button(texts.addPiece(piece.label), { class: "link change add", icon: "upload" });
  add.addEventListener("click", () => {
    const { element, focus } = new Upload(piece.id, actions);
    add.replaceWith(element);
    focus();
  });
  item.append(add);
  return item;
}

/**
 * @param {Card} card
 * @param {Actions} actions
 */
export function dossier(card, actions) {
  return h(
    "div",
    { class: "dossier-body" },
    h(
      "dl",
      { class: "facts" },
      card.number && fact(texts.number, h("span", { class: "code" }, card.number), copy(card.number)),
      card.status && fact(texts.status, h("span", { class: "badge" }, card.status)),
      card.next && fact(texts.next, ...rich(card.next)),
    ),
    card.secret && secret(card.secret),
    card.pieces?.length ? pieces(card.pieces, actions) : null,
    card.downloads?.length
      ? h("div", { class: "downloads" }, card.downloads.map((file) => download(file, actions)))
      : null,
  );
}

/**
 * @param {string} label
 * @param {...Node} value
 */
function fact(label, ...value) {
  return h("div", { class: "fact" }, h("dt", null, label), h("dd", null, value));
}

/** @param {string} value */
function secret(value) {
  return h(
    "div",
    { class: "secret" },
    h("p", { class: "secret-line" }, `${texts.secret} : `, h("span", { class: "code" }, value), copy(value)),
    h("p", { class: "help" }, texts.secretHelp),
  );
}

/** @param {string} value */
function copy(value) {
  const label = h("span", { role: "status" }, texts.copy);
  const copied = async () => {
    await navigator.clipboard?.writeText(value);
    label.textContent = texts.copied;
  };
  if (!navigator.clipboard) return document.createTextNode("");
  return h("button", { type: "button", class: "link copy", onclick: () => void copied() }, label);
}

/**
 * @param {import("./types.js").Download} file
 * @param {Actions} actions
 */
function download(file, actions) {
  const error = h("p", { class: "error", role: "alert" });
  const get = button(file.label, { class: "primary soft", icon: "download" });
  get.addEventListener("click", async () => {
    error.textContent = "";
    get.setAttribute("aria-busy", "true");
    try {
      await actions.download(file);
    } catch {
      error.textContent = texts.downloadFailed;
    }
    get.removeAttribute("aria-busy");
  });
  return h("div", null, get, error);
}

/**
 * The choices of a recap that correct one line of it, by the line's slot: the last word of the value.
 * @param {Card} card
 * @returns {Map<string, import("./types.js").Choice>}
 */
export function corrections(card) {
  const found = new Map();
  if (card.kind !== "recap") return found;
  for (const field of card.fields ?? []) {
    const choice = card.choices?.find(({ value }) => value.split(/[:=/]/).at(-1) === field.slot);
    if (choice) found.set(field.slot, choice);
  }
  return found;
}
