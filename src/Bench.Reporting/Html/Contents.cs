using System.Text;

namespace Bench.Reporting.Html;

/// <summary>The page's headings as they are written, and the line of links to them: a table of contents for a long page.</summary>
internal sealed class Contents
{
    private readonly List<(string Id, string Title)> entries = [];

    /// <summary>The line of links; nothing for a page without headings.</summary>
    public string Links => entries.Count == 0
        ? ""
        : $"<nav aria-label=\"Contents\">{string.Concat(entries.Select(entry => $"<a href=\"#{entry.Id}\">{Markup.Escape(entry.Title)}</a>"))}</nav>\n";

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
