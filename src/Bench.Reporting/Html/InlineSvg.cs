using System.Text.RegularExpressions;

namespace Bench.Reporting.Html;

/// <summary>A drawn figure as a part of the page: it scales with the text column, and its ids and colours are told from those of other figures.</summary>
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
        return $"<svg id=\"figure-{name}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{name}-caption\" {viewBox} {fonts} style=\"max-width:{width}px\">{body}";
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
