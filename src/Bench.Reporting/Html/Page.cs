using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting.Html;

/// <summary>The whole report in one file that loads nothing: styles, figures and the sorting script are inside.</summary>
internal sealed class Page(
    ImmutableArray<Section> sections, ImmutableArray<Plot> pictures, ImmutableArray<MethodResult> scorers, Table environment,
    ImmutableArray<Table> published, ImmutableArray<string> bibtex, RunLinks links)
{
    public const string Name = "index.html";

    private const string Title = "Autoregressive and diffusion sequence models, compared";

    private const string HowToRead = """
        <ul class="read">
        <li><b>Bits per character</b> is the negative base-2 logarithm of the probability that a model gives to text it has not seen, per character. Perplexity per character is 2 to that power. Lower is better.</li>
        <li><b>≤</b> marks an upper bound. An autoregressive or n-gram model gives the exact probability; a diffusion model gives a variational bound, and its true value is at most the number shown. The bound holds all its terms: diffusion, prior and reconstruction.</li>
        <li><b>±</b> is one standard error. It covers the choice of the evaluated text, the noise levels drawn to estimate a bound, and, where there are several, the seeds. Digits end where the error begins. Two numbers that differ by less than about two errors are not distinguishable.</li>
        <li><b>n-gram</b> models are the baseline: interpolated counts of the same training text. A useful network is better than they are.</li>
        <li><b>–</b> means that there is no such number; the letter beside it says why. A failed run is a result and keeps its row.</li>
        <li>Every number links to the run it was read from, every method to its definition. A click on a heading sorts.</li>
        </ul>

        """;

    private const string HowToReadTokens = """
        <p>Where a vocabulary's tokens are not characters, likelihood and perplexity are <b>per token</b>, as published. They compare with nothing of another vocabulary; the bits per character beside them,
        the same probability of the same text over its characters, do.</p>

        """;

    private const string HowToReadGeneration = """
        <p>How to read these numbers. Perplexity under a scorer says how predictable a text is, not how good: one phrase over and over is very predictable. It means nothing without the entropy beside it.
        Good text has the perplexity <em>and</em> the entropy of real text; less of both is repetition, more of both is noise. Distinct-2, repeats and self-BLEU show where diversity is lost: within a text or between texts.
        A perplexity is that of its scorer: numbers under different scorers do not compare, and a weak scorer gives low perplexities to poor text. The frontiers below compare methods at the same entropy, work or time, which single points cannot.</p>

        """;

    private readonly Contents contents = new();

    /// <summary>Whether there is a page of claims, to which the first link leads.</summary>
    public bool HasClaims { get; init; }

    public string Write()
    {
        var body = new StringBuilder();
        for (int i = 0; i < sections.Length; i++)
        {
            var comparison = sections[i].Comparison;
            if (i > 0)
                body.Append(contents.Chapter($"{comparison.Experiment}: {comparison.Corpus}", comparison.Suffix)).Append(Lead(sections[i]));
            Write(body, sections[i]);
        }

        body.Append(contents.Heading("How to read this")).Append(HowToRead);
        if (sections.Any(section => section.Comparison.Units == LikelihoodUnits.Token))
            body.Append(HowToReadTokens);
        if (pictures.Length > 0)
            body.Append(contents.Heading("What the methods do"));
        Write(body, pictures);
        if (published.Length > 0)
            body.Append(contents.Heading("Published numbers"));
        foreach (var table in published)
            body.Append($"<details><summary>{Markup.Escape(table.Caption)}</summary>\n").Append(HtmlTable.Write(table))
                .Append("</details>\n");
        body.Append(contents.Heading("Environment")).Append(HtmlTable.Write(environment));
        body.Append(contents.Heading("Runs"))
            .Append(RunList.Write([.. sections.SelectMany(section => section.Comparison.Methods), .. scorers], links));
        if (bibtex.Length > 0)
            body.Append(contents.Heading("Papers")).Append($"<details><summary>BibTeX of {bibtex.Length}</summary>\n<pre class=\"bibtex\">")
                .AppendJoin("\n\n", bibtex.Select(Markup.Escape)).Append("</pre></details>\n");
        return Frame(Title, Lead(sections[0]), contents.Links(HasClaims ? [(ClaimsPage.Name, "Claims of the papers")] : []),
            body.ToString(), "Made from the run folders alone");
    }

    /// <summary>A page of its own, whole.</summary>
    /// <param name="title">Title and heading.</param>
    /// <param name="lead">What stands below the heading.</param>
    /// <param name="contents">Links to the parts.</param>
    /// <param name="body">The parts.</param>
    /// <param name="origin">What it is made from.</param>
    internal static string Frame(string title, string lead, string contents, string body, string origin) =>
        $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{title}</title>
            <style>
            {Stylesheet.Text}
            </style>
            </head>
            <body>
            <header>
            <h1>{title}</h1>
            {lead}</header>
            {contents}<main>
            {body}</main>
            <footer>{origin}; delete this file and <code>bench report</code> makes the same one again.</footer>
            <script>
            {SortScript.Text}
            </script>
            </body>
            </html>

            """.ReplaceLineEndings("\n");

    private static string Lead(Section section) =>
        string.Concat(section.Comparison.Questions.Select(question => $"<p class=\"question\">{WholeNames(question)}</p>\n")) +
            $"<p class=\"headline\">{WholeNames(section.Headline)}</p>\n";

    private void Write(StringBuilder text, Section section)
    {
        string suffix = section.Comparison.Suffix;
        text.Append(HtmlTable.Write(section.Tables.Likelihood));
        Write(text, section.Plots);
        Write(text, "Differences beyond the seeds", section.Tables.Differences, suffix);
        if (!section.Sweeps.IsEmpty)
            text.Append(contents.Heading("Sweeps", suffix));
        Write(text, section.Sweeps);
        Write(text, "Text of other kinds", section.Tables.ZeroShot, suffix);
        WriteGeneration(text, section, suffix);
        if (SampleCards.Write(section.Comparison, links) is { Length: > 0 } samples)
            text.Append(contents.Heading("Samples", suffix)).Append(samples);
        Write(text, "Terms of the bounds", section.Tables.Terms, suffix);
    }

    private void WriteGeneration(StringBuilder text, Section section, string suffix)
    {
        if (section.Tables.Generation is { } generation)
        {
            text.Append(contents.Heading("Generated text", suffix));
            if (section.GenerationHeadline is { } headline)
                text.Append($"<p>{WholeNames(headline)}</p>\n");
            text.Append(HowToReadGeneration).Append(HtmlTable.Write(generation));
        }

        Write(text, section.Frontiers);
        foreach (var (title, table) in section.Tables.Tasks)
            Write(text, title, table, suffix);
        Write(text, "Correction of generated text", section.Tables.Correction, suffix);
        Write(text, "Speed of generation", section.Tables.Throughput, suffix);
    }

    private void Write(StringBuilder text, string heading, Table? table, string suffix)
    {
        if (table is not null)
            text.Append(contents.Heading(heading, suffix)).Append(HtmlTable.Write(table));
    }

    private static void Write(StringBuilder text, ImmutableArray<Plot> plots)
    {
        if (plots.IsEmpty)
            return;
        text.Append("<div class=\"plots\">\n");
        foreach (var plot in plots)
            text.Append($"<figure>{InlineSvg.Of(plot.Svg, plot.Name)}\n" +
                $"<figcaption id=\"{plot.Name}-caption\">{Markup.Escape(plot.Caption)} {Downloads(plot)}</figcaption></figure>\n");
        text.Append("</div>\n");
    }

    // BD3-LM and 3-gram do not break at their hyphens.
    private static string WholeNames(string sentence) => string.Join(' ', sentence.Split(' ').Select(word =>
        word.Contains('-', StringComparison.Ordinal) ? $"<span class=\"whole\">{Markup.Escape(word)}</span>" : Markup.Escape(word)));

    private static string Downloads(Plot plot) =>
        string.Join(" ", Figure.Formats.Select(format => $"<a href=\"figures/{plot.Name}.{format}\">{format.ToUpperInvariant()}</a>"))
        + string.Concat(
            plot.Data.Select(
                file => $" <a href=\"data/{file}\">{(plot.Data.Length == 1 ? "data" : Path.GetFileNameWithoutExtension(file))}</a>"));
}

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

/// <summary>The page's headings as they are written, and the line of links to them: a table of contents for a long page.</summary>
internal sealed class Contents
{
    private readonly List<(string Id, string Title)> entries = [];

    /// <summary>The line of links, to other pages first; nothing for a page without headings.</summary>
    /// <param name="pages">Other pages, with their titles.</param>
    public string Links(params IEnumerable<(string File, string Title)> pages)
    {
        var links = pages.Concat(entries.Select(entry => (File: $"#{entry.Id}", entry.Title)))
            .Select(link => Markup.Link(link.Title, link.File));
        return entries.Count == 0 ? "" : $"<nav aria-label=\"Contents\">{string.Concat(links)}</nav>\n";
    }

    /// <summary>The heading of a section. Those of further comparisons are reached from their chapter alone.</summary>
    public string Heading(string title, string suffix = "")
    {
        string id = Slug(title) + suffix;
        if (suffix.Length == 0)
            entries.Add((id, title));
        return $"<h2 id=\"{id}\">{Markup.Escape(title)}</h2>\n";
    }

    /// <summary>The heading of a further comparison.</summary>
    public string Chapter(string title, string suffix)
    {
        string id = "comparison" + suffix;
        entries.Add((id, title));
        return $"<h1 id=\"{id}\">{Markup.Escape(title)}</h1>\n";
    }

    private static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (char letter in title.ToLowerInvariant())
            slug.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        return slug.ToString();
    }
}

/// <summary>
/// A drawn figure as a part of the page: it scales with the text column, and its ids and colours are kept apart from those of other
/// figures.
/// </summary>
internal static partial class InlineSvg
{
    /// <summary>The figure as an element of the page.</summary>
    /// <param name="svg">The file.</param>
    /// <param name="name">Of the figure.</param>
    public static string Of(string svg, string name)
    {
        string body = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].TrimEnd();
        int head = body.IndexOf('>', StringComparison.Ordinal) + 1;
        string viewBox = ViewBox().Match(body[..head]).Value, fonts = Fonts().Match(body[..head]).Value;
        string width = Width().Match(body[..head]).Groups["width"].Value;
        body = Paper().Replace(Words().Replace(body[head..], ""), "");
        body = Id().Replace(body, match => $"{match.Groups["before"].Value}{name}-{match.Groups["id"].Value}");
        body = Scope().Replace(body, $"#figure-{name} [");
        return $"<svg id=\"figure-{name}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{name}-caption\" " +
            $"{viewBox} {fonts} style=\"max-width:{width}px\">{body}";
    }

    [GeneratedRegex("viewBox=\"[^\"]*\"")]
    private static partial Regex ViewBox();

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex Fonts();

    [GeneratedRegex("\\swidth=\"(?<width>[\\d.]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Width();

    // The caption below the figure says both.
    [GeneratedRegex(@"<(title|desc)>[^<]*</\1>\s*")]
    private static partial Regex Words();

    // The page is the paper.
    [GeneratedRegex("<rect fill=\"[^\"]*\" width=\"100%\" height=\"100%\" />\\s*")]
    private static partial Regex Paper();

    [GeneratedRegex("(?<before>\\sid=['\"]|href=['\"]#|url\\(['\"]?#)(?<id>[\\w-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();

    [GeneratedRegex(@"^svg \[", RegexOptions.Multiline)]
    private static partial Regex Scope();
}
