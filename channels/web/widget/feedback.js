/** Whether an answer helped, and if not why. */

import { button, h } from "./dom.js";
import { texts } from "./texts.js";

/**
 * @param {number} seq
 * @param {import("./types.js").Actions} actions
 */
export function feedback(seq, actions) {
  const box = h("div", { class: "feedback", role: "group", "aria-label": texts.useful });

  /**
   * @param {boolean} useful
   * @param {string} [reason]
   */
  const give = async (useful, reason) => {
    /** @type {string} */
    let said = texts.thanks;
    try {
      await actions.feedback(seq, useful, reason);
    } catch {
      said = texts.feedbackFailed;
    }
    const thanks = h("p", { class: "feedback-said", role: "status", tabindex: "-1" }, said);
    box.replaceChildren(thanks);
    thanks.focus({ preventScroll: true });
  };

  const ask = () => {
    const reasons = texts.reasons.map(([id, label]) =>
      button(label, { class: "choice small", onclick: () => void give(false, id) }),
    );
    const why = h("p", { tabindex: "-1" }, texts.why);
    box.replaceChildren(why, h("div", { class: "choices" }, reasons));
    why.focus({ preventScroll: true });
  };

  box.append(
    h("p", null, texts.useful),
    button(texts.yes, { class: "link", onclick: () => void give(true) }),
    button(texts.no, { class: "link", onclick: ask }),
  );
  return box;
}
