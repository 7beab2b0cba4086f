/**
 * Text of Repère as nodes: screens' labels set apart, official addresses as links, numbers in one
 * piece. Never markup.
 */

import { h, joined } from "./dom.js";
import { texts } from "./texts.js";

// « a label » or [a rubric] as the site shows them; an address of the State's sites.
const LABEL = "«\\s?[^«»\\n]{1,160}?\\s?»|\\[[^\\[\\]\\n]{1,100}\\]";
const ADDRESS = "(?<![\\w@.-])(?:https:\\/\\/)?(?:[a-z0-9-]+\\.)+gouv\\.fr(?:\\/[\\w\\/.%-]*[\\w\\/])?(?![\\w.-]*\\w)";
// A dossier's number, a plate: not to be cut at the end of a line.
const NUMBER = "\\bRP-[0-9A-Z]{4}-[0-9A-Z]{4}\\b|\\b[A-Z]{2}-\\d{3}-[A-Z]{2}\\b";
const PARTS = new RegExp(`(${LABEL})|(${ADDRESS})|(${NUMBER})`, "gi");

/**
 * @param {string} text
 * @returns {Node[]}
 */
export function rich(text) {
  /** @type {Node[]} */
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(PARTS)) {
    nodes.push(document.createTextNode(joined(text.slice(from, found.index))));
    const [whole, label, address] = found;
    if (label) nodes.push(h("b", { class: "label" }, label));
    else nodes.push(address ? link(whole) : h("span", { class: "whole" }, whole));
    from = found.index + whole.length;
  }
  nodes.push(document.createTextNode(joined(text.slice(from))));
  return nodes;
}

/** @param {string} address */
function link(address) {
  const href = address.startsWith("https://") ? address : `https://${address}`;
  return h(
    "a",
    { href, target: "_blank", rel: "noopener noreferrer" },
    address,
    h("span", { class: "sr" }, texts.newTab),
  );
}
