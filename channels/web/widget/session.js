/**
 * One conversation as this tab sees it: the server's messages, those waiting to be sent, the state
 * of the connection. The server's history is the truth; every message is sent until it is answered,
 * with a client id that keeps it from being taken twice.
 */

import { ApiError } from "./api.js";
import { Live } from "./live.js";
import { mine, Outbox } from "./outgoing.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Outgoing} Outgoing */
/** @typedef {import("./types.js").Owner} Owner */
/** @typedef {import("./types.js").Status} Status */

const DELAYS_MS = [1000, 2000, 4000, 8000, 15_000];
const TYPING_MS = 3000;

/**
 * Events: `reset`, `messages` {messages, initial}, `settled` {id, seq}, `queue`, `owner`,
 * `typing` {author, on}, `status`.
 */
export class Session extends EventTarget {
  /** @type {Map<number, Message>} */
  messages = new Map();
  last = 0;
  /** @type {Owner} */
  owner = "bot";
  /** The name of the agent who answers, when there is one. */
  agent = "";
  /** @type {Status} */
  status = "starting";
  /** Words about the status, for the person. */
  statusText = "";
  /** @type {Set<string>} */
  features = new Set();

  #api;
  #memory;
  #restored = false;
  #running = false;
  #again = false;
  #failures = 0;
  #timer = 0;
  #started = false;
  #typed = 0;
  #delivering = false;
  #live;
  #outbox;
  #channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("repere");

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./memory.js").Memory} memory
   */
  constructor(api, memory) {
    super();
    this.#api = api;
    this.#memory = memory;
    this.#outbox = new Outbox(memory, () => this.#emit("queue"));
    this.#live = new Live(api, {
      last: () => this.last,
      owner: () => this.owner,
      message: (message) => this.#receive(message),
      ownerIs: (owner, name) => this.#setOwner(owner, name),
      typing: (author, on) => this.#emit("typing", { author, on }),
      sync: () => this.sync(),
    });
    memory.addEventListener("change", () => this.#followOtherTab());
    this.#channel?.addEventListener("message", (event) => {
      if (this.#started && event.data === this.#api.conversation) void this.sync();
    });
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => this.#started && this.#setStatus("offline", texts.offline));
    addEventListener("pageshow", (event) => event.persisted && this.#wake());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#wake();
    });
  }

  /** The messages that are not yet answered. */
  get queue() {
    return this.#outbox.items;
  }

  /** Restore the conversation kept on this device, or begin one. */
  start() {
    if (this.#started) return;
    this.#started = true;
    this.#adopt();
    void this.#pump();
  }

  /** @param {{text: string, choice?: string}} message */
  send(message) {
    this.#outbox.add(message);
    void this.#pump();
  }

  /** @param {string} id */
  retry(id) {
    this.#outbox.retry(id);
    void this.#pump();
  }

  /** @param {string} id */
  drop(id) {
    this.#outbox.remove(id);
    void this.#pump();
  }

  retryNow() {
    this.#failures = 0;
    void this.#pump();
  }

  /** The person is writing: said to the agent who answers, now and then. */
  typing() {
    if (this.owner !== "agent" || !this.features.has("events") || Date.now() - this.#typed < TYPING_MS) return;
    this.#typed = Date.now();
    this.#api.typing().catch(() => undefined);
  }

  /** Messages that this tab has not yet. */
  async sync() {
    if (!this.#restored || this.#delivering) return;
    const { conversation } = this.#api;
    try {
      const history = await this.#api.history(this.last);
      if (conversation !== this.#api.conversation || this.#delivering) return;
      this.#merge(history.messages);
      this.#setOwner(history.owner);
    } catch (error) {
      const ours = conversation === this.#api.conversation;
      if (ours && error instanceof ApiError && error.gone) this.#lost();
    }
  }

  /** Erase everything on the server, then begin anew. Throws ApiError. */
  async erase() {
    try {
      await this.#api.erase();
    } catch (error) {
      if (!(error instanceof ApiError && error.gone)) throw error;
    }
    this.renew();
  }

  /**
   * Leave the conversation and begin another one.
   * @param {boolean} [keep] whether what was typed and not sent goes to the new one
   */
  renew(keep = false) {
    const queue = keep ? this.queue.filter((item) => item.choice === undefined) : [];
    this.#memory.write({ conversation: "", token: "", queue });
    this.#reset();
    void this.#pump();
  }

  #wake() {
    if (!this.#started) return;
    this.#failures = 0;
    void this.#pump();
    this.#live.wake();
  }

  /** Begin from what the memory says; another tab may have changed it. */
  #adopt() {
    const kept = this.#memory.read();
    this.#api.conversation = kept.conversation;
    this.#api.token = kept.token;
  }

  #followOtherTab() {
    if (!this.#started) return;
    const kept = this.#memory.read();
    if (kept.conversation !== this.#api.conversation) {
      this.#reset();
      void this.#pump();
    } else {
      this.#emit("queue");
    }
  }

  #reset() {
    this.#live.stop();
    this.messages.clear();
    this.last = 0;
    this.#restored = false;
    this.#failures = 0;
    this.#setOwner("bot");
    this.#adopt();
    this.#setStatus("starting", texts.starting);
    this.#emit("reset");
  }

  /** Do what is to be done (begin, restore, send, listen), one run at a time. */
  async #pump() {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    clearTimeout(this.#timer);
    try {
      do {
        this.#again = false;
        await this.#open();
        await this.#sendAll();
      } while (this.#again);
      this.#failures = 0;
      this.#setStatus("online", "");
      this.#live.start();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = false;
    }
  }

  async #open() {
    if (this.#restored) return;
    if (!this.#api.conversation) {
      const started = await this.#api.start();
      const { conversation, token } = started;
      this.#memory.write({ conversation, token });
      this.#adopt();
      this.#take(started.messages, "bot", started.features);
      return;
    }
    const { conversation } = this.#api;
    try {
      const history = await this.#api.history(0);
      if (conversation !== this.#api.conversation) return;
      this.#take(history.messages, history.owner, history.features);
    } catch (error) {
      if (!(error instanceof ApiError && error.gone)) throw error;
      this.#memory.write({ conversation: "", token: "" });
      this.#adopt();
      await this.#open();
    }
  }

  /**
   * @param {Message[]} messages
   * @param {Owner} owner
   * @param {string[]} [features]
   */
  #take(messages, owner, features) {
    this.#restored = true;
    this.features = new Set(features ?? []);
    this.#merge(messages, true);
    this.#setOwner(owner);
    this.#emit("queue");
  }

  /** Send what waits, in order; one tab at a time where the browser can lock. */
  async #sendAll() {
    const outbox = this.#outbox;
    if (!outbox.next) return;
    const run = async () => {
      for (let item = outbox.next; item; item = outbox.next) await this.#deliver(item);
    };
    const name = `repere-send:${this.#api.conversation}`;
    await (navigator.locks ? navigator.locks.request(name, run) : run());
  }

  /**
   * Other news of the turn wait for its reply, which comes whole.
   * @param {Outgoing} item
   */
  async #deliver(item) {
    const { id, text, choice } = item;
    const before = this.last;
    const { conversation } = this.#api;
    this.#outbox.sending(id);
    this.#delivering = true;
    try {
      const body = choice === undefined ? { text } : { choice };
      const { messages } = await this.#api.send({ ...body, client_id: id });
      const history = await this.#api.history(before).catch(() => null);
      // What is told once (a resume code) is in the reply alone.
      const told = new Map(messages.map((message) => [message.seq, message]));
      const known = history?.messages.map((message) => told.get(message.seq) ?? message) ?? messages;
      if (conversation !== this.#api.conversation) return;
      const first = messages[0];
      this.#settle(id, mine(item, known)?.seq ?? (first ? first.seq - 1 : null));
      this.#merge(known);
      if (history) this.#setOwner(history.owner);
      this.#channel?.postMessage(this.#api.conversation);
    } catch (error) {
      this.#outbox.refused(id, error);
    } finally {
      this.#delivering = false;
    }
  }

  /**
   * @param {string} id
   * @param {number|null} seq
   */
  #settle(id, seq) {
    this.#emit("settled", { id, seq });
    this.#outbox.remove(id);
  }

  /** @param {Message} message */
  #receive(message) {
    if (this.#delivering && message.author !== "agent") return;
    if (message.seq > this.last + 1) void this.sync();
    else this.#merge([message]);
  }

  /**
   * @param {Message[]} messages
   * @param {boolean} [initial]
   */
  #merge(messages, initial = false) {
    const fresh = messages.filter(
      ({ seq, card }) => !this.messages.has(seq) || (card?.secret && !this.messages.get(seq)?.card?.secret),
    );
    for (const message of fresh) {
      this.messages.set(message.seq, message);
      this.last = Math.max(this.last, message.seq);
    }
    if (fresh.length || initial) this.#emit("messages", { messages: fresh, initial });
  }

  /**
   * @param {Owner} owner
   * @param {string} [name] of the agent; by default the last one who wrote
   */
  #setOwner(owner, name) {
    const wrote = [...this.messages.values()].findLast(({ author }) => author === "agent");
    const agent = owner === "agent" ? name || wrote?.sender || "" : "";
    if (owner === this.owner && agent === this.agent) return;
    this.owner = owner;
    this.agent = agent;
    this.#live.ownerChanged();
    this.#emit("owner");
  }

  /** @param {unknown} error */
  #failed(error) {
    if (!(error instanceof ApiError)) {
      this.#setStatus("failed", texts.unavailable);
      throw error;
    }
    if (error.gone && this.#restored) {
      this.#lost();
      return;
    }
    if (!error.passing) {
      this.#setStatus("failed", error.message);
      return;
    }
    const step = DELAYS_MS[Math.min(this.#failures, DELAYS_MS.length - 1)] ?? 1000;
    this.#failures += 1;
    const delay = Math.max(error.retryAfter * 1000, step * (0.8 + Math.random() * 0.4));
    this.#timer = setTimeout(() => void this.#pump(), delay);
    if (!navigator.onLine) this.#setStatus("offline", texts.offline);
    else this.#setStatus("retrying", error.status === 0 ? texts.retrying : error.message);
  }

  #lost() {
    this.#live.stop();
    this.#setStatus("gone", texts.gone);
  }

  /**
   * @param {Status} status
   * @param {string} text
   */
  #setStatus(status, text) {
    if (status === this.status && text === this.statusText) return;
    this.status = status;
    this.statusText = text;
    this.#emit("status");
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
