// Texts, numbers and times in the user's language. Django's JavaScript catalogue, where the page loads it,
// defines the same functions on `window`; without it the English texts are used.

const page = /** @type {any} */ (globalThis);

/** @param {string} text @returns {string} */
export const gettext = (text) => (page.gettext ? page.gettext(text) : text);

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export const ngettext = (one, many, count) =>
  page.ngettext ? page.ngettext(one, many, count) : count === 1 ? one : many;

/** Put named values into a text: `fill("%(n)s of %(all)s", {n: 1, all: 2})`.
 * @param {string} text @param {Record<string, unknown>} values @returns {string} */
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));

const language = () => document.documentElement.lang || "en";

/** @param {number} share 0..1 @returns {string} such as "62 %" */
export const percent = (share) =>
  `${new Intl.NumberFormat(language(), { maximumFractionDigits: 0 }).format(share * 100)}\u202f%`;

/** @param {string} iso @returns {string} the exact time, for a title */
export const exactTime = (iso) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

/** The server renders the same words: see `duration` in refinery/core/web/templatetags/interface.py.
 * @param {number} seconds @returns {string} such as "12 min", "1 h", "1 h 12" or "3 days" */
export function duration(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.floor(minutes / 60);
  if (!hours) return fill(gettext("%(n)s min"), { n: minutes });
  const m = String(minutes % 60).padStart(2, "0");
  if (hours < 48) return fill(minutes % 60 ? gettext("%(h)s h %(m)s") : gettext("%(h)s h"), { h: hours, m });
  const days = Math.round(hours / 24);
  return fill(ngettext("%(n)s day", "%(n)s days", days), { n: days });
}

/** @param {string} iso @param {number} [now] @returns {string} such as "in 1 h 12" or "40 min ago" */
export function relative(iso, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Math.abs(seconds) < 45) return gettext("now");
  return fill(seconds > 0 ? gettext("in %(time)s") : gettext("%(time)s ago"), { time: duration(Math.abs(seconds)) });
}
