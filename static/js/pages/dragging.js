// Pages put elsewhere by the mouse; the keys (Alt and the arrows) do the same.

/**
 * @param {HTMLElement} table @param {(page: number, other: number, behind: boolean) => void} put
 */
export function dragging(table, put) {
  let carried = 0;
  /** @type {HTMLElement | null} */
  let over = null;

  const clear = () => {
    over?.removeAttribute("data-drop");
    over = null;
  };
  const leafAt = (/** @type {DragEvent} */ event) =>
    /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-leaf]"));
  const isBehind = (/** @type {DragEvent} */ event, /** @type {HTMLElement} */ leaf) => {
    const box = leaf.getBoundingClientRect();
    return event.clientX > box.left + box.width / 2 !== (document.dir === "rtl");
  };

  table.addEventListener("dragstart", (event) => {
    carried = Number(leafAt(event)?.dataset.leaf ?? 0);
    event.dataTransfer?.setData("text/plain", String(carried));
  });
  table.addEventListener("dragover", (event) => {
    const leaf = leafAt(event);
    if (!carried || !leaf) return;
    event.preventDefault();
    if (over !== leaf) clear();
    over = leaf;
    leaf.dataset.drop = isBehind(event, leaf) ? "behind" : "before";
  });
  table.addEventListener("dragleave", (event) => {
    if (!table.contains(/** @type {Node | null} */ (event.relatedTarget))) clear();
  });
  table.addEventListener("drop", (event) => {
    const leaf = leafAt(event);
    if (carried && leaf) {
      event.preventDefault();
      put(carried, Number(leaf.dataset.leaf), isBehind(event, leaf));
    }
    carried = 0;
    clear();
  });
  table.addEventListener("dragend", () => {
    carried = 0;
    clear();
  });
}
