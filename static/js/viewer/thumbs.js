// Thumbnails of pages, each with the number of its fields that still need a human.

import { el } from "../lib/dom.js";
import { fill, gettext, ngettext } from "../lib/i18n.js";

export class Thumbs {
  /** @param {HTMLElement} root @param {(page: number) => void} open */
  constructor(root, open) {
    this.root = root;
    root.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("[data-page]");
      if (button) open(Number(button.getAttribute("data-page")));
    });
  }

  /** @param {import("./work.js").Work} work */
  show(work) {
    this.work = work;
    const { pages } = work.payload.document;
    this.root.hidden = pages.length < 2;
    this.root.replaceChildren(
      ...pages.map((/** @type {any} */ page) => {
        const image = el("img", { loading: "lazy", decoding: "async", alt: "", width: 64, height: Math.round((64 * page.height) / page.width) });
        image.src = page.thumbnail;
        return el(
          "li",
          {},
          el(
            "button",
            { class: "thumb", type: "button", "data-page": String(page.number) },
            image,
            el("span", { class: "thumb__number" }, page.number),
            el("span", { class: "thumb__count", hidden: true }),
          ),
        );
      }),
    );
    this.count();
  }

  count() {
    const work = this.work;
    if (!work) return;
    const left = new Map();
    for (const name of work.pending()) {
      const { page } = work.entry(name);
      left.set(page, (left.get(page) ?? 0) + 1);
    }
    for (const button of this.root.querySelectorAll("[data-page]")) {
      const number = Number(button.getAttribute("data-page"));
      const here = left.get(number) ?? 0;
      const mark = /** @type {HTMLElement} */ (button.querySelector(".thumb__count"));
      mark.hidden = here === 0;
      mark.textContent = String(here);
      const label = fill(gettext("Page %(page)s"), { page: number });
      const more = fill(ngettext("%(n)s field to check", "%(n)s fields to check", here), { n: here });
      button.setAttribute("aria-label", here ? `${label}, ${more}` : label);
    }
  }

  /** @param {number} number */
  mark(number) {
    for (const button of this.root.querySelectorAll("[data-page]")) {
      const here = button.getAttribute("data-page") === String(number);
      if (here) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (here) button.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}
