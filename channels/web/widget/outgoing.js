/** Messages on their way, kept on this device until they are answered. */

import { ApiError } from "./api.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Outgoing} Outgoing */

const TRIES = 4;

export class Outbox {
  #memory;
  #changed;
  /** @type {Map<string, number>} */
  #tries = new Map();

  /**
   * @param {import("./memory.js").Memory} memory
   * @param {() => void} changed called at each change
   */
  constructor(memory, changed) {
    this.#memory = memory;
    this.#changed = changed;
  }

  /** @returns {Outgoing[]} */
  get items() {
    return this.#memory.read().queue;
  }

  /** The message to send now: they go in order, and one that was refused stops those after it. */
  get next() {
    const item = this.items[0];
    return item && item.state !== "failed" ? item : undefined;
  }

  /** @param {{text: string, choice?: string}} message */
  add({ text, choice }) {
    const at = new Date().toISOString();
    const item = { id: newId(), text, at, state: /** @type {const} */ ("queued") };
    this.#write((queue) => [...queue, choice === undefined ? item : { ...item, choice }]);
  }

  /** @param {string} id */
  remove(id) {
    this.#tries.delete(id);
    this.#write((queue) => queue.filter((item) => item.id !== id));
  }

  /** @param {string} id */
  retry(id) {
    this.#tries.delete(id);
    this.#change(id, { state: "queued" });
  }

  /** @param {string} id */
  sending(id) {
    this.#change(id, { state: "sending" });
  }

  /**
   * It was not taken: throws what may pass, when it will be tried again.
   * @param {string} id
   * @param {unknown} error
   */
  refused(id, error) {
    if (!(error instanceof ApiError)) throw error;
    const tries = (this.#tries.get(id) ?? 0) + (error.status === 0 ? 0 : 1);
    this.#tries.set(id, tries);
    if ((error.passing && tries < TRIES) || error.gone) {
      this.#change(id, { state: "queued" });
      throw error;
    }
    this.#change(id, { state: "failed", error: error.message });
  }

  /**
   * @param {string} id
   * @param {Partial<Outgoing>} changes
   */
  #change(id, changes) {
    this.#write((queue) => queue.map((item) => (item.id === id ? { ...item, ...changes } : item)));
  }

  /** @param {(queue: Outgoing[]) => Outgoing[]} change */
  #write(change) {
    this.#memory.write({ queue: change(this.items) });
    this.#changed();
  }
}

/**
 * The stored message that an outgoing one became, among those that came with its answer.
 * @param {Outgoing} item
 * @param {Message[]} messages
 * @returns {Message|undefined}
 */
export function mine(item, messages) {
  const users = messages.filter((message) => message.author === "user");
  return (
    users.find((message) => message.client_id === item.id) ??
    users.find((message) => message.text.trim() === item.text.trim()) ??
    users.at(-1)
  );
}

/** An id that no other message has. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
