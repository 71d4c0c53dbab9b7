namespace Bench.Reporting.Html;

/// <summary>How the page looks: on paper, by day and by night.</summary>
internal static class Stylesheet
{
    public const string Text = """
        :root { color-scheme: light dark; --ink: #1c1e21; --soft: #5d6570; --line: #d9dde2; --faint: #f4f5f7; --page: #ffffff; --link: #0b5cad; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e4e6e9; --soft: #9aa3ad; --line: #363b42; --faint: #1f2328; --page: #15181c; --link: #6cb2f7; }
        }
        * { box-sizing: border-box; }
        html { font: 17px/1.55 Charter, "Bitstream Charter", "Sitka Text", Cambria, "Liberation Serif", serif; -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); }
        main, header, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.5rem; }
        header { padding-top: 3rem; }
        nav { display: flex; flex-wrap: wrap; position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line); max-width: 80rem; margin: 0 auto; padding: .45rem 1.5rem; font: 13px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
        nav a { color: var(--soft); text-decoration: none; margin-right: 1.1rem; white-space: nowrap; }
        nav a:hover { color: var(--link); text-decoration: underline; }
        h1, h2, tr[id] { scroll-margin-top: 3.6rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; text-wrap: balance; }
        main h1 { margin-top: 4.5rem; }
        h2 { font-size: 1.25rem; line-height: 1.3; margin: 3.2rem 0 .6rem; }
        h3 { font-size: 1rem; margin: 1.8rem 0 .3rem; }
        p, ul.read { max-width: 44rem; margin: .5rem 0; text-wrap: pretty; }
        a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .15em; }
        code, pre, .samples pre, .hash { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .82em; }
        .question { color: var(--soft); font-style: italic; }
        .headline { font-size: 1.2rem; line-height: 1.45; max-width: 50rem; margin: 1rem 0 1.6rem; }
        .whole { white-space: nowrap; }
        figure { margin: 1.2rem 0; }
        .table { font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums lining-nums; border-bottom: 1.5px solid var(--ink); }
        caption { text-align: left; color: var(--soft); padding: 0 0 .5rem; max-width: 60rem; }
        thead { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
        th, td { text-align: left; vertical-align: baseline; padding: .3rem .45rem; font-weight: normal; white-space: nowrap; }
        th:first-child, td:first-child { padding-left: 0; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { vertical-align: bottom; padding-top: .45rem; padding-bottom: .45rem; }
        .number { text-align: right; }
        th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; margin: 0; text-align: inherit; cursor: pointer; }
        th button:hover { color: var(--link); }
        th[aria-sort] button { text-decoration: underline; text-underline-offset: .25em; text-decoration-thickness: 2px; }
        .unit { display: block; font-weight: normal; font-size: .88em; color: var(--soft); }
        tbody th { font-weight: 600; }
        tbody tr:hover { background: var(--faint); }
        tbody a { color: inherit; text-decoration: none; }
        tbody a:hover { color: var(--link); text-decoration: underline; }
        tr.baseline, tr.baseline th { color: var(--soft); font-weight: normal; }
        table:not(.sorted) tr.last { border-bottom: 1px solid var(--line); }
        .error, .bound, .absent { color: var(--soft); }
        .remark { color: var(--soft); font-style: italic; white-space: normal; }
        td.prose { white-space: normal; min-width: 18rem; }
        sup { font-size: .72em; line-height: 0; }
        .notes { list-style: none; padding: 0; margin: .6rem 0 0; font-size: 12.5px; color: var(--soft); max-width: 60rem; }
        .notes li { margin: .1rem 0; overflow-wrap: anywhere; }
        .plots { columns: 2 30rem; column-gap: 2.5rem; }
        .plots figure { margin: 0; padding: .6rem 0 1.2rem; break-inside: avoid; }
        .plots svg { width: 100%; height: auto; display: block; }
        figcaption { font-size: .85rem; line-height: 1.45; color: var(--soft); margin-top: .4rem; }
        .samples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.2rem 1.6rem; }
        .samples article { border-top: 1.5px solid var(--ink); padding-top: .4rem; min-width: 0; }
        .samples h3 { margin: 0; font-size: .95rem; }
        .samples h3 span { font-weight: normal; color: var(--soft); }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; margin: .4rem 0; }
        .bibtex { background: var(--faint); padding: .8rem 1rem; border-radius: 4px; }
        details { margin: 1rem 0; }
        summary { cursor: pointer; color: var(--soft); }
        summary:hover { color: var(--link); }
        .protocols { margin: .4rem 0 0; font-size: 12.5px; }
        .claim { --mark: var(--line); border-left: 4px solid var(--mark); padding: .1rem 0 .1rem 1rem; margin: 1.6rem 0; max-width: 56rem; scroll-margin-top: 3.6rem; }
        .claim.holds { --mark: #2f8f5b; }
        .claim.opposite { --mark: #c2513f; }
        .claim.noise { --mark: #b58a1f; }
        .claim h3 { margin: 0 0 .2rem; font-size: 1.05rem; }
        .claim .verdict { margin: 0 0 .5rem; }
        .claim dl { display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr; gap: .15rem .9rem; margin: 0; font-size: .9rem; line-height: 1.45; }
        .claim dt { color: var(--soft); }
        .claim dd { margin: 0; overflow-wrap: anywhere; }
        .claim details { margin: 0; }
        footer { color: var(--soft); font-size: .85rem; padding-top: 3rem; padding-bottom: 3rem; }
        :target { background: var(--faint); }
        @media print {
          :root { --ink: #000; --soft: #444; --line: #ccc; --faint: #fff; --page: #fff; --link: #000; }
          html { font-size: 10pt; }
          .table, .notes { font-size: 7.5pt; }
          th, td { padding: .15rem .35rem; }
          main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
          figure, article, section.claim, tr { break-inside: avoid; }
          figure.table { break-inside: auto; }
          h2, caption { break-after: avoid; }
          .scroll { overflow: visible; }
          nav { display: none; }
          details::details-content { content-visibility: visible; }
        }
        """;
}
