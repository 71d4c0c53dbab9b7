namespace Bench.Reporting.Html;

/// <summary>The page's only script: a click on a heading sorts its table, a second one turns it round.</summary>
internal static class SortScript
{
    // No '<' and no '&', so that the page is well-formed XML as well.
    public const string Text = """
        document.querySelectorAll('table.sortable').forEach(function (table) {
          table.querySelectorAll('thead button').forEach(function (button, column) {
            button.addEventListener('click', function () {
              var heading = button.parentElement;
              var down = heading.getAttribute('aria-sort') === 'ascending';
              table.querySelectorAll('th[aria-sort]').forEach(function (other) { other.removeAttribute('aria-sort'); });
              heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
              var body = table.tBodies[0];
              function key(row) {
                var place = row.cells[column];
                if (!place) { return null; }
                if (place.dataset.value !== undefined) { return Number(place.dataset.value); }
                return place.querySelector('.absent') || place.colSpan !== 1 ? null : place.textContent;
              }
              Array.from(body.rows).sort(function (a, b) {
                var x = key(a), y = key(b);
                if (x === null || y === null) { return (x === null) - (y === null); }
                var order = typeof x === 'number' ? x - y : x.localeCompare(y, 'en', { numeric: true });
                return down ? -order : order;
              }).forEach(function (row) { body.appendChild(row); });
              table.classList.add('sorted');
            });
          });
        });
        """;
}
