// Click a column heading to sort; click again to turn. Numbers sort as numbers, words after them.
document.querySelectorAll("table").forEach(function (table) {
  var body = table.tBodies[0];
  if (!body || !table.tHead) return;
  Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
    head.tabIndex = 0;
    head.title = "Klikk for å sortere";
    function sort() {
      var down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var number = function (row) {
        var text = row.cells[column].textContent.replace(/[\s\u202f\u00a0+%±]/g, "").replace("\u2212", "-").replace(",", ".");
        return text === "" || isNaN(text) ? null : Number(text);
      };
      Array.from(body.rows).sort(function (a, b) {
        var x = number(a), y = number(b), sign = down ? -1 : 1;
        if (x !== null && y !== null) return sign * (x - y);
        if (x !== null) return -1;
        if (y !== null) return 1;
        return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent, "nb");
      }).forEach(function (row) { body.appendChild(row); });
    }
    head.addEventListener("click", sort);
    head.addEventListener("keydown", function (event) { if (event.key === "Enter") sort(); });
  });
});
