/**
 * `<repere-chat>`: the conversation in a corner of any page, or in the page itself.
 *
 * Attributes: `api` (origin of Repère; where this script comes from by default), `mode` ("corner" or
 * "page"), `theme` ("auto", "light" or "dark"), `label` (of the button), `open`.
 * Methods: `open()`, `close()`, `toggle()`. Events: `repere-open`, `repere-close`, `repere-message`.
 */

/** @typedef {import("./chat.js").Chat} Chat */
/** @typedef {import("./launcher.js").Launcher} Launcher */

// What the button needs is asked at once, then what the panel needs: not as each module names the next.
const base = styleSheet("base.css");
for (const name of ["launcher", "dom", "texts"]) void import(`./${name}.js`);

const SHEETS = ["controls.css", "panel.css", "log.css", "cards.css", "dossier.css"];
const MODULES =
  "api cards chat composer dialog dossier feedback live log memory outgoing parts resume rich session transcript upload";
const NARROW = "(max-width: 480px), (max-height: 420px)";

export class RepereChat extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #holder = document.createElement("div");
  /** @type {Promise<Chat>|null} */
  #chat = null;
  /** @type {Launcher|null} */
  #launcher = null;
  /** @type {Promise<void>|null} */
  #built = null;

  connectedCallback() {
    this.#built ??= this.#build();
  }

  get inPage() {
    return this.getAttribute("mode") === "page";
  }

  /**
   * Show the conversation; begins or restores it.
   * @param {{focus?: boolean}} [options]
   */
  async open({ focus = true } = {}) {
    await this.#built;
    const chat = await this.#load();
    const closed = this.#holder.hidden;
    this.#holder.hidden = false;
    this.#launcher?.expanded(true);
    this.toggleAttribute("open", true);
    chat.start();
    if (this.inPage || !closed) return;
    chat.shown();
    remember(true);
    this.#launcher?.unread(false);
    if (focus && matchMedia("(pointer: coarse)").matches) chat.element.focus();
    else if (focus) chat.focus();
    this.#emit("repere-open");
  }

  close() {
    if (this.inPage || this.#holder.hidden) return;
    this.#holder.hidden = true;
    remember(false);
    this.#launcher?.expanded(false);
    this.toggleAttribute("open", false);
    this.#launcher?.element.focus();
    this.#emit("repere-close");
  }

  toggle() {
    if (this.#holder.hidden) void this.open();
    else this.close();
  }

  async #build() {
    const [sheet, { Launcher }] = await Promise.all([base, import("./launcher.js")]);
    this.#root.adoptedStyleSheets = [sheet];
    this.lang ||= "fr";
    this.#holder.className = "holder";
    this.#holder.hidden = true;
    if (!this.inPage) {
      this.#launcher = new Launcher(this.getAttribute("label"), () => this.toggle());
      this.#root.append(this.#launcher.element, this.#launcher.news);
    }
    this.#root.append(this.#holder);
    performance.mark("repere-shown");
    const reopened = remembered() && !matchMedia(NARROW).matches;
    const resuming = new URLSearchParams(location.search).has("reprendre");
    if (this.inPage || this.hasAttribute("open") || reopened || resuming) {
      setTimeout(() => void this.open({ focus: false }));
    } else {
      const prepare = () => void this.#load();
      if ("requestIdleCallback" in window) requestIdleCallback(prepare, { timeout: 3000 });
      else setTimeout(prepare, 1000);
    }
  }

  /** The panel itself is loaded after the button is drawn. */
  #load() {
    this.#chat ??= this.#make().catch((error) => {
      this.#chat = null;
      throw error;
    });
    return this.#chat;
  }

  async #make() {
    for (const name of MODULES.split(" ")) void import(`./${name}.js`);
    const [{ Chat }, { Api }, { Memory }, ...sheets] = await Promise.all([
      import("./chat.js"),
      import("./api.js"),
      import("./memory.js"),
      ...SHEETS.map(styleSheet),
    ]);
    this.#root.adoptedStyleSheets = [await base, ...sheets];
    const origin = new URL(this.getAttribute("api") ?? import.meta.url, location.href).origin;
    const chat = new Chat(new Api(origin), new Memory(origin), {
      ...(this.inPage ? {} : { onClose: () => this.close() }),
      onMessage: ({ author, seq }) => {
        if (author === "agent" && this.#holder.hidden) this.#launcher?.unread(true);
        this.#emit("repere-message", { author, seq });
      },
    });
    if (!this.inPage) this.#asDialog(chat.element);
    this.#holder.append(chat.element);
    return chat;
  }

  /** @param {HTMLElement} panel */
  #asDialog(panel) {
    const narrow = matchMedia(NARROW);
    const describe = () => panel.setAttribute("aria-modal", String(narrow.matches));
    panel.setAttribute("role", "dialog");
    panel.tabIndex = -1;
    narrow.addEventListener("change", describe);
    describe();
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Tab" && narrow.matches) keepInside(event, panel);
    });
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/**
 * A style sheet to be adopted by the shadow tree: nothing inline for a CSP to refuse.
 * @param {string} name
 * @returns {Promise<CSSStyleSheet>}
 */
async function styleSheet(name) {
  const response = await fetch(new URL(name, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new CSSStyleSheet().replace(await response.text());
}

/** The panel stays open from page to page of a site, in the same tab. */
function remembered() {
  try {
    return sessionStorage.getItem("repere-open") === "1";
  } catch {
    return false;
  }
}

/** @param {boolean} open */
function remember(open) {
  try {
    sessionStorage.setItem("repere-open", open ? "1" : "");
  } catch {
    // Storage is refused: the panel will be closed on the next page.
  }
}

/**
 * When the panel covers the whole screen, the Tab key goes round in it.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} panel
 */
function keepInside(event, panel) {
  const selector = "button, a[href], textarea, summary, input:not([type=file]), [tabindex='0']";
  const all = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll(selector)]);
  const reachable = all.filter((element) => element.checkVisibility?.() ?? element.offsetParent);
  const edge = event.shiftKey ? reachable[0] : reachable.at(-1);
  const root = /** @type {ShadowRoot} */ (panel.getRootNode());
  if (!edge || root.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? reachable.at(-1) : reachable[0])?.focus();
}

customElements.define("repere-chat", RepereChat);
