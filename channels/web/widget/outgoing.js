/** Messages on their way: their client ids, and what they became once stored. */

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Outgoing} Outgoing */

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
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
