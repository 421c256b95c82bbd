// Boxes over the page: one SVG in page pixels, with the browser's hit testing.

import { svg } from "../lib/dom.js";

/** Style of a field's box: by failed checks, then by confidence, then by the human's action.
 * @param {import("./work.js").Work} work @param {string} name @returns {string} */
export function boxTone(work, name) {
  const field = work.specs.get(name);
  if (work.problem(name)) return "bad";
  if (work.checked(name)) return "good";
  if (field.validation?.some((/** @type {any} */ check) => !check.ok)) return "bad";
  return field.needs_human ? "warn" : "plain";
}

export class Boxes {
  /** @param {SVGSVGElement} layer @param {{pick: (name: string) => void, over: (name: string | null) => void}} on */
  constructor(layer, on) {
    this.layer = layer;
    /** @type {Map<string, SVGRectElement>} */
    this.drawn = new Map();
    const named = (/** @type {Event} */ event) =>
      /** @type {Element} */ (event.target).closest?.("[data-field]")?.getAttribute("data-field") ?? null;
    layer.addEventListener("click", (event) => {
      const name = named(event);
      if (name) on.pick(name);
    });
    layer.addEventListener("pointerover", (event) => on.over(named(event)));
    layer.addEventListener("pointerleave", () => on.over(null));
  }

  /** Draw the boxes of a page. @param {import("./work.js").Work} work
   * @param {{number: number, width: number, height: number}} page */
  show(work, page) {
    this.work = work;
    this.page = page;
    this.layer.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
    this.drawn = new Map();
    const issues = work.issues
      .filter((issue) => issue.bbox && issue.page === page.number && !issue.field && work.stateOf(issue) === "open")
      .map((issue) => this.rect(issue.bbox, { class: "box box--issue" }));
    const fields = [];
    for (const { name, title } of work.fields) {
      const { bbox, page: on } = work.entry(name);
      if (!bbox || on !== page.number) continue;
      const rect = this.rect(bbox, { "data-field": name, "data-testid": `box:${name}` });
      rect.append(Object.assign(document.createElementNS(rect.namespaceURI, "title"), { textContent: title }));
      this.drawn.set(name, rect);
      fields.push(rect);
    }
    this.layer.replaceChildren(...issues, ...fields);
    for (const name of this.drawn.keys()) this.paint(name);
  }

  /** @param {number[]} bbox @param {Record<string, string>} attributes @returns {SVGRectElement} */
  rect([x0, y0, x1, y1], attributes) {
    const { width, height } = /** @type {{width: number, height: number}} */ (this.page);
    const pad = Math.max(2, width * 0.0025);
    return svg("rect", {
      x: (x0 * width - pad).toFixed(1),
      y: (y0 * height - pad).toFixed(1),
      width: ((x1 - x0) * width + 2 * pad).toFixed(1),
      height: ((y1 - y0) * height + 2 * pad).toFixed(1),
      rx: pad,
      ...attributes,
    });
  }

  /** @param {string} name */
  paint(name) {
    const rect = this.drawn.get(name);
    const work = this.work;
    if (!rect || !work) return;
    const focus = work.focused === name ? " box--focus" : "";
    const lit = this.lit === name ? " box--lit" : "";
    const wanted = `box box--${boxTone(work, name)}${focus}${lit}`;
    if (rect.getAttribute("class") !== wanted) rect.setAttribute("class", wanted);
  }

  /** @param {string | null} name the field under the pointer, in the panel or on the page */
  light(name) {
    const before = this.lit;
    this.lit = name;
    if (before) this.paint(before);
    if (name) this.paint(name);
  }

  /** @param {string} name */
  focus(name) {
    const before = this.focused;
    this.focused = name;
    if (before) this.paint(before);
    this.paint(name);
  }
}
