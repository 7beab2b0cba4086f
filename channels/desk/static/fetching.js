/** Requests of the desk's own scripts. */

/**
 * A part of a page, as HTML; nobody acts when the page fetches it by itself.
 * @param {string} url
 * @param {boolean} [automatic]
 * @returns {Promise<string|null>} null when it could not be had
 */
export async function part(url, automatic = true) {
  /** @type {Record<string, string>} */
  const headers = automatic ? { "X-Repere-Automatic": "1" } : {};
  try {
    const response = await fetch(url, { headers, credentials: "same-origin" });
    if (response.redirected) location.reload(); // the session is over: the page asks to sign in
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  }
}

/**
 * A form sent by the page's script.
 * @param {string} url
 * @param {Record<string, string>} values
 * @param {(html: string) => void} [told] what the server has to say besides
 * @returns {Promise<string>} what went wrong, in French; empty when all is well
 */
export async function send(url, values, told) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "X-Repere-Script": "1" },
      body: new URLSearchParams(values),
      credentials: "same-origin",
    });
    if (response.redirected) location.reload();
    if (response.ok) {
      if (response.status === 200) told?.(await response.text());
      return "";
    }
    const type = response.headers.get("content-type") ?? "";
    const text = response.status < 500 || response.status === 503 ? (await response.text()).trim() : "";
    return type.startsWith("text/html") && text.length < 300 && text ? text : "Cela n'a pas été possible. Réessayez.";
  } catch {
    return "Le pupitre ne répond pas. Vérifiez le réseau, puis réessayez.";
  }
}

/**
 * Server-sent events, opened again after a failure.
 * @param {() => string} url
 * @param {Record<string, (data: any) => void>} handlers
 */
export function listen(url, handlers) {
  /** @type {EventSource|null} */
  let source = null;
  let failures = 0;
  const open = () => {
    source?.close();
    source = new EventSource(url());
    for (const [name, handle] of Object.entries(handlers))
      source.addEventListener(name, (event) => {
        failures = 0;
        handle(JSON.parse(event.data));
      });
    source.addEventListener("error", () => {
      source?.close();
      source = null;
      failures += 1;
      if (failures === 2) void part("/desk/queue"); // signs in again when the session is over
      setTimeout(open, Math.min(15_000, 1000 * failures));
    });
  };
  open();
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
}
