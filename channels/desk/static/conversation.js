/** A conversation's page: messages both ways as they come, suggestions, notes. */

import { queueChanged } from "./desk.js";
import { listen, part, send } from "./fetching.js";

const bench = /** @type {HTMLElement} */ (document.querySelector("[data-conversation]"));
const base = `/desk/conversations/${bench.dataset.conversation}`;
const messages = /** @type {HTMLElement} */ (bench.querySelector("[data-messages]"));
const composer = /** @type {HTMLFormElement|null} */ (bench.querySelector("[data-composer]"));
const reply = /** @type {HTMLTextAreaElement|null} */ (bench.querySelector("#reply"));
const problem = /** @type {HTMLElement} */ (bench.querySelector("[data-problem]"));
const once = /** @type {HTMLElement} */ (bench.querySelector("[data-once]"));
const typing = /** @type {HTMLElement} */ (bench.querySelector("[data-typing]"));
const heard = /** @type {HTMLElement} */ (bench.querySelector("[data-heard]"));
const suggestions = /** @type {HTMLElement} */ (bench.querySelector("[data-suggestions]"));
const searchForm = /** @type {HTMLFormElement} */ (bench.querySelector("[data-search]"));
const notes = /** @type {HTMLElement} */ (bench.querySelector("[data-notes]"));
const noteForm = /** @type {HTMLFormElement} */ (bench.querySelector("[data-note]"));

const DRAFT = `repere-desk-draft-${bench.dataset.conversation}`;
const TYPING_MS = 3000;

let last = Number(bench.dataset.last);
let fetching = Promise.resolve();
let leaving = false; // a form of the page is being sent: the next page comes by itself
let owner = bench.dataset.owner ?? "";

messages.scrollTop = messages.scrollHeight;

/* What happens */

const follow = () =>
  listen(() => `${base}/events?after=${last}`, {
    queue: (told) => void queueChanged(told),
    message: ({ seq }) => {
      if (seq > last) fetching = fetching.then(fetchNew);
    },
    owner: (told) => {
      const mine = bench.hasAttribute("data-mine");
      if (told.owner !== owner && !leaving) changedHands(mine);
      owner = told.owner;
    },
    typing: (told) => {
      if (told.author === "user") typing.hidden = !told.typing;
    },
    delivered: ({ seq }) => delivered(seq),
  });

addEventListener("submit", (event) => {
  if (!event.defaultPrevented) leaving = true;
});
addEventListener("pageshow", () => {
  leaving = false;
});

async function fetchNew() {
  const html = await part(`${base}/messages?after=${last}`);
  if (html === null) return;
  const near = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 120;
  const made = document.createElement("template");
  made.innerHTML = html;
  const added = [...made.content.querySelectorAll("[data-seq]")].filter(
    (one) => one instanceof HTMLElement && Number(one.dataset.seq) > last,
  );
  if (!added.length) return;
  messages.append(...added);
  last = Math.max(...added.map((one) => Number(/** @type {HTMLElement} */ (one).dataset.seq)));
  if (near) messages.scrollTop = messages.scrollHeight;
  const fromPerson = added.filter((one) => one.classList.contains("user"));
  if (fromPerson.length) {
    typing.hidden = true;
    heard.textContent = fromPerson.map((one) => one.querySelector(".msg-text")?.textContent ?? "").join(" ");
    void suggest();
  }
}

/** The page's actions are no longer the right ones: what is being written is kept. @param {boolean} mine */
function changedHands(mine) {
  keepDraft();
  if (mine && reply?.value.trim()) {
    problem.textContent = "Cette conversation n'est plus à vous. Votre texte est gardé ici : rechargez la page pour voir.";
    problem.hidden = false;
  } else location.reload();
}

/** @param {number} seq */
function delivered(seq) {
  for (const one of messages.querySelectorAll("[data-seq]")) {
    const mark = one.querySelector("[data-delivered]");
    if (one instanceof HTMLElement && mark instanceof HTMLElement && Number(one.dataset.seq) <= seq) mark.hidden = false;
  }
}

