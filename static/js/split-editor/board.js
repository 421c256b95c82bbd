// Board of the split editor: a row of pages for each document, with cuts and suggested cuts between pages.

import { el, icon } from "../lib/dom.js";
import { fill, gettext, percent } from "../lib/i18n.js";

const WIDE = 112; // of a thumbnail, in CSS pixels

export class Board {
  /** @param {HTMLElement} root @param {any} found the split editor's values @param {{may: boolean, rotations: Map<number, number>}} rights */
  constructor(root, found, { may, rotations }) {
    this.root = root;
    this.found = found;
    this.may = may;
    this.rotations = rotations;
    this.pages = new Map(found.all_pages.map((/** @type {any} */ page) => [page.number, page]));
    this.doubts = new Map(found.boundaries.map((/** @type {any} */ one) => [one.page, one]));
  }

  /** @param {import("./split-state.js").SplitState} parts @param {number} current the page that keys act on */
  draw(parts, current) {
    this.parts = parts;
    let count = 0;
    const sections = parts.layout.parts.map((part) => {
      const kept = parts.kept(part);
      if (kept.length > 0) count += 1;
      return this.section(part, kept.length > 0 ? count : 0, current);
    });
    this.root.replaceChildren(...sections);
  }

  /** @param {number[]} part @param {number} number @param {number} current */
  section(part, number, current) {
    const heading = `part-${part[0]}`;
    return el(
      "section",
      { class: "part", "aria-labelledby": heading, "data-part": String(number) },
      el("div", { class: "part__head" }, ...this.head(part, number, heading)),
      el("ol", { class: "part__pages" }, ...part.map((page, at) => this.sheet(page, at, number, current))),
    );
  }

  /** @param {number[]} part @param {number} number @param {string} heading */
  head(part, number, heading) {
    const title = number > 0 ? fill(gettext("Document %(n)s"), { n: number }) : gettext("Removed");
    const { what, document: known } = this.parts.outcome(part);
    const kept = number > 0 && what === "stays" && known.document;
    const link = kept && el("a", { href: this.found.urls.record.replace("{id}", known.document), dir: "auto" }, known.filename);
    const state = kept && el("span", { class: `status status--${known.mark.tone}` }, icon(known.mark.icon), known.mark.title);
    const erased = number > 0 && what === "stays" && !known.document && el("span", { class: "soft" }, gettext("Its document was erased"));
    const anew = number > 0 && what !== "stays" && el("span", { class: "status status--info" }, icon("restart"), gettext("Reassessed when applied"));
    const reason = this.reason(this.parts.kept(part)[0]);
    return [
      el("h2", { id: heading }, title),
      link,
      state,
      erased,
      anew,
      reason && el("span", { class: "soft small part__why" }, reason),
    ];
  }

  /** Describe why a document begins on a page. @param {number} page */
  reason(page) {
    const known = this.found.parts.find((/** @type {any} */ part) => part.pages[0] === page);
    const said = known?.reasons.length > 0 ? known.reasons : this.doubts.get(page)?.reasons ?? [];
    return this.words(said);
  }

  /** @param {string[]} codes */
  words(codes) {
    return codes.map((code) => this.found.labels.reasons[code] ?? code).join(", ");
  }

  /** @param {number} page @param {number} at @param {number} number @param {number} current */
  sheet(page, at, number, current) {
    const left = this.parts.isDropped(page);
    return el(
      "li",
      { class: left ? "page-tile page-tile--dropped" : "page-tile", "data-tile": String(page), draggable: this.may },
      at > 0 && this.gap(page),
      this.button(page, at, number, current, left),
    );
  }

  /** Gap before a page, for making a cut; it shows suggested cuts. @param {number} page */
  gap(page) {
    const doubt = this.doubts.get(page);
    const label = fill(gettext("Cut before page %(page)s"), { page });
    const why = doubt && this.words(doubt.reasons);
    const shown = doubt && el("span", { class: "gap__chance" }, percent(doubt.chance));
    return el(
      "button",
      { class: doubt ? "gap gap--suggested" : "gap", type: "button", tabindex: "-1", "data-cut": String(page), disabled: !this.may,
        title: [label, why].filter(Boolean).join(": "), "aria-label": [label, doubt && percent(doubt.chance), why].filter(Boolean).join(", ") },
      el("span", { class: "gap__line" }),
      shown,
    );
  }

  /** @param {number} page @param {number} at @param {number} number @param {number} current @param {boolean} left */
  button(page, at, number, current, left) {
    const { thumbnail, width, height, error } = this.pages.get(page) ?? { error: "missing" };
    const high = Math.round((WIDE * (height || 1414)) / (width || 1000));
    const image = error
      ? el("span", { class: "page-tile__blank" }, icon("warning"))
      : el("img", { alt: "", width: WIDE, height: Math.min(high, 2.4 * WIDE), loading: "lazy", decoding: "async", draggable: false });
    if (!error) image.src = thumbnail;
    const rotated = this.rotations.get(page);
    if (rotated) image.classList.add("page-tile__rotated", `page-tile__rotated--${rotated}`);
    return el(
      "button",
      { class: "page-tile__button", type: "button", "data-page": String(page), tabindex: page === current ? "0" : "-1",
        "aria-label": this.ariaLabel(page, at, number, left), "data-testid": `page:${page}` },
      image,
      el("span", { class: "page-tile__number" }, left && icon("cross"), rotated && icon("rotate"), String(page)),
      !left && at > 0 && this.doubts.has(page) && el("span", { class: "page-tile__why" }, this.words(this.doubts.get(page).reasons)),
      left && el("span", { class: "page-tile__why" }, this.found.labels.dropped[this.parts.layout.dropped[page]] ?? ""),
    );
  }

  /** Label of a page for screen readers. @param {number} page @param {number} at @param {number} number @param {boolean} left */
  ariaLabel(page, at, number, left) {
    const where = left ? gettext("removed") : fill(gettext("document %(n)s"), { n: number });
    const doubt = at > 0 && !left ? this.doubts.get(page) : null;
    const said = doubt && fill(gettext("another document may start here, %(chance)s: %(why)s"), {
      chance: percent(doubt.chance),
      why: this.words(doubt.reasons),
    });
    const failed = this.pages.get(page)?.error ? gettext("could not be read") : "";
    const quarters = this.rotations.get(page);
    const rotated = quarters ? fill(gettext("to be rotated by %(degrees)s degrees"), { degrees: 90 * quarters }) : "";
    return [fill(gettext("Page %(page)s"), { page }), where, failed, rotated, said].filter(Boolean).join(", ");
  }

  /** @param {number} page @returns {HTMLButtonElement | null} */
  at(page) {
    return this.root.querySelector(`[data-page="${page}"]`);
  }
}
