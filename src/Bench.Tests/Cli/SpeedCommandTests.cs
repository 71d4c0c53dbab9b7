using Xunit;

namespace Bench.Tests.Cli;

/// <summary><c>bench speed</c> as one sees it.</summary>
[Collection(nameof(Alone))]
public sealed class SpeedCommandTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void All_wrong_options_are_reported_at_once_and_nothing_is_measured() => GoldenFile.Matches(
        "wrong-speed.txt",
        shell.Transcript(
            "speed --cases tran-mdlm-tiny laptpo --published {folder}/none.csv",
            "speed --cases gamma bd3lm --peer python3 {folder}",
            "speed --peer",
            "speed --peer chroot /srv/debian python3",
            "speed --precision bf61 --repeats 0",
            "speed --profile mdlm --cases tiny",
            "speed --kernels train-mdlm-tiny --profile train-mdlm-tiny --steps 5",
            "speed --memory mdlm --repeats 2",
            "speed --steps 10",
            "speed --cases train-mdlm-tiny --peer python3 {folder}"));

    [Fact]
    public void A_case_is_shown_with_its_columns_and_beside_published_speeds_that_are_labelled()
    {
        string published = shell.Folder.Write("peers.csv",
            "case,system,precision,tokens_per_second,certainty\ntrain-ar-tiny,faster-peer,fp32,1000,seen\n"
                + "train-mdlm-tiny,slower-peer,fp32,1,seen\n");
        string csv = shell.Folder["speed.csv"];
        var answer = shell.Run("speed", "--cases", "train-ar-tiny", "--repeats", "2", "--seconds", "0", "--precision", "float32",
            "--published", published, "--csv", csv);
        Assert.Equal(0, answer.Code);
        Assert.All(["Tokens/s", "quartiles", "GFLOP/s", "Of GEMM", "Memory", "Page faults", "Medians of 2 rounds"],
            word => Assert.Contains(word, answer.Output, StringComparison.Ordinal));
        Assert.Contains("train-ar-tiny  float32", answer.Output, StringComparison.Ordinal);
        Assert.Contains("faster-peer", answer.Output, StringComparison.Ordinal);
        Assert.Contains("measured in another run", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("slower-peer", answer.Output, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(csv);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("case,system,precision,rounds,tokens_per_second,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("train-ar-tiny,bench,float32,2,", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[0].Count(letter => letter == ','), lines[1].Count(letter => letter == ','));
    }

    [Fact]
    public void A_damaged_file_of_published_speeds_is_named_with_the_line()
    {
        string published =
            shell.Folder.Write("peers.csv", "case,system,precision,tokens_per_second,certainty\ntrain-ar-tiny,peer,fp32,0,seen\n");
        var answer = shell.Run("speed", "--published", published).IsReported(code: 1);
        Assert.Contains("peers.csv:2: this file is damaged: tokens_per_second is not above 0", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_shows_operators_and_what_lies_outside_of_them()
    {
        string csv = shell.Folder["profile.csv"];
        var answer = shell.Run("speed", "--profile", "train-ar-tiny", "--seconds", "0", "--csv", csv);
        Assert.Equal(0, answer.Code);
        Assert.All(["product", "backward pass", "forward", "outside operators", "1 step."],
            word => Assert.Contains(word, answer.Output, StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(csv);
        Assert.Equal("case,operator,pass,calls_per_step,ms_per_step,share", lines[0]);
        Assert.StartsWith("train-ar-tiny,outside operators,", lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Skip(1).Sum(line => double.Parse(line.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture)),
            0.99, 1.01);
    }

    [Fact]
    public void Kernels_are_shown_by_what_a_step_takes_without_them()
    {
        string csv = shell.Folder["kernels.csv"];
        var answer = shell.Run("speed", "--kernels", "train-mdlm-quick", "--seconds", "0", "--repeats", "1", "--csv", csv);
        Assert.Equal(0, answer.Code);
        Assert.All(["Without", "attention", "adamw", "Saves of a step", "train-mdlm-quick"],
            word => Assert.Contains(word, answer.Output, StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(csv);
        Assert.Equal("case,precision,without,rounds,ms_per_step,slower_low,slower,slower_high,saved", lines[0]);
        Assert.Equal(["none", "attention", "normalise", "gelu", "cross-entropy", "adamw", "linear", "all"],
            lines.Skip(1).Select(line => line.Split(',')[2]));
    }

    [Fact]
    public void Memory_is_shown_over_steps()
    {
        string csv = shell.Folder["memory.csv"];
        var answer = shell.Run("speed", "--memory", "train-mdlm-quick", "--steps", "5", "--csv", csv);
        Assert.Equal(0, answer.Code);
        Assert.All(["Resident", "Native heap in use", "train-mdlm-quick"],
            word => Assert.Contains(word, answer.Output, StringComparison.Ordinal));
        Assert.Equal(["case,precision,step,resident_mib,native_mib,managed_mib", "1", "2", "3", "4", "5"],
            File.ReadAllLines(csv).Select((line, i) => i == 0 ? line : line.Split(',')[2]));
    }
}
