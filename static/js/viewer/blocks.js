// Layout of a page: outlines of its blocks and cells, and the same as text for screen readers.

import { el, svg } from "../lib/dom.js";
import { fill, gettext } from "../lib/i18n.js";

/** @typedef {{row: number, column: number, row_span: number, column_span: number, bbox: number[], text: string}} Cell */
/** @typedef {{kind: string, bbox: number[], words: [number, number], cells?: Cell[], checked?: boolean}} Block */
/** @typedef {{text: string}[]} Words */

/** @param {Block} block @returns {string} what it is, in a word or two */
export function nameOf({ kind, checked }) {
  const names = /** @type {Record<string, string>} */ ({
    title: gettext("Title"),
    paragraph: gettext("Paragraph"),
    list: gettext("List"),
    table: gettext("Table"),
    figure: gettext("Figure"),
    header: gettext("Header"),
    footer: gettext("Footer"),
    stamp: gettext("Stamp"),
    signature: gettext("Signature"),
    check_box: checked ? gettext("Check box, ticked") : gettext("Check box, empty"),
  });
  return names[kind] ?? kind;
}

/** @param {number[]} bbox @param {{width: number, height: number}} page @param {string} kind */
function outline([x0, y0, x1, y1], { width, height }, kind) {
  return svg("rect", {
    class: kind,
    x: (x0 * width).toFixed(1),
    y: (y0 * height).toFixed(1),
    width: ((x1 - x0) * width).toFixed(1),
    height: ((y1 - y0) * height).toFixed(1),
  });
}

/** Label of a block: its number, with its kind unless it is running text; a check box has no room for a label.
 * @param {Block} block @param {number} place @param {{width: number, height: number}} page */
function tab(block, place, { width, height }) {
  const name = svg("text", {
    class: "block__name",
    x: (block.bbox[0] * width).toFixed(1),
    y: (block.bbox[1] * height).toFixed(1),
    dx: "-0.4em",
    dy: "0.8em",
  });
  name.textContent = block.kind === "paragraph" ? String(place) : `${nameOf(block)} ${place}`;
  return name;
}

/** Draw the blocks of a page, numbered in reading order.
 * @param {SVGSVGElement} layer @param {{width: number, height: number}} page @param {Block[]} blocks */
export function drawBlocks(layer, page, blocks) {
  layer.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  /** @type {SVGElement[]} */
  const drawn = [];
  let place = 0;
  for (const block of blocks) {
    for (const cell of block.cells ?? []) drawn.push(outline(cell.bbox, page, "block block--cell"));
    const ticked = block.checked ? " block--ticked" : "";
    drawn.push(outline(block.bbox, page, `block block--${block.kind}${ticked}`));
    if (block.kind !== "check_box") drawn.push(tab(block, ++place, page));
  }
  layer.replaceChildren(...drawn);
}

/** @param {Cell[]} cells @returns {HTMLTableElement} */
function table(cells) {
  /** @type {Map<number, Cell[]>} */
  const rows = new Map();
  for (const cell of cells) rows.set(cell.row, [...(rows.get(cell.row) ?? []), cell]);
  return el("table", {}, ...[...rows.values()].map((row) =>
    el("tr", {}, ...row.map((cell) =>
      el(cell.row === 0 ? "th" : "td", { colspan: String(cell.column_span), rowspan: String(cell.row_span) }, cell.text)))));
}

/** @param {Block} block @param {Words} words @returns {HTMLElement} the block as the browser tells it */
function spoken(block, words) {
  const text = words.slice(...block.words).map((word) => word.text).join(" ");
  if (block.cells) return table(block.cells);
  if (block.kind === "title") return el("h3", {}, text);
  if (block.kind === "paragraph" || block.kind === "list") return el("p", {}, text);
  return el("p", {}, text ? fill(gettext("%(kind)s: %(text)s"), { kind: nameOf(block), text }) : nameOf(block));
}

/** Render a page as text in reading order, its tables as tables.
 * @param {HTMLElement} place @param {Block[]} blocks @param {Words} words */
export function writeBlocks(place, blocks, words) {
  const written = blocks.map((block) => {
    const item = spoken(block, words);
    item.dir = "auto";
    item.dataset.kind = block.kind;
    return item;
  });
  place.replaceChildren(...written);
}
