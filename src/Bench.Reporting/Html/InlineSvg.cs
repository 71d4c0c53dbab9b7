using System.Text.RegularExpressions;

namespace Bench.Reporting.Html;

/// <summary>A drawn figure as a part of the page: it scales with the text column, and its black, its white and its grid follow the page's colours.</summary>
internal static partial class InlineSvg
{
    /// <summary>The figure as an element of the page.</summary>
    /// <param name="svg">The file that gnuplot wrote.</param>
    /// <param name="name">Makes its ids different from those of other figures on the page.</param>
    public static string Of(string svg, string name)
    {
        string body = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].ReplaceLineEndings("\n").TrimEnd();
        int head = body.IndexOf('>', StringComparison.Ordinal) + 1;
        string viewBox = ViewBox().Match(body[..head]).Value;
        string width = Width().Match(body[..head]).Groups["width"].Value;
        body = Title().Replace(body[head..], "");
        body = Id().Replace(body, match => $"{match.Groups["before"].Value}{name}-{match.Groups["id"].Value}");
        body = Paper().Replace(Grid().Replace(Ink().Replace(body, "currentColor"), "var(--line)"), "var(--page)");
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" aria-labelledby=\"{name}-caption\" {viewBox} style=\"max-width:{width}px\" fill=\"none\">{body}";
    }

    [GeneratedRegex("viewBox=\"[^\"]*\"")]
    private static partial Regex ViewBox();

    [GeneratedRegex("\\swidth=\"(?<width>\\d+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Width();

    [GeneratedRegex(@"<title>[^<]*</title>\s*")]
    private static partial Regex Title();

    [GeneratedRegex("(?<before>\\sid=['\"]|href=['\"]#|url\\(['\"]?#)(?<id>[\\w-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();

    [GeneratedRegex(@"rgb\(216, ?216, ?216\)|rgb\(192, ?192, ?192\)|#[dD]8[dD]8[dD]8|#[cC]0[cC]0[cC]0")]
    private static partial Regex Grid();

    // The inside of a ring.
    [GeneratedRegex(@"rgb\(255, ?255, ?255\)|#[fF]{6}")]
    private static partial Regex Paper();

    [GeneratedRegex(@"\bblack\b|rgb\( ?0, ?0, ?0\)|#000000")]
    private static partial Regex Ink();
}
