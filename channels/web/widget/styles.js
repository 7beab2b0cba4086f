/** Style sheets of the widget: fetched, then adopted by the shadow tree (nothing inline for a CSP). */

/**
 * @param {string} name
 * @returns {Promise<CSSStyleSheet>}
 */
export async function styleSheet(name) {
  const response = await fetch(new URL(name, import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new CSSStyleSheet().replace(await response.text());
}
