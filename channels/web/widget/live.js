/**
 * News of the conversation: server-sent events, or asking again where the server has none.
 *
 * Browsers hold six connections to a server: of the tabs that share a conversation, the one that was
 * looked at last listens, and tells the others.
 */

import { ApiError } from "./api.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Owner} Owner */
/**
 * @typedef {Object} Listener
 * @property {() => number} last
 * @property {() => Owner} owner
 * @property {(message: Message) => void} message
 * @property {(owner: Owner, name?: string) => void} ownerIs
 * @property {(author: string, on: boolean) => void} typing
 * @property {() => Promise<void>} sync
 */

const SILENCE_MS = 40_000; // the server says something at least every 15 seconds
const RETRY_MS = [1000, 3000, 8000, 20_000];
const POLL_AGENT_MS = 4000;
const POLL_BOT_MS = 60_000;
const HIDDEN_MS = 60_000;

export class Live {
  #api;
  #listener;
  #conversation = "";
  /** @type {AbortController|null} */
  #connection = null;
  /** Ends this tab's turn to listen, or its waiting for it. @type {AbortController|null} */
  #turn = null;
  #leads = false;
  #polling = false;
  #running = false;
  #failures = 0;
  #heard = 0;
  #timer = 0;
  #watch = 0;
  #hidden = 0;
  #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("repere-live");

  /**
   * @param {import("./api.js").Api} api
   * @param {Listener} listener
   */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
    document.addEventListener("visibilitychange", () => this.#visibility());
    this.#tabs?.addEventListener("message", ({ data }) => {
      if (this.#running && data.conversation === this.#conversation) this.#handle(data);
    });
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#polling = false;
    this.#failures = 0;
    this.#conversation = this.#api.conversation;
    this.#lead(document.visibilityState === "visible");
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#turn?.abort();
    this.#disconnect();
  }

  /** The network or the machine is back: don't trust a connection that may be dead. */
  wake() {
    if (!this.#running) return;
    void this.#listener.sync();
    if (this.#polling) this.#poll();
    else if (!this.#leads) this.#lead(true);
    else if (!this.#connection || Date.now() - this.#heard > SILENCE_MS) this.#reconnect();
  }

  /**
   * Listen while this tab has the lock; another tab may take it, and gives it back when it closes.
   * @param {boolean} now take it from the tab that has it
   */
  #lead(now) {
    this.#turn?.abort();
    const turn = new AbortController();
    this.#turn = turn;
    const listen = async () => {
      if (turn.signal.aborted) return;
      this.#leads = true;
      this.#reconnect();
      await new Promise((resign) => turn.signal.addEventListener("abort", resign));
    };
    if (!navigator.locks) return void listen();
    const how = now ? { steal: true } : { signal: turn.signal };
    navigator.locks.request(`repere-live:${this.#conversation}`, how, listen).catch(() => {
      if (this.#turn !== turn || turn.signal.aborted) return;
      this.#disconnect(); // taken by another tab
      this.#lead(false);
    });
  }

  #disconnect() {
    this.#leads = false;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#connection?.abort();
    this.#connection = null;
  }

  /** A hidden tab that awaits nobody keeps no connection. */
  #visibility() {
    clearTimeout(this.#hidden);
    if (document.visibilityState === "visible" || !this.#running) return;
    this.#hidden = setTimeout(() => {
      if (this.#listener.owner() === "bot") {
        this.#connection?.abort();
        this.#connection = null;
      }
    }, HIDDEN_MS);
  }

  #reconnect() {
    this.#connection?.abort();
    this.#connection = null;
    clearTimeout(this.#timer);
    void this.#connect();
  }

  async #connect() {
    const connection = new AbortController();
    this.#connection = connection;
    try {
      const response = await this.#api.events(connection.signal, this.#listener.last());
      this.#failures = 0;
      this.#listen(connection);
      this.#tell({ event: "typing", value: { typing: false } });
      if (response.body) for await (const said of events(response.body, () => this.#hear())) this.#received(said);
    } catch (error) {
      if (error instanceof ApiError && [401, 404, 405, 501].includes(error.status)) {
        if (this.#connection === connection) this.#fallBack();
        return;
      }
    }
    clearInterval(this.#watch);
    if (!this.#running || this.#connection !== connection) return;
    this.#connection = null;
    const delay = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#connect(), delay);
  }

  /** @param {AbortController} connection */
  #listen(connection) {
    this.#hear();
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      if (Date.now() - this.#heard > SILENCE_MS) connection.abort();
    }, 5000);
  }

  #hear() {
    this.#heard = Date.now();
  }

  /** @param {{event: string, data: string}} said */
  #received({ event, data }) {
    /** @type {any} */
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    this.#tell({ event, value });
  }

  /** @param {{event: string, value: any}} news */
  #tell(news) {
    this.#handle(news);
    this.#tabs?.postMessage({ conversation: this.#conversation, ...news });
  }

  /** @param {{event: string, value: any}} news */
  #handle({ event, value }) {
    if (event === "message" && typeof value?.seq === "number") this.#listener.message(value);
    if (event === "owner") this.#listener.ownerIs(value?.owner ?? value, value?.name);
    if (event === "typing") this.#listener.typing(value?.author ?? "agent", value?.typing !== false);
  }

  #fallBack() {
    this.#connection = null;
    this.#polling = true;
    this.#poll();
  }

  /** @param {boolean} [wait] */
  #poll(wait = false) {
    clearTimeout(this.#timer);
    if (!wait && document.visibilityState === "visible") void this.#listener.sync();
    const delay = this.#listener.owner() === "bot" ? POLL_BOT_MS : POLL_AGENT_MS;
    this.#timer = setTimeout(() => this.#running && this.#poll(), delay);
  }

  /** The conversation has changed hands: ask more or less often. */
  ownerChanged() {
    if (this.#running && this.#polling) this.#poll(true);
  }
}

/**
 * The events of a stream of text (the format of server-sent events).
 * @param {ReadableStream<Uint8Array>} stream
 * @param {() => void} heard called at each piece received, comments included
 * @returns {AsyncGenerator<{event: string, data: string}>}
 */
export async function* events(stream, heard) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = "message";
  /** @type {string[]} */
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length) yield { event, data: data.join("\n") };
        event = "message";
        data = [];
      } else if (line.startsWith("event:")) {
        event = line.slice(6).trim();
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5).replace(/^ /, ""));
      }
    }
  }
}
