/** On narrow screens what is said about Repère is folded: the conversation comes first. */

const wide = matchMedia("(min-width: 900px)");
const about = /** @type {HTMLDetailsElement|null} */ (document.querySelector(".more"));

function follow() {
  if (about) about.open = wide.matches;
}

wide.addEventListener("change", follow);
follow();
