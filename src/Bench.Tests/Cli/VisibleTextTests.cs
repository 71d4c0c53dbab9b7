using Bench.Cli;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Names from files are printed with invisible characters as escapes.</summary>
public sealed class VisibleTextTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Theory]
    [InlineData("plain text, é, 漢字, 😀\tand\nlines\r\n", "plain text, é, 漢字, 😀\tand\nlines\r\n")]
    [InlineData("a\u202Eb\u2066c", @"a\u202Eb\u2066c"), InlineData("a\u200Bb\uFEFFc\u00ADd", @"a\u200Bb\uFEFFc\u00ADd")]
    [InlineData("\u001b[31mred\u0007", @"\u001B[31mred\u0007")]
    [InlineData("over\rwritten", @"over\u000Dwritten"), InlineData("a\u2028b\u0085c", @"a\u2028b\u0085c")]
    [InlineData("tag \U000E0041", @"tag \UE0041")]
    public void Invisible_characters_are_written_as_escapes(string text, string shown)
    {
        Assert.Equal(shown, VisibleText.Of(text));
        using var inner = new StringWriter { NewLine = "\n" };
        using var writer = new VisibleWriter(inner);
        writer.WriteLine(text);
        writer.Write("{0}", text);
        Assert.Equal($"{shown}\n{shown}", inner.ToString());
    }

    [Theory]
    [InlineData("check {folder}/ab\u202Ecd.yaml"), InlineData("run {folder}/ab\u202Ecd.yaml"), InlineData("schedule ab\u202Ecd")]
    [InlineData("eval --run ab\u202Ecd --file ab\u202Ecd"), InlineData("diff ab\u202Ecd ab\u202Ecd")]
    [InlineData("speed --cases ab\u202Ecd")]
    [InlineData("ab\u202Ecd"), InlineData("data fetch ab\u202Ecd"), InlineData("run --ab\u202Ecd")]
    public void Every_message_shows_a_name_so(string command)
    {
        Directory.CreateDirectory(shell.Results);
        string[] words = command.Replace("{folder}", shell.Folder.Path, StringComparison.Ordinal).Split(' ');
        string error = shell.Run(words).Error;
        Assert.Contains(@"ab\u202Ecd", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suggested_file_name_shows_invisible_characters_as_escapes()
    {
        shell.Folder.Write("ab\u202Ecd.yaml", TinyExperiment.Counting());
        string error = shell.Run("check", shell.Folder["abcd.yaml"]).IsReported(code: 2).Error;
        Assert.Contains(@"Did you mean '{folder}/ab\u202Ecd.yaml'?", error, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_table_shows_invisible_characters_as_escapes(bool isTerminal)
    {
        shell.IsTerminal = isTerminal;
        string definition = shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        Assert.Equal(0, shell.Run("run", definition, "--results", shell.Folder["re\u202Esults"]).Code);
        string output = shell.Run("runs", "--results", shell.Folder["re\u202Esults"]).Output;
        string joined = output.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains(@"re\u202Esults", joined, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", output, StringComparison.Ordinal);
    }
}
