using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Bench.Reporting.Figures.Styles;
using SkiaSharp;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>Sheets as files. The same sheet gives the same bytes.</summary>
internal static class Printer
{
    private const float PointsPerInch = 72;

    /// <summary>The file in a format of <see cref="Figure.Formats"/>.</summary>
    public static byte[] Print(Figure figure, Sheet sheet, FigureStyle style, string format) => format switch
    {
        "svg" => SvgText.Of(Svg(sheet), figure, sheet, style),
        "pdf" => Pdf(figure, sheet),
        _ => Png(sheet, style),
    };

    private static byte[] Svg(Sheet sheet)
    {
        using var stream = new MemoryStream();
        using (var svg = SKSvgCanvas.Create(new SKRect(0, 0, sheet.Width, sheet.Height), stream))
            sheet.Render(svg, isSvg: true);
        return stream.ToArray();
    }

    private static byte[] Pdf(Figure figure, Sheet sheet)
    {
        using var stream = new MemoryStream();

        // Without a date, which would differ from one drawing to the next.
        using (var document = SKDocument.CreatePdf(stream,
            new SKDocumentPdfMetadata { Title = figure.Name, Subject = figure.Caption, Creator = "bench", RasterDpi = PointsPerInch,
                EncodingQuality = 101 }))
        {
            sheet.Render(document.BeginPage(sheet.Width, sheet.Height));
            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }

    private static byte[] Png(Sheet sheet, FigureStyle style)
    {
        float scale = style.Sizes.Dpi / PointsPerInch;
        using var surface = SKSurface.Create(
            new SKImageInfo((int)MathF.Ceiling(sheet.Width * scale), (int)MathF.Ceiling(sheet.Height * scale), SKColorType.Rgba8888,
                SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColor.Parse(style.Light.Paper));
        surface.Canvas.Scale(scale);
        sheet.Render(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}

/// <summary>
/// Skia's SVG made fit for people: every text is one plain text with an anchor (Skia places each of its letters), in a family
/// of fonts with the widths that it was measured with, and every colour has its counterpart for a dark page.
/// </summary>
internal static partial class SvgText
{
    private static readonly string[] Coloured = ["fill", "stroke"];

    private static readonly string[] Measured = ["d", "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "stroke-width", "transform",
        "points"];

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Skia names the first colours of CSS.
    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["black"] = "#000000", ["white"] = "#ffffff", ["red"] = "#ff0000", ["green"] = "#008000", ["lime"] = "#00ff00",
        ["blue"] = "#0000ff", ["yellow"] = "#ffff00", ["cyan"] = "#00ffff",
        ["aqua"] = "#00ffff", ["magenta"] = "#ff00ff", ["fuchsia"] = "#ff00ff", ["gray"] = "#808080", ["grey"] = "#808080",
        ["silver"] = "#c0c0c0", ["maroon"] = "#800000", ["navy"] = "#000080",
        ["olive"] = "#808000", ["purple"] = "#800080", ["teal"] = "#008080",
    };

    /// <summary>The file's bytes.</summary>
    public static byte[] Of(byte[] svg, Figure figure, Sheet sheet, FigureStyle style)
    {
        using var stream = new MemoryStream(svg);
        var root = XDocument.Load(stream).Root!;
        foreach (var element in root.Descendants().ToList())
            Mend(element, sheet, style);
        Clip(root);

        // As wide in a browser as on paper, which takes 96 pixels for an inch.
        root.SetAttributeValue("width", Number(sheet.Width * 4 / 3));
        root.SetAttributeValue("height", Number(sheet.Height * 4 / 3));
        root.SetAttributeValue("viewBox", $"0 0 {Number(sheet.Width)} {Number(sheet.Height)}");
        root.SetAttributeValue("font-family", style.FontFamily);
        root.SetAttributeValue("role", "img");
        var used = root.Descendants().Attributes().Where(attribute => Coloured.Contains(attribute.Name.LocalName))
            .Select(attribute => (attribute.Name.LocalName, attribute.Value)).ToHashSet();
        used.Add(("fill", style.Light.Paper));
        root.AddFirst(
            new XElement(Svg + "title", figure.Name),
            new XElement(Svg + "desc", figure.Caption),
            new XElement(Svg + "style", "\n" + Dark("svg", style, used) + "\n"),
            new XElement(Svg + "rect", new XAttribute("fill", style.Light.Paper), new XAttribute("width", "100%"),
                new XAttribute("height", "100%")));

        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text,
            new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" }))
            root.Save(writer);
        return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n");
    }

    /// <summary>
    /// CSS that gives each colour its dark counterpart. The attributes stay as they are, so that what knows no CSS draws the
    /// light figure.
    /// </summary>
    public static string Dark(string scope, FigureStyle style, IReadOnlyCollection<(string Attribute, string Colour)> used)
    {
        var rules = style.DarkOf.Where(pair => pair.Key != pair.Value).SelectMany(pair => Coloured
            .Where(attribute => used.Contains((attribute, pair.Key)))
            .Select(attribute => $"{scope} [{attribute}=\"{pair.Key}\"] {{ {attribute}: {pair.Value} }}"));
        return $"@media screen and (prefers-color-scheme: dark) {{\n{string.Join('\n', rules)}\n}}";
    }

    private static void Mend(XElement element, Sheet sheet, FigureStyle style)
    {
        foreach (string name in Coloured)
        {
            if (element.Attribute(name) is { } colour)
                colour.Value = Named.GetValueOrDefault(colour.Value, colour.Value.ToLowerInvariant());
        }

        if (element.Attribute("stroke-miterlimit") is { } miter)
        {
            if (float.TryParse(miter.Value, CultureInfo.InvariantCulture, out float mark) && mark >= Sheet.FirstMark)
                element.SetAttributeValue("stroke-dasharray",
                    string.Join(' ', sheet.Dashes.ElementAt((int)mark - Sheet.FirstMark).Select(Number)));
            miter.Remove();
        }

        if (element.Name == Svg + "text")
            MendText(element, style);
        foreach (var attribute in element.Attributes().Where(attribute => Measured.Contains(attribute.Name.LocalName)))
            attribute.Value = Digits().Replace(attribute.Value, match => Number(float.Parse(match.Value, CultureInfo.InvariantCulture)));
    }

    // Skia clips every line of a plot anew, and numbers all that it ever clipped.
    private static void Clip(XElement root)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var clip in root.Descendants(Svg + "clipPath").ToList())
        {
            string id = clip.Attribute("id")!.Value, shape = string.Concat(clip.Nodes());
            bool isNew = known.TryAdd(shape, $"clip-{known.Count + 1}");
            foreach (var user in root.Descendants().Where(element => element.Attribute("clip-path")?.Value == $"url(#{id})"))
                user.SetAttributeValue("clip-path", $"url(#{known[shape]})");
            if (isNew)
                clip.SetAttributeValue("id", known[shape]);
            else
                clip.Remove();
        }

        foreach (var group in root.Elements(Svg + "g").ToList())
        {
            if (group.ElementsBeforeSelf().LastOrDefault() is not { } before || before.Name != Svg + "g" || !SameAttributes(before, group))
                continue;
            var inside = group.Nodes().ToList();
            group.Remove();
            before.Add(inside);
        }
    }

    private static bool SameAttributes(XElement a, XElement b) =>
        a.Attributes().Select(attribute => attribute.ToString())
            .SequenceEqual(b.Attributes().Select(attribute => attribute.ToString()), StringComparer.Ordinal);

    // ScottPlot draws a label about its anchor, to which it moves the origin: where the first letter stands says which part of the text the
    // anchor is.
    private static void MendText(XElement text, FigureStyle style)
    {
        string words = text.Value.Trim();
        float size = float.Parse(text.Attribute("font-size")!.Value, CultureInfo.InvariantCulture);
        float x = First(text, "x"), y = First(text, "y"), width = style.Width(words, size);
        string? anchor = Math.Abs(x + width) < Near(width) ? "end" : Math.Abs(x + (width / 2)) < Near(width) ? "middle" : null;
        if (anchor is not null || Math.Abs(x) < 0.01)
            x = 0;
        string transform = text.Attribute("transform")?.Value ?? "";
        if (Translation().Match(transform) is { Success: true } move)
        {
            x += float.Parse(move.Groups["x"].Value, CultureInfo.InvariantCulture);
            y += float.Parse(move.Groups["y"].Value, CultureInfo.InvariantCulture);
            text.SetAttributeValue("transform", null);
        }

        text.SetAttributeValue("x", Number(x));
        text.SetAttributeValue("y", Number(y));
        text.SetAttributeValue("text-anchor", anchor);
        text.SetAttributeValue("font-family", null);
        text.SetAttributeValue("font-weight", null);
        if (text.Attribute("fill") is null)
            text.SetAttributeValue("fill", "#000000");
        text.Value = words;
    }

    private static float Near(float width) => Math.Max(0.05f, width * 0.01f);

    private static float First(XElement text, string name) =>
        float.Parse(text.Attribute(name)!.Value.Split(',')[0], CultureInfo.InvariantCulture);

    private static string Number(float value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d{3,}(e-?\d+)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^translate\((?<x>[-\d.eE]+) (?<y>[-\d.eE]+)\)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Translation();
}