/* Writing */

let clientId = crypto.randomUUID();
let saidTyping = 0;

if (reply && !reply.value) reply.value = sessionStorage.getItem(DRAFT) ?? "";
const keepDraft = () => reply && sessionStorage.setItem(DRAFT, reply.value);

reply?.addEventListener("input", () => {
  keepDraft();
  if (!bench.hasAttribute("data-mine") || Date.now() - saidTyping < TYPING_MS) return;
  saidTyping = Date.now();
  void send(`${base}/typing`, {});
});

reply?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (reply.value.trim()) composer?.requestSubmit();
  }
});

composer?.addEventListener("submit", (event) => {
  event.preventDefault();
  void sendReply();
});

async function sendReply() {
  if (!composer || !reply || !reply.value.trim() || composer.ariaBusy === "true") return;
  const sent = reply.value;
  composer.ariaBusy = "true";
  const asking = composer.hasAttribute("data-ask-form");
  const wrong = await send(composer.action, asking ? { text: sent } : { text: sent, client_id: clientId }, toldOnce);
  composer.ariaBusy = null;
  problem.textContent = wrong;
  problem.hidden = !wrong;
  if (wrong) return;
  clientId = crypto.randomUUID();
  if (reply.value === sent) reply.value = "";
  keepDraft();
  fetching = fetching.then(fetchNew);
}

/** @param {string} html a code that only this answer holds */
function toldOnce(html) {
  once.innerHTML = html;
  once.hidden = false;
}

messages.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event instanceof SubmitEvent ? event.submitter : null;
  if (!(form instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  void send(form.action, { choice: button.value }, toldOnce).then((wrong) => {
    problem.textContent = wrong;
    problem.hidden = !wrong;
    if (!wrong) fetching = fetching.then(fetchNew);
  });
});

/* Suggestions: taken into the reply, edited, then sent */

async function suggest() {
  const html = await part(suggestions.dataset.url ?? "");
  // Who is choosing among those shown, even since they were asked for, goes on choosing.
  if (html !== null && !suggestions.contains(document.activeElement)) suggestions.innerHTML = html;
}

searchForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = String(new FormData(searchForm).get("q") ?? "").trim();
  void part(`${suggestions.dataset.url}?q=${encodeURIComponent(words)}`, false).then((html) => {
    if (html === null) return;
    suggestions.innerHTML = html;
    const first = suggestions.querySelector("[data-insert]");
    if (first instanceof HTMLElement) first.focus();
  });
});

bench.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-insert]") : null;
  if (!button || !reply) return;
  const text = button.querySelector("[data-text]")?.textContent ?? "";
  reply.value = reply.value.trim() ? `${reply.value.trimEnd()}\n\n${text}` : text;
  reply.focus();
  reply.dispatchEvent(new Event("input"));
});

bench.addEventListener("keydown", (event) => {
  const list = event.target instanceof Element ? event.target.closest("[data-suggestions], #replies") : null;
  if (!list) return;
  const buttons = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-insert]")]);
  const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (event.key === "Escape") reply?.focus();
  else if (event.key === "ArrowDown" && at >= 0) buttons[Math.min(at + 1, buttons.length - 1)].focus();
  else if (event.key === "ArrowUp" && at >= 0) buttons[Math.max(at - 1, 0)].focus();
  else return;
  event.preventDefault();
});

/* Notes */

noteForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = String(new FormData(noteForm).get("text") ?? "");
  void send(noteForm.action, { text }).then(async (wrong) => {
    problem.textContent = wrong;
    problem.hidden = !wrong;
    if (wrong) return;
    noteForm.reset();
    const html = await part(`${base}/notes`);
    if (html !== null) notes.innerHTML = html;
  });
});

follow();
void suggest();
reply?.focus();
