/** What is kept on this device: the conversation's id and token, unsent messages, the draft. */

/** @typedef {import("./types.js").Outgoing} Outgoing */
/**
 * @typedef {Object} Kept
 * @property {string} conversation
 * @property {string} token
 * @property {Outgoing[]} queue
 * @property {string} draft
 */

/** @returns {Kept} */
const nothing = () => ({ conversation: "", token: "", queue: [], draft: "" });

/**
 * Kept in localStorage, shared by the tabs of a site; in memory only where storage is refused.
 */
export class Memory extends EventTarget {
  #key;
  #fallback = nothing();
  #refused = false;

  /** @param {string} base the origin of Repère: one memory for each server */
  constructor(base) {
    super();
    this.#key = `repere:${base}`;
    addEventListener("storage", (event) => {
      if (event.key === this.#key || event.key === null) this.dispatchEvent(new Event("change"));
    });
  }

  /** @returns {Kept} */
  read() {
    if (this.#refused) return { ...this.#fallback };
    try {
      const text = localStorage.getItem(this.#key);
      const kept = text ? JSON.parse(text) : {};
      return { ...nothing(), ...(kept && typeof kept === "object" ? kept : {}) };
    } catch {
      this.#refused = true;
      return { ...this.#fallback };
    }
  }

  /** @param {Partial<Kept>} changes */
  write(changes) {
    const kept = { ...this.read(), ...changes };
    this.#fallback = kept;
    try {
      localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      this.#refused = true; // full or forbidden: this tab still works, its reload will begin anew
    }
  }
}
