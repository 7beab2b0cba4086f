/** The conversation as a text file, and any file handed to the browser to be saved. */

import { h } from "./dom.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Message} Message */

const moment = new Intl.DateTimeFormat("fr", { dateStyle: "short", timeStyle: "short" });
const names = { user: texts.you, bot: texts.name, agent: texts.agent, system: texts.system };

/**
 * @param {Iterable<Message>} messages
 * @returns {string}
 */
export function transcript(messages) {
  const ordered = [...messages].sort((a, b) => a.seq - b.seq);
  return ordered.map(entry).join("\n\n") + "\n";
}

/** @param {Message} message */
function entry({ author, at, text, card, sender }) {
  const lines = [`${sender ?? names[author]} (${moment.format(new Date(at))})`, text];
  card?.steps?.forEach((step, rank) => lines.push(`  ${rank + 1}. ${step.title} : ${step.text}`));
  card?.items?.forEach((item) => lines.push(`  - ${item.label}${item.note ? ` (${item.note})` : ""}`));
  card?.fields?.forEach((field) => lines.push(`  ${field.label} : ${field.value}`));
  card?.notes?.forEach((note) => lines.push(`  ${texts.notes} : ${note}`));
  const from = new Set((card?.sources ?? []).map((s) => `${s.title}, ${s.section} (${s.period})`));
  for (const source of from) lines.push(`  D'après : ${source}`);
  return lines.join("\n");
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
