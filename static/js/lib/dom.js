// Building elements without markup in strings: text is inserted as text, so nothing read from a page is executed.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {string | number | Node | null | undefined | false} Child */

/** @param {Element} element @param {Record<string, any>} attributes */
function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string" && !(element instanceof SVGElement)) {
      /** @type {any} */ (element)[name] = value;
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...Child} children @returns {any} */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  dress(element, attributes);
  element.append(.../** @type {any[]} */ (children.filter((c) => c !== null && c !== undefined && c !== false)));
  return element;
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...Node} children @returns {any} */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  dress(element, attributes);
  element.append(...children);
  return element;
}

/** @param {string} name @param {string} [label] @returns {SVGElement} an icon of the sprite */
export function icon(name, label) {
  const sprite = document.documentElement.dataset.icons ?? "/static/icons.svg";
  const drawn = svg("svg", { class: "icon", "aria-hidden": label ? null : "true", role: label ? "img" : null });
  if (label) drawn.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: label }));
  drawn.append(svg("use", { href: `${sprite}#${name}` }));
  return drawn;
}

/** @param {string} selector @param {ParentNode} [root] @returns {any} */
export const one = (selector, root = document) => root.querySelector(selector);

/** @param {string} selector @param {ParentNode} [root] @returns {any[]} */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Read a JSON block that the server embedded. @param {string} id @returns {any} */
export function embedded(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent || "null") : null;
}

/** Call `work` after `wait` milliseconds without another call; `flush()` runs a pending call at once.
 * @param {() => void} work @param {number} wait */
export function debounce(work, wait) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const run = () => {
    clearTimeout(timer);
    timer = undefined;
    work();
  };
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
  call.flush = () => timer !== undefined && run();
  call.cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return call;
}
