/** A message as elements: what stands in its bubble, and what is offered under it. */

import { h, icon } from "./dom.js";
import { corrections, dossier, recap } from "./dossier.js";
import { feedback } from "./feedback.js";
import { choices, items, notes, paragraph, progress, sources, steps } from "./parts.js";
import { texts } from "./texts.js";
import { Upload } from "./upload.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Card} Card */
/** @typedef {import("./types.js").Actions} Actions */

const SHORT_TEXT = 260;
const SHORT_QUESTION = 150;
const AWAITING = ["clarify", "question", "recap"];

/**
 * @param {Message} message
 * @param {Actions} actions
 * @returns {Node[]}
 */
export function content(message, actions) {
  const { card, text } = message;
  if (!card) return [h("div", { class: "bubble" }, paragraph(text))];
  if (card.kind === "handoff") return handoff(card, message, actions);
  const short = card.kind === "question" && text.length <= SHORT_QUESTION ? " short" : "";
  const bubble = h("div", { class: `bubble ${card.kind}${short}` }, inside(card, message, actions));
  return [bubble, ...offered(card, actions)];
}

/**
 * @param {Card} card
 * @param {Message} message
 * @param {Actions} actions
 */
function inside(card, { seq, text }, actions) {
  const absent = card.kind === "decline" && card.reason !== "not_understood";
  return [
    card.kind === "question" && card.progress?.total ? progress(card.progress) : null,
    absent && h("p", { class: "tag" }, texts.declined),
    card.title && h("h4", { class: "title" }, card.title),
    paragraph(shortened(card, text)),
    card.help && card.help !== text && h("p", { class: "help" }, card.help),
    card.steps?.length ? steps(card.steps, card.kind === "question" || text.length < SHORT_TEXT) : null,
    card.items?.length ? items(card.items) : null,
    card.kind === "recap" && recap(card, actions),
    card.kind === "dossier" && dossier(card, actions),
    card.kind === "question" && card.format === "file" && upload(card, actions),
    card.notes?.length ? notes(card.notes) : null,
    card.sources?.length ? sources(card.sources) : null,
    card.kind === "answer" && actions.canFeedback() && feedback(seq, actions),
  ];
}

/**
 * The text of a recap without the answers, which the card shows one by one.
 * @param {Card} card
 * @param {string} text
 */
function shortened({ kind, fields }, text) {
  if (kind !== "recap" || !fields?.length) return text;
  const said = fields.map(({ label, value }) => `${label} : ${value}`).join(" ; ");
  return text.replace(`${said}. `, "");
}

/**
 * @param {Card} card
 * @param {Actions} actions
 */
function upload(card, actions) {
  return new Upload(card.piece ?? card.slot ?? "", actions).element;
}

/**
 * @param {Card} card
 * @param {Actions} actions
 * @returns {Node[]}
 */
function offered(card, actions) {
  const correcting = new Set(corrections(card).values());
  const list = (card.choices ?? []).filter((choice) => !correcting.has(choice));
  if (!list.length) return [];
  return [choices(list, actions.choose, AWAITING.includes(card.kind))];
}

/**
 * @param {Card} card
 * @param {Message} message
 * @param {Actions} actions
 * @returns {Node[]}
 */
function handoff(card, { author, text }, actions) {
  const title = author === "bot" && texts.handoff[card.state ?? ""];
  const line = h(
    "div",
    { class: "bubble handoff" },
    icon("person"),
    h("div", null, title && h("h4", { class: "title" }, title), paragraph(text)),
  );
  return [line, ...offered(card, actions)];
}
