// Panel of fields: every value is in an input; the focused field shows a crop of the page above it.

import { el, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { FieldRow } from "./row.js";

/** Placeholder for a document of unknown type, which has no fields. */
function nothing() {
  const words = gettext("The kind of this document could not be detected, so there are no fields to check. It can be approved or rejected as it is.");
  return el("div", { class: "empty", "data-testid": "no-fields" },
    icon("documents"), el("h2", {}, gettext("No fields")), el("p", { class: "empty__text" }, words));
}

export class Panel {
  /** @param {HTMLElement} root @param {{over: (name: string | null) => void, take: (id: string) => void,
   *   label: (id: string) => string}} on */
  constructor(root, on) {
    this.root = root;
    root.tabIndex = -1;
    this.on = on;
    this.open = "";
    /** @type {Map<string, FieldRow>} */
    this.rows = new Map();
    const named = (/** @type {Event} */ event) =>
      /** @type {Element} */ (event.target).closest?.("[data-field]")?.getAttribute("data-field") ?? null;
    root.addEventListener("focusin", (event) => this.arrived(named(event), event));
    root.addEventListener("pointerover", (event) => on.over(named(event)));
    root.addEventListener("pointerleave", () => on.over(null));
    root.addEventListener("input", (event) => {
      const name = named(event);
      if (name) this.work?.type(name, /** @type {HTMLInputElement} */ (event.target).value);
    });
    root.addEventListener("click", (event) => {
      const taken = /** @type {Element} */ (event.target).closest("[data-take]");
      if (taken) on.take(taken.getAttribute("data-take") ?? "");
      else this.clicked(named(event), event);
    });
  }

  /** @param {string | null} name @param {Event} event */
  arrived(name, event) {
    if (!name || !this.work || this.work.focused === name) return;
    if (/** @type {Element} */ (event.target).matches(".field__input")) this.work.focus(name, "panel");
  }

  /** A click next to the input also focuses the field. @param {string | null} name @param {Event} event */
  clicked(name, event) {
    if (name && !/** @type {Element} */ (event.target).closest("button, input, textarea")) this.rows.get(name)?.enter();
  }

  /** @param {import("./work.js").Work} work @param {boolean} editable */
  show(work, editable) {
    this.work = work;
    this.rows = new Map(work.fields.map((field) => [field.name, new FieldRow(field, work, this.on.label)]));
    const list = el("ul", { class: "fields" }, ...[...this.rows.values()].map((row) => row.element));
    this.root.replaceChildren(this.rows.size > 0 ? list : nothing());
    this.editable(editable);
  }

  /** @param {boolean} may */
  editable(may) {
    for (const row of this.rows.values()) row.editable(may);
  }

  /** @param {string[]} names */
  refresh(names) {
    for (const name of names) this.rows.get(name)?.refresh();
  }

  /** Move to a field: its row opens, its input has the caret. @param {string} name @param {boolean} enter */
  focus(name, enter) {
    if (this.open && this.open !== name) this.rows.get(this.open)?.close();
    this.open = name;
    const row = this.rows.get(name);
    row?.unfold();
    if (enter) row?.enter();
  }

  /** Give the focus to the panel itself, a neutral place: Enter confirms the open field if that still needs a human,
   * and never decides. */
  rest() {
    this.root.focus({ preventScroll: true });
  }

  /** Whether the neutral place has the focus and the open field still needs a human. */
  get waits() {
    const work = this.work;
    return document.activeElement === this.root && Boolean(work?.pending().includes(work.focused));
  }

  /** Move the caret into the open field. */
  enter() {
    this.rows.get(this.open)?.enter();
  }

  /** @param {string | null} name */
  light(name) {
    if (this.lit) this.rows.get(this.lit)?.light(false);
    this.lit = name;
    if (name) this.rows.get(name)?.light(true);
  }

  /** The field after or before another, in the order of the panel. @param {string} name @param {number} step */
  beside(name, step) {
    const names = [...this.rows.keys()];
    return names[names.indexOf(name) + step];
  }
}
