// Selection of rows in a list: it survives refreshes of the list, and its size is shown above the list.

import { all, one } from "./lib/dom.js";
import { fill, ngettext } from "./lib/i18n.js";

/** Set up row selection if the page has selectable rows. */
export function startChoosing() {
  const bar = /** @type {HTMLFormElement | null} */ (one("[data-chosen]"));
  if (!bar) return;
  /** @type {Set<string>} */
  const chosen = new Set();
  const boxes = () => /** @type {HTMLInputElement[]} */ (all(`input[form="${bar.id}"][type="checkbox"]`));

  const show = () => {
    const shown = boxes();
    for (const box of shown) box.checked = chosen.has(box.value);
    for (const value of chosen) if (!shown.some((box) => box.value === value)) chosen.delete(value);
    bar.hidden = chosen.size === 0;
    one("[data-chosen-said]", bar).textContent = fill(
      ngettext("%(n)s document chosen", "%(n)s documents chosen", chosen.size),
      { n: chosen.size },
    );
    const every = /** @type {HTMLInputElement | null} */ (one("[data-choose-all]"));
    if (!every) return;
    every.checked = shown.length > 0 && shown.every((box) => box.checked);
    every.indeterminate = chosen.size > 0 && !every.checked;
  };

  document.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.matches("[data-choose-all]")) for (const each of boxes()) box.checked ? chosen.add(each.value) : chosen.delete(each.value);
    else if (box.getAttribute("form") === bar.id) box.checked ? chosen.add(box.value) : chosen.delete(box.value);
    else return;
    show();
  });
  one("[data-choose-none]", bar).addEventListener("click", () => {
    chosen.clear();
    show();
  });
  document.addEventListener("htmx:afterSettle", show);
  for (const box of boxes()) if (box.checked) chosen.add(box.value);
  show();
}
