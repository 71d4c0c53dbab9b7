using System.Text;
using Bench.Cli;
using Bench.Cli.Commands;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>What <c>bench sample</c> prints.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void A_prompt_begins_every_text_whatever_its_length()
    {
        string run = Run("ar");
        foreach (int length in new[] { 7, 16, 50 })
        {
            int[][] texts = Texts(run, "--prompt", "0 1 2", "--count", "3", "--length", $"{length}");
            Assert.All(texts, text => Assert.Equal(length, text.Length));
            Assert.All(texts, text => Assert.Equal([0, 1, 2], text[..3]));
        }

        Assert.Equal(16, Assert.Single(Texts(run, "--count", "1")).Length);
    }

    [Fact]
    public void Gaps_are_filled_and_nothing_else_is_touched()
    {
        int[][] texts = Texts(Run("mdlm"), "--infill", "0 _ _ 2 1 _ 0", "--count", "4");
        Assert.All(texts, text => Assert.Equal((7, 0, 2, 1, 0), (text.Length, text[0], text[3], text[4], text[6])));
        Assert.All(texts.SelectMany(text => text), token => Assert.InRange(token, 0, 2));
    }

    [Fact]
    public void Texts_end_behind_what_they_are_to_end_with()
    {
        string run = Run("ar");
        int[][] whole = Texts(run, "--count", "6"), ended = Texts(run, "--count", "6", "--until", "1 2");
        foreach (var (text, all) in ended.Zip(whole))
            Assert.Equal(all.AsSpan().IndexOf([1, 2]) is >= 0 and var at ? all[..(at + 2)] : all, text);
        Assert.NotEqual(whole, ended);
    }

    [Fact]
    public void How_texts_are_batched_cached_and_watched_changes_none_of_them()
    {
        string run = Run("ar");
        string usual = shell.Run("sample", "--run", run, "--count", "5").Output;
        Assert.Equal(usual, shell.Run("sample", "--run", run, "--count", "5", "--batch", "2").Output);
        Assert.Equal(usual, shell.Run("sample", "--run", run, "--count", "5", "--no-cache").Output);
        Assert.NotEqual(usual, shell.Run("sample", "--run", run, "--count", "5", "--seed", "2").Output);
        string watched = shell.Run("sample", "--run", run, "--count", "5", "--watch").Output;
        Assert.EndsWith(usual, watched, StringComparison.Ordinal);
        Assert.Contains("step 1 of 16, ", watched, StringComparison.Ordinal);
        shell.IsTerminal = true;
        Assert.EndsWith($"\u001b[J{usual}\u001b[?25h",
            shell.Run("sample", "--run", run, "--count", "5", "--watch", "--frame-ms", "0").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void At_temperature_0_every_text_of_an_autoregressive_model_is_the_same()
    {
        int[][] texts = Texts(Run("ar"), "--temperature", "0", "--count", "3", "--prompt", "0");
        Assert.Single(texts.Select(text => string.Join(' ', text)).Distinct());
    }

    [Fact]
    public void Finished_texts_are_kept_on_interruption()
    {
        string run = Run("mdlm");
        using var stop = new CancellationTokenSource();
        using var output = new Interrupting(stop);
        using var error = new StringWriter();
        int code = Application.Run(["sample", "--run", run, "--count", "1000", "--batch", "2"],
            new CliEnvironment(output, error) { Stop = stop.Token });
        Assert.Equal((ExitCodes.Interrupted, "Interrupted." + Environment.NewLine), (code, error.ToString()));
        Assert.Equal(2, output.Lines);
    }

    [Fact]
    public void All_impossible_requests_are_reported_at_once()
    {
        string folder = Path.GetRelativePath(shell.Folder.Path, Run("ar")),
            other = Path.GetRelativePath(shell.Folder.Path, Run("sedd-uniform"));
        string seen = shell.Transcript(
            $"sample --run {{folder}}/{folder} --temperature -1 --nucleus 1.5 --batch 0 --frame-ms soon --length 0",
            $"sample --run {{folder}}/{folder} --prompt x --infill 9 --sampler ancestrl --steps 3 --until 0,1",
            $"sample --run {{folder}}/{folder} --prompt 0\u00a01\u00a02\u00a00 --length 3 --sampler analytic",
            $"sample --run {{folder}}/{folder} --infill 0\u00a01 --until 7",
            $"sample --run {{folder}}/{folder} --prompt 0\u00a01 --until 1",
            $"sample --run {{folder}}/{folder} --infill 0_0_0_0_0_0_0_0_0_0",
            $"sample --run {{folder}}/{other} --sampler ancestral",
            $"sample --run {{folder}}/{folder} --infill \u00a0 --length 17",
            $"sample --run {{folder}}/{folder} --infill 0___1 --length 3",
            $"sample --run {{folder}}/{folder} --prompt 0 --prompt 1",
            $"sample --run {{folder}}/{folder} --wach",
            $"sample --run {{folder}}");
        GoldenFile.Matches("wrong-samples.txt",
            seen.Replace(folder, "ar", StringComparison.Ordinal).Replace(other, "sedd-uniform", StringComparison.Ordinal));
    }

    private int[][] Texts(params string[] arguments)
    {
        var answer = shell.Run(["sample", "--run", .. arguments]);
        Assert.True(answer.Code == 0, answer.ToString());
        return [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ').Select(int.Parse).ToArray())];
    }

    private string Run(string method)
    {
        string definition = shell.Folder.Write($"{method}.yaml", TinyExperiment.Network(method: method));
        Assert.Equal(0, shell.Run("run", definition).Code);
        return Directory.GetDirectories(Path.Combine(shell.Results, "runs", "network"))
            .Single(
                folder => File.ReadAllText(Path.Combine(folder, "definition.json")).Contains($"\"{method}\"", StringComparison.Ordinal));
    }

    // Asks for the end as soon as the first batch is printed.
    private sealed class Interrupting(CancellationTokenSource stop) : StringWriter
    {
        public int Lines { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            if (++Lines == 2)
                stop.Cancel();
        }
    }
}
