// Moving pages with the mouse; Alt and the arrow keys do the same.

/**
 * @param {HTMLElement} table @param {(page: number, other: number, behind: boolean) => void} moveTo
 */
export function dragging(table, moveTo) {
  let carried = 0;
  /** @type {HTMLElement | null} */
  let over = null;

  const clear = () => {
    over?.removeAttribute("data-drop");
    over = null;
  };
  const tileAt = (/** @type {DragEvent} */ event) =>
    /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-tile]"));
  const isBehind = (/** @type {DragEvent} */ event, /** @type {HTMLElement} */ tile) => {
    const box = tile.getBoundingClientRect();
    return event.clientX > box.left + box.width / 2 !== (document.dir === "rtl");
  };

  table.addEventListener("dragstart", (event) => {
    carried = Number(tileAt(event)?.dataset.tile ?? 0);
    event.dataTransfer?.setData("text/plain", String(carried));
  });
  table.addEventListener("dragover", (event) => {
    const tile = tileAt(event);
    if (!carried || !tile) return;
    event.preventDefault();
    if (over !== tile) clear();
    over = tile;
    tile.dataset.drop = isBehind(event, tile) ? "behind" : "before";
  });
  table.addEventListener("dragleave", (event) => {
    if (!table.contains(/** @type {Node | null} */ (event.relatedTarget))) clear();
  });
  table.addEventListener("drop", (event) => {
    const tile = tileAt(event);
    if (carried && tile) {
      event.preventDefault();
      moveTo(carried, Number(tile.dataset.tile), isBehind(event, tile));
    }
    carried = 0;
    clear();
  });
  table.addEventListener("dragend", () => {
    carried = 0;
    clear();
  });
}
