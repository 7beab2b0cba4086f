/**
 * The dossier that the page's address names (the récapitulatif's square code leads here): going on
 * with it is offered. Its code is asked for, and is in no address.
 */

import { button, h } from "./dom.js";
import { texts } from "./texts.js";

const PARAMETER = "reprendre";
const NUMBER = /^RP-[2-9A-Z]{4}-[2-9A-Z]{4}$/;
const CODE = /^[0-9A-Z]{4}[\s-]?[0-9A-Z]{4}$/i;

/** The number in the page's address, or nothing. */
export function wanted() {
  const number = new URLSearchParams(location.search).get(PARAMETER)?.trim().toUpperCase() ?? "";
  return NUMBER.test(number) ? number : "";
}

/**
 * @param {string} number
 * @param {(text: string) => void} say
 */
export function offer(number, say) {
  const code = h("input", {
    id: "resume-code",
    type: "text",
    class: "code",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    "aria-describedby": "resume-help resume-error",
  });
  const error = h("p", { class: "error", id: "resume-error", role: "alert" });
  const later = button(texts.resumeLater, { class: "primary plain" });
  const form = h(
    "form",
    { class: "resume", "aria-labelledby": "resume-title", novalidate: true },
    h("h3", { id: "resume-title" }, `${texts.resumeTitle} `, h("span", { class: "whole" }, number)),
    h("p", { class: "help", id: "resume-help" }, texts.resumeHelp),
    h("label", { for: "resume-code" }, texts.secret),
    h("div", { class: "row" }, code, button(texts.resume, { class: "primary", type: "submit" }), later),
    error,
  );
  const leave = () => {
    const address = new URL(location.href);
    address.searchParams.delete(PARAMETER);
    history.replaceState(history.state, "", address);
    form.remove();
  };
  later.addEventListener("click", leave);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = code.value.trim();
    if (CODE.test(given)) {
      leave();
      say(texts.resumeAsked(number, given.toUpperCase()));
    } else {
      error.textContent = texts.resumeWrong;
      code.setAttribute("aria-invalid", "true");
      code.focus();
    }
  });
  return form;
}
