using System.Text;

namespace Bench.Reporting.Html;

/// <summary>Text escaped for HTML and XML.</summary>
internal static class Markup
{
    /// <summary>Text for an element or a quoted attribute. What XML cannot hold becomes U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            bool isPair = char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            escaped.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' => letter.ToString(),
                '\r' => "",
                < ' ' or '\uFFFE' or '\uFFFF' => "\uFFFD",
                _ when isPair => text.Substring(i++, 2),
                _ when char.IsSurrogate(letter) => "\uFFFD",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }

    /// <summary>A link, or the text alone when there is no address.</summary>
    public static string Link(string words, string? address, string title = "") => address is null
        ? Escape(words)
        : $"<a href=\"{Escape(address)}\"{(title.Length == 0 ? "" : $" title=\"{Escape(title)}\"")}>{Escape(words)}</a>";
}
