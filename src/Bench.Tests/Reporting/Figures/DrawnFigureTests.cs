using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Frontiers;
using Bench.Reporting.Figures.Styles;
using Bench.Reporting.Statistics;
using Xunit;

namespace Bench.Tests.Reporting.Figures;

/// <summary>What a figure's files are like: text that can be searched and edited, colours for both pages, the same bytes again.</summary>
public sealed class DrawnFigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly FigureStyle Style = StyleFile.Load(Path.Combine(GoldenFile.Repository, "reports", "figures"));

    [Fact]
    public void Text_in_SVG_is_text_with_one_place_and_an_anchor()
    {
        var texts = Svgs(Lines(3)).Descendants(Svg + "text").ToList();
        Assert.All(["Quality (γ ≤ 1 ± 0)", "Work", "method 1", "method 3"], words => Assert.Contains(texts, text => text.Value == words));
        Assert.All(texts,
            text => Assert.True(
                double.TryParse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture, out _)
                    && double.TryParse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture, out _), text.ToString()));
        Assert.All(texts, text => Assert.Empty(text.Attributes("font-family")));
        Assert.Equal("middle", texts.Single(text => text.Value == "Work").Attribute("text-anchor")!.Value);
        Assert.Null(texts.Single(text => text.Value == "method 1").Attribute("text-anchor"));
    }

    [Fact]
    public void Every_colour_in_SVG_is_one_of_the_style_and_has_a_dark_counterpart()
    {
        var svg = Svgs(Lines(9));
        string css = svg.Descendants(Svg + "style").Single().Value;
        string[] colours = [.. svg.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "fill" or "stroke")
            .Select(attribute => attribute.Value).Where(value => value != "none").Distinct()];
        Assert.All(colours, colour => Assert.Contains(colour, Style.DarkOf.Keys));
        Assert.All(colours, colour => Assert.Contains($"=\"{colour}\"] {{", css, StringComparison.Ordinal));
        Assert.StartsWith("\n@media screen and (prefers-color-scheme: dark)", css, StringComparison.Ordinal);
    }

    [Fact]
    public void Dashes_in_SVG_are_an_attribute()
    {
        var panel = new Bench.Reporting.Figures.Drawing.Panel("", new Axis("Quality"), [Line(1)]) { Levels = [(1.5, "a level")] };
        var dashed = Svgs(new Figure("x", "", Frontier.Draw(new Axis("Work"), [panel]))).Descendants()
            .Where(element => element.Attribute("stroke-dasharray") is not null).ToList();
        Assert.Equal("3 2.4", Assert.Single(dashed).Attribute("stroke-dasharray")!.Value);
    }

    [Theory, InlineData("svg"), InlineData("pdf"), InlineData("png")]
    public void The_same_figure_gives_the_same_bytes_and_so_does_the_same_sheet(string format)
    {
        var sheet = Lines(4).Drawing.Draw(Style);
        byte[] first = Printer.Print(Lines(4), sheet, Style, format);
        Printer.Print(Lines(4), sheet, Style, "svg");
        Assert.Equal(first, Printer.Print(Lines(4), sheet, Style, format));
        Assert.Equal(first, Printer.Print(Lines(4), Lines(4).Drawing.Draw(Style), Style, format));
    }

    [Fact]
    public void A_PDF_says_no_date_and_embeds_its_font()
    {
        string pdf = Encoding.Latin1.GetString(Printer.Print(Lines(2), Lines(2).Drawing.Draw(Style), Style, "pdf"));
        Assert.DoesNotContain("Date", pdf, StringComparison.Ordinal);
        Assert.Contains("+Arimo", pdf, StringComparison.Ordinal);
        Assert.Contains("/ToUnicode", pdf, StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(40)]
    public void Any_number_of_methods_is_drawn_and_each_is_named_once(int methods)
    {
        var svg = Svgs(Lines(methods));
        Assert.All(Enumerable.Range(1, methods), i => Assert.Single(svg.Descendants(Svg + "text"), text => text.Value == $"method {i}"));
        float height = float.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[3], CultureInfo.InvariantCulture);
        Assert.True(height > methods * Style.Sizes.LabelDistance);
    }

    [Fact]
    public void A_long_name_is_shortened_and_leaves_room_for_the_lines()
    {
        var figure =
            Frontier.Of("x", "", new Axis("Work"), [new("", new Axis("Quality"), [Line(1) with { Label = new string('m', 300) }])])!;
        string label = Svgs(figure).Descendants(Svg + "text").Single(text => text.Value.StartsWith("mm", StringComparison.Ordinal)).Value;
        Assert.EndsWith("…", label, StringComparison.Ordinal);
        Assert.True(Style.Width(label, Style.Sizes.Labels) <= Style.Sizes.LabelWidth);
    }

    [Fact]
    public void A_letter_that_the_font_lacks_is_a_box_and_nothing_in_a_name_is_markup()
    {
        var figure =
            Frontier.Of("x", "", new Axis("Work"), [new("", new Axis("Quality"), [Line(1) with { Label = "<b>\"&'\u0007 日本😀 é" }])])!;
        Assert.Contains(Svgs(figure).Descendants(Svg + "text"), text => text.Value == "<b>\"&'□ □□□ é");
    }

    [Fact]
    public void An_axis_is_not_stretched_around_noise()
    {
        var axis = new Axis("Entropy");
        var (low, high) = axis.Range([2.730, 2.738], noise: 0.01);
        Assert.Equal(0.16, high - low, 1e-3);
        Assert.Equal(2.734, (low + high) / 2, 1e-3);

        // Differences far beyond the noise fill the axis.
        (low, high) = axis.Range([2.0, 4.0], noise: 0.01);
        Assert.Equal((1.88, 4.12), (low, high));
    }

    [Fact]
    public void Families_have_panels_of_their_own_and_baselines_stand_in_the_first()
    {
        Line[] lines = [.. Enumerable.Range(1, 7).Select(Line)];
        var panels = Bench.Reporting.Figures.Drawing.Panel.ByFamily(new Axis("Quality"),
            [.. lines.Select((line, i) => line with { Family = Family.All[i % 2].Title })]);
        Assert.Equal(Family.All.Take(2).Select(family => family.Title), panels.Select(panel => panel.Title));
    }

    [Fact]
    public void The_font_has_every_letter_that_figures_use() => Assert.All(
        "γεσηλρθ≤±–−…½×→∞éöü’“”", letter => Assert.True(Style.Typeface.ContainsGlyph(letter), $"{letter}"));

    private static Figure Lines(int count) =>
        Frontier.Of("test", "A test.", new Axis("Work"),
            [new("", new Axis("Quality (γ ≤ 1 ± 0)"), [.. Enumerable.Range(1, count).Select(Line)])])!;

    private static Line Line(int i) =>
        new($"method {i}", "", "",
            [.. Enumerable.Range(1, 3).Select(x => new Point("", x, new Measurement((i * 0.1) + (1.0 / x)), x == 2))]);

    private static XElement Svgs(Figure figure)
    {
        using var stream = new MemoryStream(Printer.Print(figure, figure.Drawing.Draw(Style), Style, "svg"));
        return XDocument.Load(stream).Root!;
    }
}
