using Xunit;

namespace Bench.Tests.Cli;

/// <summary>What the command line says of itself and to those who mistype it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Help_lists_the_commands() => GoldenFile.Matches("help.txt", shell.Transcript("--help"));

    [Fact]
    public void Each_command_has_help() => GoldenFile.Matches(
        "help-of-commands.txt",
        shell.Transcript("reproduce --help", "plan --help", "run --help", "report --help", "runs --help", "diff --help", "gc --help", "eval --help", "sample --help", "methods --help", "schedule --help", "pictures --help", "data --help", "data fetch --help", "doctor --help"));

    [Fact]
    public void The_name_alone_shows_the_help() => Assert.Equal(shell.Run("--help"), Alone());

    [Fact]
    public void Mistyped_commands_are_told_in_words_with_a_suggestion() => GoldenFile.Matches(
        "mistyped.txt",
        shell.Transcript(
            "reprodce",
            "nonsense",
            "run",
            "run experiments --retyr",
            "run {folder}/no-such.yaml",
            "run experiments --jobs 0",
            "reproduce --jobs some",
            "rnus",
            "gc now",
            "report extra",
            "report --treads 2",
            "doctor --threads many",
            "doctor --threads 0",
            "eval",
            "eval --run {folder}/no-such-run --file {folder}/no-such-text",
            "sample --run {folder} --count 0 --seed -1",
            "data fetch sotuu",
            "reproduce --profile nonsense"));

    [Fact]
    public void Every_method_is_listed_with_its_five_nouns()
    {
        var answer = shell.Run("methods");
        Assert.Equal(0, answer.Code);
        Assert.All(Bench.Methods.MethodTable.All, method => Assert.Contains(method.Name, answer.Output, StringComparison.Ordinal));
        Assert.Contains("masked NELBO", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Corpora_are_listed_with_package_version_licence_and_hash()
    {
        var answer = shell.Run("data");
        Assert.Equal(0, answer.Code);
        Assert.All(
            Bench.Data.Corpora.All,
            corpus => Assert.All([corpus.Name, corpus.Package.Name, corpus.Package.Version, corpus.Licence, corpus.Package.Sha512], word => Assert.Contains(word, answer.Output, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_stack_trace_is_shown_to_those_who_ask()
    {
        Assert.DoesNotContain("   at ", shell.Run("report").Error, StringComparison.Ordinal);
        Assert.Contains("   at ", shell.Run("report", "--verbose").Error, StringComparison.Ordinal);
    }

    private Answer Alone() => shell.Run();
}
