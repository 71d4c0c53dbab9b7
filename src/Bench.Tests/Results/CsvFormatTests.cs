using Bench.Results;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Results;

/// <summary>Text in CSV files is text to a spreadsheet, and reads back as it was.</summary>
public sealed class CsvFormatTests
{
    private static readonly string[] Header = ["words"];

    [Theory]
    [InlineData("=1+1", "'=1+1"), InlineData("+cmd", "'+cmd"), InlineData("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0")]
    [InlineData("@SUM(1)", "'@SUM(1)"), InlineData("\tx", "'\tx"), InlineData("\t5", "'\t5")]
    [InlineData("-5 less", "'-5 less"), InlineData("'=1", "''=1"), InlineData("-1-1", "'-1-1")]
    public void Texts_that_begin_like_a_formula_are_escaped(string words, string cell) => Assert.Equal($"words\n{cell}\n", Written(words));

    [Fact]
    public void A_leading_carriage_return_is_escaped_within_quotes() => Assert.Equal("words\n\"'\r=1\"\n", Written("\r=1"));

    [Theory, InlineData("-5"), InlineData("-1.5E-07"), InlineData("+1"), InlineData("-Infinity"), InlineData("=")]
    [InlineData("<="), InlineData("–"), InlineData("'tis"), InlineData("a=b"), InlineData("1-1")]
    public void Numbers_single_signs_and_other_texts_stay_as_they_are(string words) => Assert.Equal($"words\n{words}\n", Written(words));

    [Fact]
    public void Texts_read_back_as_they_were() =>
        Prop.ForAll(Words(), words => Read(Written(words)).Single() == words).QuickCheckThrowOnFailure();

    [Fact]
    public void Files_from_before_formulas_were_escaped_read_as_they_did() =>
        Assert.Equal(["=1+1", "-x", "'tis"], Read("words\n=1+1\n-x\n'tis\n"));

    private static Arbitrary<string> Words() => Gen
        .Elements("'", "=", "+", "-", "@", "\t", "\r", "\n", "a", "1", ",", "\"", ".", "e", " ")
        .ArrayOf()
        .Where(parts => parts.Length > 0).Select(string.Concat).ToArbitrary();

    private static string Written(string words) => CsvFormat.Text([Header, [words]]);

    private static List<string> Read(string text) => CsvFormat.Read("words.csv", text, Header, row => row.Text("words"));
}
