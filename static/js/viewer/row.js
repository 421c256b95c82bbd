// One field in the panel.

import { el, icon } from "../lib/dom.js";
import { gettext, percent } from "../lib/i18n.js";
import { boxTone } from "./boxes.js";
import { drawCrop } from "./crop.js";
import { pageImage } from "./images.js";

const LINE = 20; // characters that fit next to a title; longer values wrap, so that all of it is readable
const XML = "xml"; // ingestion/domain/einvoice/mapping.py
const MARKS = /** @type {Record<string, string>} */ ({ bad: "warning", warn: "flag", good: "check", plain: "" });

export class FieldRow {
  /** @param {any} field @param {import("./work.js").Work} work @param {(action: string) => string} label key of an action */
  constructor(field, work, label) {
    this.field = field;
    this.work = work;
    this.label = label;
    const id = `field-${field.name}`;
    const { rows = 1, input_mode: mode, placeholder } = field.widget ?? {};
    const long = rows > 1 || work.entry(field.name).value.length > LINE;
    this.input = el(long ? "textarea" : "input", {
      id,
      class: "field__input",
      "data-testid": `field:${field.name}`,
      "aria-describedby": `${id}-confidence ${id}-reading ${id}-notes`,
      "aria-required": field.required ? "true" : null,
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
      inputmode: mode || null,
      placeholder: placeholder || null,
    });
    if (this.input.rows) this.input.rows = Math.max(rows, 2);
    this.confidence = el("span", { class: "field__confidence", id: `${id}-confidence`, "data-testid": `confidence:${field.name}` });
    this.crop = el("canvas", { class: "field__crop", hidden: true, "aria-hidden": "true" });
    this.reading = el("p", { class: "field__reading", id: `${id}-reading`, role: "status", "data-testid": `reading:${field.name}`, dir: "auto" });
    this.notes = el("div", { class: "field__notes", id: `${id}-notes` });
    this.element = el(
      "li",
      { class: "field", "data-field": field.name },
      el("label", { class: "field__title", for: id }, field.title),
      this.confidence,
      this.crop,
      this.input,
      this.reading,
      this.notes,
    );
    this.refresh();
  }

  refresh() {
    const { name } = this.field;
    const { value } = this.work.entry(name);
    if (this.input.value !== value) {
      this.input.value = value;
      if (document.activeElement === this.input) this.input.select();
    }
    const now = boxTone(this.work, name);
    this.element.dataset.tone = now;
    this.element.dataset.changed = String(this.work.changed(name));
    this.input.setAttribute("aria-invalid", String(now === "bad"));
    this.input.setAttribute("aria-busy", String(this.work.awaits(name)));
    this.confidence.replaceChildren(...this.verdict(now));
    this.read();
    this.notes.replaceChildren(...this.remarks(now));
    if (this.element.classList.contains("field--open")) this.draw();
  }

  /** Under the input: how the server reads what a human typed, or why it cannot. */
  read() {
    const reading = this.work.reading(this.field.name);
    const text = reading?.problem || (reading?.shown ? `= ${reading.shown}` : "");
    if (this.reading.textContent === text) return;
    this.reading.textContent = text;
    this.reading.classList.toggle("field__reading--bad", Boolean(reading?.problem));
  }

  /** Confidence as icon, number and word, not only as colour. @param {string} now @returns {(Node | string)[]} */
  verdict(now) {
    if (this.work.awaits(this.field.name)) return [icon("clock"), gettext("Reading…")];
    if (now === "bad" && this.work.changed(this.field.name)) return [icon("warning"), gettext("Not valid")];
    const number = this.isFromXml() && this.field.confidence === 1 ? "XML" : percent(this.field.confidence);
    if (now === "good") {
      const word = this.work.changed(this.field.name) ? gettext("Corrected") : gettext("Checked");
      return [icon("check"), word];
    }
    const said = { bad: gettext("check failed"), warn: gettext("to check"), plain: gettext("sure") }[now] ?? "";
    const from = this.isFromXml() ? `, ${gettext("from the e-invoice")}` : "";
    const hidden = el("span", { class: "visually-hidden" }, ` ${said}${from}`);
    return MARKS[now] ? [icon(MARKS[now]), number, hidden] : [number, hidden];
  }

  /** Whether the value comes from the document's XML and is unchanged. */
  isFromXml() {
    return this.field.source === XML && !this.work.changed(this.field.name);
  }

  /** @param {string} now @returns {Node[]} */
  remarks(now) {
    const failed = (this.field.validation ?? []).filter((/** @type {any} */ check) => !check.ok);
    const lines = now === "good" || this.work.changed(this.field.name) ? [] : failed.map((/** @type {any} */ check) =>
      el("p", { class: "field__failed" }, icon("warning"), el("span", {}, check.message || check.code)),
    );
    if (this.isFromXml()) {
      const said = this.field.bbox ? gettext("From the e-invoice") : gettext("From the e-invoice; the page does not show it");
      lines.unshift(el("p", { class: "field__source" }, icon("info"), el("span", {}, said)));
    }
    const offers = this.offers();
    return offers.length > 0 ? [...lines, el("div", { class: "field__offers" }, ...offers)] : lines;
  }

  /** Suggestions that one key applies: the fix, other readings, the model's value. @returns {Node[]} */
  offers() {
    const { name, alternatives = [] } = this.field;
    const { value } = this.work.entry(name);
    const offer = (/** @type {string} */ id, /** @type {string} */ text, /** @type {string} */ detail) =>
      el("button", { class: "offer", type: "button", tabIndex: -1, "data-take": id },
        el("span", { class: "offer__value", dir: "auto" }, text),
        el("span", { class: "soft" }, detail), el("kbd", {}, this.label(id)));
    const offered = [];
    const fix = this.work.fix(name);
    if (fix !== undefined && fix !== value) offered.push(offer("fix", fix, gettext("proposed")));
    alternatives.slice(0, 3).forEach((/** @type {any} */ other, /** @type {number} */ index) => {
      if (other.value !== value) offered.push(offer(`alternative-${index + 1}`, other.value, percent(other.confidence)));
    });
    if (this.work.changed(name)) {
      const original = this.work.original(name).value || gettext("(empty)");
      offered.push(offer("revert", original, gettext("as read")));
    }
    return offered;
  }

  unfold() {
    this.element.classList.add("field--open");
    this.draw();
  }

  close() {
    this.element.classList.remove("field--open");
    this.crop.hidden = true;
  }

  /** Focus the input with the whole value selected: typing replaces it, Enter accepts it. */
  enter() {
    if (document.activeElement !== this.input) {
      this.input.focus({ preventScroll: true });
      this.input.select();
    }
    this.element.scrollIntoView({ block: "nearest" });
  }

  async draw() {
    const { page, bbox } = this.work.entry(this.field.name);
    const sheet = this.work.payload.document.pages.find((/** @type {any} */ item) => item.number === page);
    if (!bbox || !sheet || sheet.error) {
      this.crop.hidden = true;
      return;
    }
    try {
      const image = await pageImage(sheet.image);
      if (!this.element.classList.contains("field--open")) return;
      this.crop.hidden = false;
      drawCrop(this.crop, image, bbox);
      this.element.scrollIntoView({ block: "nearest" });
    } catch {
      this.crop.hidden = true;
    }
  }

  /** @param {boolean} may */
  editable(may) {
    this.input.readOnly = !may;
  }

  /** @param {boolean} on */
  light(on) {
    this.element.classList.toggle("field--lit", on);
  }
}
