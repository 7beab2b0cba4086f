/** The conversation's panel: header, messages, state, composer, wired to the session. */

import { Composer } from "./composer.js";
import { confirmed, menu } from "./dialog.js";
import { button, h, mark } from "./dom.js";
import { Log } from "./log.js";
import { offer, wanted } from "./resume.js";
import { Session } from "./session.js";
import { texts } from "./texts.js";
import { save, transcript } from "./transcript.js";
import { awaiting } from "./upload.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Actions} Actions */

const ANNOUNCED_MS = 8000;
const SLOW_MS = 4000;

export class Chat {
  element;
  session;
  #api;
  #memory;
  #log;
  #composer;
  #banner = h("div", { class: "banner", role: "status" });
  #announcer = h("div", { class: "sr", role: "status", "aria-live": "polite" });
  #slow = 0;
  #draft = 0;
  #agentTypes = false;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./memory.js").Memory} memory
   * @param {{onClose?: () => void, onMessage: (message: Message) => void}} options
   */
  constructor(api, memory, { onClose, onMessage }) {
    this.#api = api;
    this.#memory = memory;
    this.session = new Session(api, memory);
    this.#log = new Log(this.#actions(), {
      retry: (id) => this.session.retry(id),
      drop: (item) => this.#takeBack(item.id, item.choice === undefined ? item.text : ""),
    });
    this.#composer = new Composer(
      (text) => this.#say(text),
      (draft) => this.#keepDraft(draft),
    );
    this.element = h(
      "section",
      { class: "panel", "aria-labelledby": "title" },
      this.#header(onClose),
      this.#log.element,
      h("div", { class: "jump-box" }, this.#log.jump),
      this.#banner,
      h("div", { class: "resume-box" }, this.#resume()),
      this.#composer.element,
      this.#announcer,
      h("div", { class: "drop-over", "aria-hidden": "true" }, texts.dropHere),
    );
    this.element.addEventListener("announce", (event) =>
      this.#announce(/** @type {CustomEvent<string>} */ (event).detail),
    );
    this.#listen(onMessage);
    this.#acceptDrops();
    this.#composer.value = memory.read().draft;
  }

  start() {
    this.session.start();
  }

  focus() {
    this.#composer.focus();
  }

  /** After it was hidden, where nothing could be scrolled. */
  shown() {
    this.#log.show();
  }

  /** @param {(() => void)|undefined} onClose */
  #header(onClose) {
    const options = menu([
      { label: texts.fresh, run: () => this.#fresh() },
      { label: texts.transcript, run: () => this.#saveTranscript() },
      { label: texts.erase, run: () => this.#erase() },
    ]);
    return h(
      "div",
      { class: "head", part: "head" },
      h("span", { part: "mark" }, mark()),
      h(
        "div",
        { class: "head-text" },
        h("h2", { id: "title", part: "title" }, texts.name),
        h("p", { part: "tagline" }, texts.tagline),
      ),
      options,
      onClose && button(texts.close, { class: "tool close", icon: "close", quiet: true, onclick: onClose }),
    );
  }

  #resume() {
    const number = wanted();
    return number && offer(number, (text) => {
      this.session.send({ text });
      this.#log.focusLast();
    });
  }

  /** @returns {Actions} */
  #actions() {
    return {
      choose: (choice) => {
        this.session.send({ text: choice.label, choice: choice.value });
        this.#log.focusLast();
      },
      say: (text) => {
        this.session.send({ text });
        this.#log.focusLast();
      },
      download: (file) => this.#download(file),
      feedback: (seq, useful, reason) => this.#api.feedback(seq, useful, reason),
      canFeedback: () => this.session.features.has("feedback"),
      upload: async (piece, file, options) => {
        const stored = await this.#api.upload(piece, file, options);
        void this.session.sync(); // what the guide says of it, in its place
        return stored;
      },
    };
  }

  /** @param {(message: Message) => void} onMessage */
  #listen(onMessage) {
    const { session } = this;
    /** @param {string} type @param {(detail: any) => void} run */
    const on = (type, run) =>
      session.addEventListener(type, (event) => run(/** @type {CustomEvent} */ (event).detail));
    on("reset", () => this.#log.clear());
    on("messages", ({ messages, initial }) => {
      this.#log.add(messages, initial);
      this.#composer.expect(this.#last()?.card);
      if (initial) this.element.classList.add("ready");
      for (const message of initial ? [] : messages) {
        if (message.author !== "user") this.#announce(spoken(message));
        onMessage(message);
      }
    });
    on("settled", ({ id, seq }) => this.#log.settle(id, seq));
    on("queue", () => {
      this.#log.waiting(session.queue);
      this.#awaitReply();
    });
    on("typing", ({ on: shown }) => {
      this.#agentTypes = shown;
      this.#showTyping();
    });
    on("owner", () => this.#showState());
    on("status", () => this.#showState());
    this.#showState();
  }

  #awaitReply() {
    clearTimeout(this.#slow);
    if (this.#showTyping()) this.#slow = setTimeout(() => this.#announce(texts.slow), SLOW_MS);
  }

  /** Whether Repère's answer is awaited; shown, like an agent who is writing. */
  #showTyping() {
    const { owner, queue, agent } = this.session;
    const awaited = owner !== "agent" && queue.some((item) => item.state === "sending");
    const agentTypes = owner === "agent" && this.#agentTypes;
    this.#log.typing(awaited || agentTypes, agentTypes ? texts.typingAgent(agent) : "");
    return awaited;
  }

  #showState() {
    const { status, statusText, owner, agent } = this.session;
    const words = { bot: "", queue: texts.ownerQueue, agent: texts.ownerAgent(agent) }[owner];
    const calm = status === "online";
    const text = calm ? words : statusText || (status === "starting" ? texts.starting : "");
    /** @type {Record<string, [string, () => void]>} */
    const ways = {
      retrying: [texts.retry, () => this.session.retryNow()],
      failed: [texts.retry, () => this.session.retryNow()],
      gone: [texts.fresh, () => this.session.renew(true)],
    };
    const [label, run] = ways[status] ?? [];
    this.#banner.className = `banner is-${calm ? owner : status}`;
    this.#banner.replaceChildren(
      ...(text ? [h("span", null, text)] : []),
      ...(label ? [button(label, { class: "link", onclick: run })] : []),
    );
    this.#composer.enable(status !== "gone");
    this.#showTyping();
  }

  /** The last message. */
  #last() {
    return this.session.messages.get(this.session.last);
  }

  /** A choice's label typed by hand is that choice. @param {string} text */
  #say(text) {
    const last = this.#last();
    const offered = last?.author === "bot" ? (last.card?.choices ?? []) : [];
    const choice = offered.find(({ label }) => plain(label) === plain(text));
    this.session.send(choice ? { text: choice.label, choice: choice.value } : { text });
  }

  /** @param {string} draft */
  #keepDraft(draft) {
    clearTimeout(this.#draft);
    if (draft) this.session.typing();
    this.#draft = setTimeout(() => this.#memory.write({ draft }), draft ? 300 : 0);
  }

  /**
   * @param {string} id
   * @param {string} text given back to be changed
   */
  #takeBack(id, text) {
    this.session.drop(id);
    if (text && !this.#composer.value) this.#composer.value = text;
    this.focus();
  }

  /** @param {string} text for screen readers, once */
  #announce(text) {
    const line = h("p", null, text);
    this.#announcer.append(line);
    setTimeout(() => line.remove(), ANNOUNCED_MS);
  }

  #saveTranscript() {
    const text = transcript(this.session.messages.values());
    const day = new Date().toISOString().slice(0, 10);
    save(new Blob([text], { type: "text/plain;charset=utf-8" }), `conversation-repere-${day}.txt`);
  }

  #erase() {
    confirmed(this.element, {
      title: texts.eraseTitle,
      text: texts.eraseText,
      confirm: texts.eraseConfirm,
      danger: true,
      run: async () => {
        await this.session.erase();
        this.#composer.value = "";
        this.#announce(texts.erased);
      },
    });
  }

  #fresh() {
    confirmed(this.element, {
      title: texts.freshTitle,
      text: texts.freshText,
      confirm: texts.freshConfirm,
      option: texts.freshErase,
      run: async (erase) => {
        if (erase) await this.session.erase();
        else this.session.renew();
      },
    });
  }

  /** @param {import("./types.js").Download} file */
  async #download({ label, url }) {
    const address = new URL(url, `${this.#api.base}/`);
    if (address.origin !== new URL(this.#api.base).origin) {
      if (address.protocol === "https:") h("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }).click();
      return;
    }
    const { blob, name } = await this.#api.file(address.pathname + address.search);
    save(blob, name || label);
  }

  /** A document may be dropped anywhere on the panel: it goes where one is awaited. */
  #acceptDrops() {
    const { element } = this;
    const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    /** @param {number} change */
    const over = (change) => {
      depth = Math.max(0, depth + change);
      element.classList.toggle("dropping", depth > 0);
    };
    element.addEventListener("dragenter", (event) => carries(event) && over(1));
    element.addEventListener("dragleave", (event) => carries(event) && over(-1));
    element.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
    element.addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      over(-depth);
      const file = event.dataTransfer?.files[0];
      const place = awaiting(this.#log.element);
      if (place && file) void place.send(file);
      else this.#announce(texts.dropNothing);
    });
  }
}

/** @param {Message} message */
function spoken({ author, text, card, sender }) {
  const who = author === "agent" ? (sender ?? texts.agent) : author === "bot" ? texts.name : texts.system;
  const count = card?.choices?.length ?? 0;
  return `${who} : ${text}${count ? ` ${texts.offered(count)}` : ""}`;
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();
}
