// Filtering and sorting. Without this script the table is whole, and by its ends.
(() => {
  "use strict";
  const form = document.querySelector(".filter");
  if (!form) return;
  const body = document.querySelector(".ends tbody");
  const rows = [...body.rows];
  const shown = document.getElementById("shown");
  const none = document.querySelector(".none");
  const words = document.getElementById("words");
  // Read when it is first needed: thousands of rows take a moment.
  let texts;

  const filter = () => {
    texts ??= new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = form.elements.state.value;
    let count = 0;
    for (const row of rows) {
      const text = texts.get(row);
      const fits = (!state || row.dataset.state === state) && wanted.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = `${count} of ${rows.length}`;
    none.hidden = count > 0;
  };

  let waiting;
  words.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, rows.length > 1000 ? 150 : 0);
  });
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());

  // Ends are numbers, and rows without one come last either way; all else is text.
  const compare = (column, sign) => {
    const keys = new Map(rows.map((row) => {
      const cell = row.cells[column];
      return [row, column === 0 ? Number(cell.dataset.key ?? NaN) : cell.textContent.trim()];
    }));
    const order = new Intl.Collator(undefined, { numeric: true }).compare;
    return (one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      const [noA, noB] = [a, b].map((key) => key === "" || Number.isNaN(key));
      if (noA || noB) return noA - noB;
      return sign * (typeof a === "number" ? a - b : order(a, b));
    };
  };

  const heads = [...document.querySelectorAll(".ends thead th")];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      rows.sort(compare(column, descending ? -1 : 1));
      const sorted = document.createDocumentFragment();
      for (const row of rows) sorted.append(row);
      body.append(sorted);
    });
  });
  form.hidden = false;
  // A browser that comes back to the page keeps what stood in the fields.
  if (words.value || form.elements.state.value) filter();
  // What is printed is all of it.
  addEventListener("beforeprint", () => {
    for (const more of document.querySelectorAll(".ends details")) more.open = true;
  });
})();
