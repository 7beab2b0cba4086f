/** Every page of the desk: the queue's news, shortcuts, help. */

import { listen, part } from "./fetching.js";

const count = document.querySelector("[data-queue-count]");
const lists = document.querySelector("[data-queue-lists]");
const dialog = /** @type {HTMLDialogElement|null} */ (document.querySelector("[data-help-dialog]"));
const title = document.title;
let waiting = -1;

/** @param {string} text */
export function toast(text) {
  const place = document.querySelector("[data-toasts]");
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.textContent = text;
  place?.append(shown);
  setTimeout(() => shown.remove(), 6000);
}

/** @param {{waiting: number, unanswered: number, mentions: number}} told */
export async function queueChanged(told) {
  const number = told.waiting + told.unanswered + told.mentions;
  if (count instanceof HTMLElement) {
    count.hidden = number === 0;
    count.textContent = String(number);
  }
  document.title = number ? `(${number}) ${title}` : title;
  if (waiting >= 0 && told.waiting > waiting) toast("Une personne de plus attend.");
  waiting = told.waiting;
  if (lists) replace(lists, await part("/desk/queue"));
  const side = document.querySelector("[data-queue-side]");
  const bench = document.querySelector("[data-conversation]");
  if (side instanceof HTMLElement && bench instanceof HTMLElement)
    replace(side, await part(`/desk/queue/mine?current=${bench.dataset.conversation}`));
}

/**
 * Put a part in place, the focus kept where it was.
 * @param {Element} place
 * @param {string|null} html
 */
function replace(place, html) {
  if (html === null) return;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const target = focused?.closest("a")?.getAttribute("href") ?? focused?.closest("form")?.getAttribute("action");
  place.innerHTML = html;
  if (!target) return;
  const same = place.querySelector(`a[href="${CSS.escape(target)}"], form[action="${CSS.escape(target)}"] button`);
  if (same instanceof HTMLElement) same.focus();
}

if (count && !document.querySelector("[data-conversation]")) listen(() => "/desk/events", { queue: queueChanged });

for (const button of document.querySelectorAll("[data-help]")) {
  if (button instanceof HTMLElement) button.hidden = false;
  button.addEventListener("click", () => dialog?.showModal());
}

/** @type {Record<string, () => void>} */
const shortcuts = {
  KeyQ: () => location.assign("/desk"),
  KeyK: () => dialog?.showModal(),
  KeyT: () => submit("[data-take]") || submit("[data-queue-lists] form[action$='/take']"),
  KeyG: () => submit("[data-give-back]"),
  KeyR: () => focus("#reply"),
  KeyC: () => focus("#search"),
  KeyN: () => focus("#note"),
  KeyS: () => focus("[data-suggestions] [data-insert]"),
  KeyP: () => {
    const replies = document.querySelector("#replies");
    if (replies instanceof HTMLDetailsElement) replies.open = true;
    focus("#replies [data-insert]");
  },
};

addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = shortcuts[event.code];
  if (!act || !count) return;
  event.preventDefault();
  act();
});

/** @param {string} selector */
function submit(selector) {
  const form = document.querySelector(selector);
  if (form instanceof HTMLFormElement) form.requestSubmit();
  return form !== null;
}

/** @param {string} selector */
function focus(selector) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) element.focus();
}
