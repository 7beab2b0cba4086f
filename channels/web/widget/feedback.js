/** Whether an answer helped, and if not why: a reason, or the person's own words. */

import { button, h } from "./dom.js";
import { texts } from "./texts.js";

const MAX_REASON = 500;

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
    const kept = await actions.feedback(seq, useful, reason).then(() => true, () => false);
    const said = kept ? texts.thanks : texts.feedbackFailed;
    const thanks = h("p", { class: "feedback-said", role: "status", tabindex: "-1" }, said);
    box.replaceChildren(thanks);
    thanks.focus({ preventScroll: true });
  };

  // « Non » counts at once; the reason is asked for, and may be left out.
  const ask = () => {
    actions.feedback(seq, false).catch(() => undefined);
    const reasons = texts.reasons.map((label) =>
      button(label, { class: "choice small", onclick: () => void give(false, label) }),
    );
    const why = h("p", { class: "feedback-why", tabindex: "-1" }, texts.why);
    box.replaceChildren(why, h("div", { class: "choices" }, reasons), ownWords());
    why.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };

  const ownWords = () => {
    const id = `why-${seq}`;
    const input = h("input", { id, type: "text", maxlength: MAX_REASON, autocomplete: "off" });
    const send = button(texts.sendFeedback, { class: "primary soft", type: "submit" });
    const form = h("form", { class: "own-words" }, h("label", { for: id }, texts.ownWords), h("div", { class: "row" }, input, send));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) void give(false, input.value.trim());
      else input.focus();
    });
    return form;
  };

  box.append(
    h("p", null, texts.useful),
    button(texts.yes, { class: "link", onclick: () => void give(true) }),
    button(texts.no, { class: "link", onclick: ask }),
  );
  return box;
}
