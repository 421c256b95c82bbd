// The pages as sheets on a table: each document a row of them, a cut between two, and where another may lie.

import { el, icon } from "../lib/dom.js";
import { fill, gettext, percent } from "../lib/i18n.js";

const WIDE = 112; // of a thumbnail, in CSS pixels

export class Board {
  /** @param {HTMLElement} root @param {any} found the workspace's values @param {{may: boolean, turns: Map<number, number>}} rights */
  constructor(root, found, { may, turns }) {
    this.root = root;
    this.found = found;
    this.may = may;
    this.turns = turns;
    this.pages = new Map(found.all_pages.map((/** @type {any} */ page) => [page.number, page]));
    this.doubts = new Map(found.boundaries.map((/** @type {any} */ one) => [one.page, one]));
  }

  /** @param {import("./parts.js").Parts} parts @param {number} current the page that keys speak of */
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
      el("ol", { class: "part__sheets" }, ...part.map((page, at) => this.sheet(page, at, number, current))),
    );
  }

  /** @param {number[]} part @param {number} number @param {string} heading */
  head(part, number, heading) {
    const title = number > 0 ? fill(gettext("Document %(n)s"), { n: number }) : gettext("Left out");
    const { what, document: known } = this.parts.fate(part);
    const told = number > 0 && what === "stays" && known.document;
    const link = told && el("a", { href: this.found.urls.record.replace("{id}", known.document), dir: "auto" }, known.filename);
    const state = told && el("span", { class: `status status--${known.mark.tone}` }, icon(known.mark.icon), known.mark.title);
    const erased = number > 0 && what === "stays" && !known.document && el("span", { class: "soft" }, gettext("Its document was erased"));
    const anew = number > 0 && what !== "stays" && el("span", { class: "status status--info" }, icon("restart"), gettext("Judged anew when applied"));
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

  /** Why a document begins on a page, in words. @param {number} page */
  reason(page) {
    const known = this.found.parts.find((/** @type {any} */ part) => part.pages[0] === page);
    const said = known?.reasons.length > 0 ? known.reasons : this.doubts.get(page)?.reasons ?? [];
    return this.words(said);
  }

  /** @param {string[]} codes */
  words(codes) {
    return codes.map((code) => this.found.words.reasons[code] ?? code).join(", ");
  }

  /** @param {number} page @param {number} at @param {number} number @param {number} current */
  sheet(page, at, number, current) {
    const left = this.parts.isDropped(page);
    return el(
      "li",
      { class: left ? "leaf leaf--out" : "leaf", "data-leaf": String(page), draggable: this.may },
      at > 0 && this.gap(page),
      this.button(page, at, number, current, left),
    );
  }

  /** The space before a page: a cut can be made there, and shows where one is suggested. @param {number} page */
  gap(page) {
    const doubt = this.doubts.get(page);
    const label = fill(gettext("Cut before page %(page)s"), { page });
    const why = doubt && this.words(doubt.reasons);
    const shown = doubt && el("span", { class: "gap__chance" }, percent(doubt.chance));
    return el(
      "button",
      { class: doubt ? "gap gap--doubt" : "gap", type: "button", tabindex: "-1", "data-cut": String(page), disabled: !this.may,
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
      ? el("span", { class: "leaf__blank" }, icon("warning"))
      : el("img", { alt: "", width: WIDE, height: Math.min(high, 2.4 * WIDE), loading: "lazy", decoding: "async", draggable: false });
    if (!error) image.src = thumbnail;
    const turned = this.turns.get(page);
    if (turned) image.classList.add("leaf__turned", `leaf__turned--${turned}`);
    return el(
      "button",
      { class: "leaf__button", type: "button", "data-page": String(page), tabindex: page === current ? "0" : "-1",
        "aria-label": this.told(page, at, number, left), "data-testid": `page:${page}` },
      image,
      el("span", { class: "leaf__number" }, left && icon("cross"), turned && icon("rotate"), String(page)),
      !left && at > 0 && this.doubts.has(page) && el("span", { class: "leaf__why" }, this.words(this.doubts.get(page).reasons)),
      left && el("span", { class: "leaf__why" }, this.found.words.left_out[this.parts.layout.dropped[page]] ?? ""),
    );
  }

  /** A page as it is read out. @param {number} page @param {number} at @param {number} number @param {boolean} left */
  told(page, at, number, left) {
    const where = left ? gettext("left out") : fill(gettext("document %(n)s"), { n: number });
    const doubt = at > 0 && !left ? this.doubts.get(page) : null;
    const said = doubt && fill(gettext("another document may begin here, %(chance)s: %(why)s"), {
      chance: percent(doubt.chance),
      why: this.words(doubt.reasons),
    });
    const failed = this.pages.get(page)?.error ? gettext("could not be read") : "";
    const quarters = this.turns.get(page);
    const turned = quarters ? fill(gettext("to be turned by %(degrees)s degrees"), { degrees: 90 * quarters }) : "";
    return [fill(gettext("Page %(page)s"), { page }), where, failed, turned, said].filter(Boolean).join(", ");
  }

  /** @param {number} page @returns {HTMLButtonElement | null} */
  at(page) {
    return this.root.querySelector(`[data-page="${page}"]`);
  }
}
