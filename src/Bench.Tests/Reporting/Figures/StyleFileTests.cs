using System.Collections.Immutable;
using Bench.Reporting;
using Bench.Reporting.Figures.Styles;
using Bench.Results;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting.Figures;

/// <summary>The style file that an author edits, and messages about mistakes in it.</summary>
public sealed class StyleFileTests : IDisposable
{
    private static readonly string Own = Path.Combine(GoldenFile.Repository, "reports", "figures");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_suite_s_own_style_has_no_mistake() => Assert.Empty(StyleFile.Check(Own));

    [Fact]
    public void All_mistakes_come_at_once_each_with_its_place_and_a_way_out()
    {
        var problems = Check(text => text
            .Replace("\"width\": 440", "\"width\": 4400", StringComparison.Ordinal)
            .Replace("\"row\": 14", "\"rows\": 14", StringComparison.Ordinal)
            .Replace("\"curve\": 1.4", "\"curve\": \"thick\"", StringComparison.Ordinal)
            .Replace("\"ink\": \"#1c1e21\"", "\"ink\": \"black\"", StringComparison.Ordinal)
            .Replace("\"#45a0d8\"]", "\"45a0d8\"]", StringComparison.Ordinal)
            .Replace("\"levels\": [\"#ffffff\", ", "\"levels\": [", StringComparison.Ordinal));
        string[] said = [.. problems.Select(problem => $"{problem.What} | {problem.Fix}")];
        Assert.Contains("sizes.width is 4400 | Write a number from 200 to 2000.", said);
        Assert.Contains(said, what => what.StartsWith("unknown key 'rows' under sizes | Did you mean 'row'?", StringComparison.Ordinal));
        Assert.Contains(said, what => what.StartsWith("sizes.row is missing", StringComparison.Ordinal));
        Assert.Contains("lines.curve is \"thick\" | Write a number from 0.05 to 20.", said);
        Assert.Contains(said, what => what.StartsWith("light.ink is \"black\", which is no colour", StringComparison.Ordinal));
        Assert.Contains(said, what => what.StartsWith("light.series[5] is \"45a0d8\", which is no colour", StringComparison.Ordinal));
        Assert.Contains("light.levels has 3 colours | It takes exactly 4.", said);
        Assert.All(problems, problem => Assert.Matches(@"style\.json(:\d+:\d+|: [a-z.-]+)$", problem.Where));
        Assert.Equal(LineOf("\"curve\""),
            int.Parse(problems.Single(problem => problem.What.StartsWith("lines.curve", StringComparison.Ordinal)).Where.Split(':')[^2],
                System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("\"mark\": 3.6,", "\"mark\": 3.6, \"mark\": 4,", "sizes.mark is there twice")]
    [InlineData("\"bar\": 0.9", "\"bar\": {}", "lines.bar is an object")]
    [InlineData("\"series\": [", "\"series\": [\"#010203\", ", "dark.series has 6 colours, but light.series has 7")]
    [InlineData("\"ink\": \"#1c1e21\"", "\"ink\": \"#767c84\"", "but both are #767c84 in light")]
    [InlineData("fonts/Arimo-Regular.ttf", "fonts/Nothing.ttf", "Nothing.ttf does not exist")]
    [InlineData("fonts/Arimo-Regular.ttf", "style.json", "style.json is no font")]
    [InlineData("\"sizes\": {", "\"sizes\": {{", "this is no JSON")]
    [InlineData("{\n  \"font\"", "[{\n  \"font\"", "this is no JSON")]
    public void A_mistake_is_described_as_text(string from, string to, string what)
    {
        // The light scheme comes first.
        var problems = Check(
            text => text.IndexOf(from, StringComparison.Ordinal) is var at and >= 0 ? text[..at] + to + text[(at + from.Length)..] : text);
        Assert.Contains(what, string.Join('\n', problems.Select(problem => problem.What)), StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("7"), InlineData("[]"), InlineData("null"), InlineData("// nothing")]
    public void A_file_that_is_not_a_style_is_reported(string content)
    {
        File.WriteAllText(folder["style.json"], content);
        Assert.NotEmpty(StyleFile.Check(folder.Path));
    }

    [Fact]
    public void Without_a_style_the_error_gives_advice_and_nothing_is_written()
    {
        Assert.Contains("git checkout", Assert.Single(StyleFile.Check(folder["nowhere"])).Fix, StringComparison.Ordinal);
        SyntheticResults.Write(folder["results"]);
        Assert.Throws<SuiteException>(() => Report.Build(folder["results"], folder["published"], folder["nowhere"], folder["reports"]));
        Assert.False(Directory.Exists(folder["reports"]));
    }

    private static int LineOf(string key) =>
        File.ReadAllText(Path.Combine(Own, "style.json")).Split(key)[0].Count(letter => letter == '\n') + 1;

    private ImmutableArray<Problem> Check(Func<string, string> edit)
    {
        Directory.CreateDirectory(folder["fonts"]);
        File.Copy(Path.Combine(Own, "fonts", "Arimo-Regular.ttf"), folder["fonts", "Arimo-Regular.ttf"], overwrite: true);
        string own = File.ReadAllText(Path.Combine(Own, "style.json")), edited = edit(own);
        Assert.NotEqual(own, edited);
        File.WriteAllText(folder["style.json"], edited);
        return StyleFile.Check(folder.Path);
    }
}
