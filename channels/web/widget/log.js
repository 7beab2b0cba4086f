/** The list of messages: each drawn once, in order; those on their way at the end. */

import { content } from "./cards.js";
import { button, h, icon, mark, reducedMotion } from "./dom.js";
import { paragraph } from "./parts.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Outgoing} Outgoing */

const NEAR_END = 120;
const DRAWN = 40;
const MARGIN = 16;
const ASKING = ".question, .clarify, .recap";
const clock = new Intl.DateTimeFormat("fr", { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat("fr", { weekday: "long", day: "numeric", month: "long" });

export class Log {
  element = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.log, tabindex: "0" });
  /** @type {Map<number, HTMLElement>} */
  #bySeq = new Map();
  /** @type {Map<string, HTMLElement>} */
  #byId = new Map();
  #writer = h("span", { class: "writer" });
  #typing = h("div", { class: "msg typing", hidden: true }, dots(), this.#writer);
  #jump = button(texts.newMessage, { class: "jump", icon: "down", hidden: true });
  #inner = h("div", { class: "log-inner" });
  #stuck = false; // at the end: stays there when the height changes
  #awaited = false; // the person has just sent something: the answer is to be seen
  #actions;
  #callbacks;

  /**
   * @param {import("./types.js").Actions} actions
   * @param {{retry: (id: string) => void, drop: (item: Outgoing) => void}} callbacks
   */
  constructor(actions, callbacks) {
    this.#actions = actions;
    this.#callbacks = callbacks;
    this.#inner.append(this.#typing);
    this.element.append(this.#inner);
    this.#jump.addEventListener("click", () => {
      this.toEnd();
      this.#jump.hidden = true;
      this.element.focus({ preventScroll: true });
    });
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#stuck && this.toEnd(true)).observe(this.element);
  }

  /** The button that leads to what came while the person was reading above. */
  get jump() {
    return this.#jump;
  }

  clear() {
    this.#bySeq.clear();
    this.#byId.clear();
    this.#inner.replaceChildren(this.#typing);
    this.#jump.hidden = true;
  }

  /**
   * @param {Message[]} messages
   * @param {boolean} initial a whole history: shown from its end, without being announced
   */
  add(messages, initial) {
    const follow = initial || this.#awaited || this.#atEnd();
    /** @type {HTMLElement|undefined} */
    let first;
    for (const message of messages) {
      const known = this.#bySeq.get(message.seq);
      if (known) {
        if (message.card?.secret) this.#replace(known, message);
        else refresh(known, message);
        continue;
      }
      const element = this.#element(message);
      this.#place(element, message.seq);
      if (message.author !== "user") first ??= element;
    }
    this.#days();
    this.#supersede(initial);
    this.#rest();
    if (first) this.#awaited = false;
    if (initial) this.show();
    else if (first && follow) this.#reveal(first);
    else if (first) this.#jump.hidden = false;
  }

  /**
   * A message whose code came after it (the code is in one reply only, and not in the news).
   * @param {HTMLElement} known
   * @param {Message} message
   */
  #replace(known, message) {
    const element = this.#element(message);
    known.replaceWith(element);
    this.#bySeq.set(message.seq, element);
  }

  /** @param {Outgoing[]} queue */
  waiting(queue) {
    const ids = new Set(queue.map((item) => item.id));
    for (const [id, element] of this.#byId) {
      if (ids.has(id)) continue;
      element.remove();
      this.#byId.delete(id);
    }
    let added = false;
    for (const item of queue) {
      let element = this.#byId.get(item.id);
      if (!element) {
        element = this.#outgoing(item);
        this.#byId.set(item.id, element);
        this.#inner.insertBefore(element, this.#typing);
        added = true;
      }
      this.#state(element, item);
    }
    this.#supersede();
    if (!added) return;
    this.#awaited = true;
    this.toEnd();
  }

  /**
   * A message on its way became one of the conversation.
   * @param {string} id
   * @param {number|null} seq
   */
  settle(id, seq) {
    const element = this.#byId.get(id);
    if (!element) return;
    this.#byId.delete(id);
    if (seq === null || this.#bySeq.has(seq)) {
      element.remove();
      return;
    }
    element.querySelector(".state")?.remove();
    element.classList.remove("waiting");
    element.dataset["seq"] = String(seq);
    this.#bySeq.set(seq, element);
  }

  /**
   * @param {boolean} on
   * @param {string} [agent] who is writing, in words, when it is not Repère
   */
  typing(on, agent = "") {
    const changes = this.#typing.hidden === on;
    this.#typing.hidden = !on;
    this.#typing.classList.toggle("agent", agent !== "");
    this.#writer.className = agent ? "writer" : "sr";
    this.#writer.textContent = agent || texts.typing;
    if (changes && on && this.#atEnd()) this.toEnd();
  }

  /** After a choice, its button is gone: the reading goes on from what was just said. */
  focusLast() {
    const own = [...this.#inner.querySelectorAll(".msg.user")].at(-1);
    if (!(own instanceof HTMLElement)) return;
    own.tabIndex = -1;
    own.focus({ preventScroll: true });
  }

  /** A history is shown from its end; a conversation just begun, from its first words. */
  show() {
    if (this.#inner.querySelector(".msg.user")) this.toEnd(true);
    else this.#scroller().scrollTo({ top: 0 });
  }

  /** @param {boolean} [now] */
  toEnd(now = false) {
    const scroller = this.#scroller();
    const behavior = now || reducedMotion() ? "instant" : "smooth";
    scroller.scrollTo({ top: scroller.scrollHeight, behavior });
  }

  /** What scrolls: the log, or what holds it when the screen is too low for a log of its own. */
  #scroller() {
    /** @type {HTMLElement|null} */
    let element = this.element;
    while (element) {
      if (/auto|scroll/.test(getComputedStyle(element).overflowY)) return element;
      const root = element.getRootNode();
      element = element.parentElement ?? (root instanceof ShadowRoot ? /** @type {HTMLElement} */ (root.host) : null);
    }
    return document.scrollingElement ?? document.documentElement;
  }

  #scrolled() {
    this.#stuck = this.#atEnd();
    if (this.#stuck) this.#jump.hidden = true;
  }

  #atEnd() {
    const scroller = this.#scroller();
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  }

  /**
   * Show a new message from its beginning, with the question above it when both fit.
   * @param {HTMLElement} element
   */
  #reveal(element) {
    const scroller = this.#scroller();
    const before = element.previousElementSibling;
    const start = before?.classList.contains("user") ? before : element;
    const top = start.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    const wanted = scroller.scrollTop + top - MARGIN;
    const end = scroller.scrollHeight - scroller.clientHeight;
    const behavior = reducedMotion() ? "instant" : "smooth";
    scroller.scrollTo({ top: Math.min(wanted, end), behavior });
  }

  /**
   * @param {HTMLElement} element
   * @param {number} seq
   */
  #place(element, seq) {
    this.#bySeq.set(seq, element);
    /** @type {Element} */
    let next = this.#typing;
    for (let last = next.previousElementSibling; last instanceof HTMLElement; last = last.previousElementSibling) {
      const known = last.dataset["seq"];
      if (known !== undefined && Number(known) < seq) break;
      next = last;
    }
    this.#inner.insertBefore(element, next);
  }

  /** @param {Message} message */
  #element(message) {
    const { author, at, seq, text, sender } = message;
    const own = author === "user";
    const body = own ? [h("div", { class: "bubble" }, paragraph(text, false))] : content(message, this.#actions);
    const shown = author === "bot" ? mark() : author === "agent" && icon("person");
    return h("div", { class: `msg ${author}`, "data-seq": seq, "data-at": at }, heading(author, at, sender), shown, body);
  }

  /** @param {Outgoing} item */
  #outgoing(item) {
    const bubble = h("div", { class: "bubble" }, paragraph(item.text, false));
    return h("div", { class: "msg user waiting", "data-at": item.at }, heading("user", item.at), bubble);
  }

  /**
   * @param {HTMLElement} element
   * @param {Outgoing} item
   */
  #state(element, item) {
    const key = `${item.state} ${item.error ?? ""}`;
    if (element.dataset["state"] === key) return;
    element.dataset["state"] = key;
    element.querySelector(".state")?.remove();
    if (item.state === "failed") element.append(this.#failure(item));
    else element.append(h("p", { class: "state" }, texts[item.state === "sending" ? "sending" : "waiting"]));
  }

  /** @param {Outgoing} item */
  #failure(item) {
    return h(
      "div",
      { class: "state failed", role: "alert" },
      h("p", null, icon("alert"), `${texts.failed} ${item.error ?? ""}`),
      button(texts.retry, { class: "link", onclick: () => this.#callbacks.retry(item.id) }),
      button(texts.remove, { class: "link", onclick: () => this.#callbacks.drop(item) }),
    );
  }

  /**
   * What was offered before the person's last message, or the last question, no longer is.
   * @param {boolean} [whole] the whole of the list, else what the last message changes
   */
  #supersede(whole = false) {
    let past = false;
    let asked = false;
    for (let e = this.#inner.lastElementChild; e; e = e.previousElementSibling) {
      if (e.classList.contains("user")) {
        if (past && !whole) return;
        past = true;
      } else {
        const asks = e.querySelector(ASKING) !== null;
        e.classList.toggle("past", past || (asks && asked));
        asked ||= asks;
      }
    }
  }

  /** What is far above is drawn only when it is scrolled to. */
  #rest() {
    const { children } = this.#inner;
    for (let rank = children.length - DRAWN; rank >= 0; rank--) {
      if (children[rank]?.classList.contains("far")) return;
      children[rank]?.classList.add("far");
    }
  }

  /** The days, when the conversation lasted more than one. */
  #days() {
    const messages = /** @type {HTMLElement[]} */ ([...this.#inner.querySelectorAll(".msg[data-at]")]);
    const day = (/** @type {HTMLElement} */ e) => new Date(e.dataset["at"] ?? "").toDateString();
    const first = messages[0];
    const last = messages.at(-1);
    if (!first || !last || day(first) === day(last)) return;
    let before = "";
    for (const message of messages) {
      const own = day(message);
      const marked = message.previousElementSibling?.classList.contains("day");
      if (own !== before && !marked) message.before(h("p", { class: "day" }, dayName(new Date(own))));
      before = own;
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 */
function refresh(element, message) {
  const text = element.querySelector(".text");
  if (message.author === "user" && text && text.textContent !== message.text) text.textContent = message.text;
}

/**
 * Who speaks and when, as a title for screen readers to go from message to message.
 * @param {Message["author"]} author
 * @param {string} at
 * @param {string} [sender]
 */
function heading(author, at, sender) {
  const date = new Date(at);
  const time = Number.isNaN(date.getTime()) ? "" : clock.format(date);
  const names = { user: texts.you, bot: texts.name, agent: texts.agent, system: texts.system };
  return h("h3", { class: author === "agent" ? "who" : "sr" }, texts.said(sender ?? names[author], time));
}

/** @param {Date} date */
function dayName(date) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return texts.today;
  return days === 1 ? texts.yesterday : calendar.format(date);
}

function dots() {
  return h("div", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}
