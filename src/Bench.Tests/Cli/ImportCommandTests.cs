using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary><c>bench import</c>, as one types it.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private static readonly string Files = Path.Combine(Repository.Root, "src", "Bench.Tests", "Published", "Golden");

    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void What_is_open_or_wrong_is_said_as_this_transcript_shows()
    {
        Copy("mdlm/lightning/mdlm.ckpt", "mdlm.ckpt");
        Copy("duo/hub/model.safetensors", "bare/model.safetensors");
        Copy("blockgen/baselines/owt/ar/model.safetensors", "unnamed/model.safetensors");
        foreach (string name in new[] { "exec_posix_system.ckpt", "lfs_pointer.safetensors", "truncated_60.ckpt" })
            Copy($"hostile/{name}", name);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Files, "hostile", "shards_one_missing")))
            Copy($"hostile/shards_one_missing/{Path.GetFileName(file)}", $"shards/{Path.GetFileName(file)}");
        string blocks = "blockgen/multi_block_size/16/owt/0.05_0.95/absorb";
        foreach (string name in new[] { "config.json", "model.safetensors" })
            Copy($"{blocks}/{name}", $"absorb/{name}");
        GoldenFile.Matches("import.txt", shell.Transcript(
            "import {folder}/mdlm.ckpt --corpus markov-47-1-2-1",
            "import {folder}/mdlm.ckpt --corpus markov-46-1-2-1 --ema --raw",
            "import {folder}/mdlm.ckpt --corpus markov-46-1-2-1 --ema",
            "import {folder}/mdlm.ckpt --tokenizer gpt2 --as duo --length 1 --sequences none",
            "import {folder}/bare --corpus markov-44-1-2-1",
            "import {folder}/bare --corpus markov-44-1-2-1 --as mdml",
            "import {folder}/absorb --corpus markov-40-1-2-1",
            "import {folder}/absorb --corpus markov-40-1-2-1 --block-size 40",
            "import {folder}/exec_posix_system.ckpt",
            "import {folder}/lfs_pointer.safetensors",
            "import {folder}/truncated_60.ckpt",
            "import {folder}/shards",
            "import {folder}/nowhere",
            "import"));
    }

    [Fact]
    public void An_import_is_evaluated_sampled_listed_and_reported()
    {
        Copy("mdlm/lightning/mdlm.ckpt", "mdlm.ckpt");
        shell.Checkout = Repository.Root;
        string[] import = ["import", shell.Folder["mdlm.ckpt"], "--ema", "--corpus", "markov-47-1-2-1", "--sequences", "2", "--draws", "1",
            "--samples", "2", "--steps", "2"];
        var first = shell.Run(import);
        Assert.Equal(0, first.Code);
        Assert.Contains("weights: EMA, answered", first.Output, StringComparison.Ordinal);
        Assert.Contains("nothing is left to do", shell.Run(import).Output, StringComparison.Ordinal);
        string run = Assert.Single(Directory.GetDirectories(Path.Combine(shell.Results, "runs", "imported")));
        File.Delete(shell.Folder["mdlm.ckpt"]); // the run keeps its weights
        File.WriteAllText(shell.Folder["text.txt"], string.Join(' ', Enumerable.Range(0, 46)));
        Assert.Contains("MDLM (published), step 1000000",
            shell.Run("eval", "--run", run, "--file", shell.Folder["text.txt"]).Output, StringComparison.Ordinal);
        Assert.Equal(0, shell.Run("sample", "--run", run, "--count", "1", "--steps", "2").Code);
        Assert.Contains("published-mdlm", shell.Run("runs").Output, StringComparison.Ordinal);
        Assert.Equal(0, shell.Run("report", "--output", shell.Folder["report"]).Code);
        Assert.Contains("MDLM (published)", File.ReadAllText(shell.Folder["report/index.html"]), StringComparison.Ordinal);
        File.WriteAllText(shell.Folder["strange.txt"], "1 2 words");
        Assert.Contains("'words' is no symbol", shell.Run("eval", "--run", run, "--file", shell.Folder["strange.txt"]).Error,
            StringComparison.Ordinal);
    }

    private void Copy(string from, string to)
    {
        string path = shell.Folder[to];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Combine(Files, from), path);
    }
}
