// Ctrl+K: go anywhere. The rail's links are the commands; documents are searched on the server as the user types.

import { all, debounce, el, icon, one } from "./lib/dom.js";
import { get } from "./lib/http.js";
import { gettext } from "./lib/i18n.js";

/** @typedef {{title: string, icon: string, hint: string, go: () => void}} Command */

/** @returns {Command[]} */
function commands() {
  return all("[data-command]").map((place) => ({
    title: place.dataset.command || place.textContent.trim(),
    icon: place.dataset.commandIcon ?? "right",
    hint: gettext("Go to"),
    go: () => place.click(),
  }));
}

/** @param {string} query @returns {Promise<Command[]>} */
async function documents(query) {
  const address = document.body.dataset.search;
  if (!address || query.length < 2) return [];
  const answer = await get(`${address}?q=${encodeURIComponent(query)}`);
  return answer.results.map((/** @type {any} */ item) => ({
    title: item.title,
    icon: "documents",
    hint: item.hint ?? gettext("Document"),
    go: () => location.assign(item.url),
  }));
}

class Palette {
  constructor() {
    this.dialog = one("[data-palette]");
    this.input = one("[data-palette-input]", this.dialog);
    this.list = one("[data-palette-list]", this.dialog);
    /** @type {Command[]} */
    this.shown = [];
    this.chosen = 0;
    const look = debounce(() => void this.search(), 120);
    this.input.addEventListener("input", () => {
      this.show(this.matching());
      look();
    });
    this.input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.list.addEventListener("click", (/** @type {Event} */ event) => {
      const item = /** @type {Element} */ (event.target).closest("[data-index]");
      if (item) this.go(Number(item.getAttribute("data-index")));
    });
    this.dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === this.dialog && this.dialog.close());
  }

  open() {
    if (this.dialog.open) return;
    this.input.value = "";
    this.show(commands());
    this.dialog.showModal();
  }

  /** @returns {Command[]} */
  matching() {
    const words = this.input.value.toLowerCase();
    return commands().filter((item) => item.title.toLowerCase().includes(words));
  }

  async search() {
    const query = this.input.value.trim();
    const found = await documents(query).catch(() => []);
    if (query === this.input.value.trim()) this.show([...this.matching(), ...found]);
  }

  /** @param {Command[]} items */
  show(items) {
    this.shown = items;
    this.chosen = 0;
    const lines = items.map((item, index) =>
      el("li", { class: "palette__item", role: "option", id: `palette-${index}`, "data-index": String(index) },
        icon(item.icon), el("span", { class: "truncate" }, item.title), el("span", { class: "palette__hint" }, item.hint)),
    );
    this.list.replaceChildren(...lines);
    one("[data-palette-none]", this.dialog).hidden = lines.length > 0;
    this.mark();
  }

  mark() {
    for (const item of this.list.children) item.setAttribute("aria-selected", String(item.id === `palette-${this.chosen}`));
    const item = this.list.children[this.chosen];
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.shown.length > 0) {
      event.preventDefault();
      this.chosen = (this.chosen + step + this.shown.length) % this.shown.length;
      this.mark();
    }
    if (event.key === "Enter") {
      event.preventDefault();
      this.go(this.chosen);
    }
  }

  /** @param {number} index */
  go(index) {
    this.dialog.close();
    this.shown[index]?.go();
  }
}

/** Set up the palette if the page has one. */
export function startPalette() {
  if (!one("[data-palette]")) return;
  const palette = new Palette();
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      palette.open();
    }
  });
  for (const button of all("[data-palette-open]")) button.addEventListener("click", () => palette.open());
}
