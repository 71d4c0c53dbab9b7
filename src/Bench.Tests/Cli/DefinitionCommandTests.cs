using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Commands that read and write definitions.</summary>
public sealed class DefinitionCommandTests : IDisposable
{
    private const string Least = "name: least\ndata: { corpus: markov }\nmethods: [ngram-1, ngram-2]\nseeds: [1, 2]\n";
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Definitions_without_a_mistake_are_counted() =>
        Assert.Equal("1 definition, 4 runs, no problem.\n", shell.Run("check", Write("a.yaml", Least)).Output);

    [Fact]
    public void Mistakes_are_reported_all_at_once()
    {
        var answer = shell.Run("check", Write("a.yaml", "name: A\nmethod: mdlm\nsweep: {}\n"));
        Assert.Equal(2, answer.Code);
        Assert.Contains("problems; nothing was run", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shown_definition_passes_the_check()
    {
        string shown = shell.Run("show", Write("a.yaml", Least)).Output;
        Assert.Contains("draws: 16", shown, StringComparison.Ordinal);
        Assert.Equal("1 definition, 4 runs, no problem.\n", shell.Run("check", Write("b.yaml", shown)).Output);
    }

    [Fact]
    public void A_new_definition_can_be_checked_and_replaces_nothing()
    {
        string file = shell.Folder["new.yaml"];
        Assert.Equal(0, shell.Run("new", "gamma-slide", "--output", file).Code);
        Assert.Equal(File.ReadAllText(file), shell.Run("new", "gamma-slide").Output);
        Assert.Equal(0, shell.Run("check", file).Code);
        Assert.Equal(2, shell.Run("new", "mdlm", "--output", file).Code);
        Assert.Contains("Did you mean 'mdlm'?", shell.Run("new", "mldm").Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(shell.Folder[name], text);
        return shell.Folder[name];
    }
}
