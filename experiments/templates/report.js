// Tables sort by a click on a heading, and long ones filter by words. Without this script the page says the same.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length > 2) {
    [...table.tHead.rows[0].cells].forEach((head, column) => sortable(table, head, column));
  }
  if (rows.length > 10) {
    filter(table, rows);
  }
}

// The first number of a cell, or NaN: "−1,574 to −1,431" is -1574.
function numberOf(text) {
  const found = text.replaceAll("−", "-").replaceAll(",", "").match(/[-+]?\d+(\.\d+)?/);
  return found && /^[-+$<\s]*\d/.test(text.replaceAll("−", "-")) ? Number(found[0]) : NaN;
}

function sortable(table, head, column) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  head.setAttribute("aria-sort", "none");
  button.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentNode.cells) {
      other.setAttribute("aria-sort", "none");
    }
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const keyed = [...table.tBodies[0].rows].map((row) => ({ row, text: row.cells[column].textContent.trim() }));
    keyed.forEach((each) => (each.value = numberOf(each.text)));
    const sign = up ? 1 : -1;
    keyed.sort((a, b) =>
      Number.isNaN(a.value) || Number.isNaN(b.value)
        ? Number.isNaN(a.value) - Number.isNaN(b.value) || sign * a.text.localeCompare(b.text)
        : sign * (a.value - b.value),
    );
    table.tBodies[0].append(...keyed.map((each) => each.row));
  });
}

function filter(table, rows) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  label.className = "filter";
  label.textContent = "Show rows with ";
  box.type = "search";
  label.append(box);
  table.parentNode.before(label);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = `${row.textContent} ${row.cells[0].title}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
