// Rows of fields in the form of a schema: a button adds a blank one. Without scripts, three blank rows are there.

for (const section of document.querySelectorAll("[data-rows]")) {
  const prefix = section.getAttribute("data-rows");
  const total = /** @type {HTMLInputElement} */ (section.querySelector(`[name="${prefix}-TOTAL_FORMS"]`));
  const blank = /** @type {HTMLTemplateElement} */ (section.querySelector("[data-rows-blank]"));
  section.querySelector("[data-rows-add]")?.addEventListener("click", () => {
    const row = document.createElement("template");
    row.innerHTML = blank.innerHTML.replaceAll("__prefix__", total.value);
    section.querySelector("[data-rows-list]")?.append(row.content);
    document.getElementById(`id_${prefix}-${total.value}-title`)?.focus();
    total.value = String(Number(total.value) + 1);
  });
}
