"use strict";
const value = (row, column) => {
  const cell = row.cells[column];
  const raw = cell.dataset.value ?? cell.textContent.trim();
  const number = raw === "" ? NaN : Number(raw);
  return Number.isNaN(number) ? raw.toLocaleLowerCase() : number;
};
const compare = (a, b) => {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1; // empty cells last, whatever the order
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
};
for (const table of document.querySelectorAll("table.sortable")) {
  for (const button of table.querySelectorAll("thead button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th"), down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = Array.from(table.tBodies[0].rows, row => [value(row, head.cellIndex), row]);
      rows.sort(([a], [b]) => (a === "" || b === "" || !down ? compare(a, b) : -compare(a, b)));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  }
}
const filter = document.getElementById("filter"), people = document.getElementById("people").tBodies[0];
filter.addEventListener("input", () => {
  const wanted = filter.value.trim().toLocaleLowerCase();
  let shown = 0;
  for (const row of people.rows) {
    row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
    shown += !row.hidden;
  }
  document.getElementById("shown").textContent = wanted ? `${shown} of ${people.rows.length}` : "";
});
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", open);
open();
