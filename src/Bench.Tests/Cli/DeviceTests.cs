using Bench.Cli.Work;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Device and micro-batches as options of runs, and plans for a card.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly Shell shell = new() { Limits = new MachineLimits(Memory: 16_000_000_000, FreeDisk: 1_000_000_000_000) };

    public void Dispose() => shell.Dispose();

    [Theory]
    [InlineData("auto", "auto", true, false), InlineData("cpu", "cpu", false, true), InlineData("cuda", "cuda", true, true)]
    [InlineData("cuda:0", "cuda:0", true, true), InlineData("cuda:12", "cuda:12", true, true)]
    public void Devices_are_read_and_written(string text, string written, bool isCuda, bool isRequired)
    {
        var choice = DeviceChoice.Parse(text)!;
        Assert.Equal((written, isCuda, isRequired), (choice.ToString(), choice.IsCuda, choice.IsRequired));
        Assert.Equal(choice, DeviceChoice.Of(text, "cpu"));
        Assert.Equal(choice, DeviceChoice.Of(option: null, text));
    }

    [Theory, InlineData("gpu"), InlineData("cuda:"), InlineData("cuda:-1"), InlineData("CUDA"), InlineData("cuda:1x"), InlineData(" cpu")]
    public void What_is_no_device_is_refused_with_what_is_one(string text)
    {
        Assert.Null(DeviceChoice.Parse(text));
        Assert.Null(DeviceChoice.Of(option: null, text));
        var answer = shell.Run("plan", Network(), "--no-probe", "--device", text);
        Assert.Equal(2, answer.Code);
        Assert.Contains($"--device: '{text}' is no device", answer.Error, StringComparison.Ordinal);
        Assert.Contains(DeviceChoice.Known, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_word_it_is_what_is_there()
    {
        Assert.Equal(DeviceChoice.Auto, DeviceChoice.Of(option: null, variable: null));
        Assert.Equal(DeviceChoice.Auto, DeviceChoice.Of(option: null, variable: ""));
        Assert.Equal(DeviceChoice.NoCuda() is null ? "cuda:0" : "cpu", $"{DeviceChoice.Auto.Find()}");
    }

    [Theory, InlineData("cuda"), InlineData("cuda:7")]
    public void A_card_that_is_not_there_is_one_line_before_any_work(string device)
    {
        if (DeviceChoice.NoCuda() is null && device == "cuda")
            return;
        foreach (string[] command in new[] { new[] { "run", Network() }, ["run", Network(), "--jobs", "2"] })
        {
            var answer = shell.Run([.. command, "--device", device]);
            Assert.Equal(1, answer.Code);
            Assert.StartsWith($"bench: --device {device} is not to be had: ", answer.Error, StringComparison.Ordinal);
            Assert.Equal(2, answer.Error.TrimEnd('\n').Split('\n').Length); // what, and what to do
            Assert.False(Directory.Exists(Path.Combine(shell.Results, "runs")));
        }
    }

    [Fact]
    public void The_doctor_says_which_device_it_is_and_why_no_card()
    {
        string said = shell.Run("doctor", "--device", "cpu").Output;
        Assert.Matches(@"(?m)^ok\s+device\s+the processor computes; no CUDA: ", said);
        if (DeviceChoice.NoCuda() is var (what, _))
        {
            Assert.Contains(what, shell.Run("doctor").Output, StringComparison.Ordinal);
            Assert.Matches(@"(?m)^MISSING\s+device\s+--device cuda is not to be had", shell.Run("doctor", "--device", "cuda").Output);
        }
    }

    [Fact]
    public void Micro_batches_change_neither_the_id_nor_the_metrics_and_are_recorded()
    {
        string definition = Network();
        Assert.Equal(0, shell.Run("run", definition, "--threads", "1").Code);
        string whole = shell.Results;
        var one = Assert.Single(new RunStore(whole).ReadAll());
        Assert.Equal(0, shell.Run("run", definition, "--threads", "1", "--micro-batch", "1", "--results", shell.Folder["parts"]).Code);
        var other = Assert.Single(new RunStore(shell.Folder["parts"]).ReadAll());
        Assert.Equal(Path.GetFileName(one.Folder), Path.GetFileName(other.Folder));
        Assert.Contains("micro-batches of 1", File.ReadAllText(Path.Combine(other.Folder, "environment.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("micro", File.ReadAllText(Path.Combine(one.Folder, "environment.json")), StringComparison.Ordinal);
        Assert.All(one.Curve.Zip(other.Curve), point => Assert.InRange(point.First.Loss - point.Second.Loss, -1e-5, 1e-5));
    }

    [Fact]
    public void A_batch_of_another_size_in_parts_goes_to_other_processes_too()
    {
        var orders = new WorkerOrders(["bench"], "results", "cache", Threads: 1, ScorerThreads: 1, Retry: false, Force: false, "cpu", 3);
        string words = string.Join(' ', orders.Start().ArgumentList);
        Assert.Contains("--micro-batch 3 ", words, StringComparison.Ordinal);
        Assert.Contains("--device cpu ", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_of_a_cluster_are_given_device_and_micro_batch()
    {
        string profile = shell.Folder.Write("profile.yml", "time: 01:00:00\n");
        string script = shell.Run("submit", Network(), "--slurm", profile, "--dry-run", "--device", "cuda", "--micro-batch", "4").Output;
        Assert.Contains(" --device cuda --micro-batch 4", script, StringComparison.Ordinal);
        Assert.DoesNotContain("--device", shell.Run("submit", Network(), "--slurm", profile, "--dry-run").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_card_gives_memory_time_and_the_micro_batch_that_fits()
    {
        string file = shell.Folder["plan.csv"];
        string definition = Large();
        var answer = shell.Run("plan", definition, "--device", "cuda", "--card", "mine, 100, 1000, 24", "--csv", file);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains("mine (100 TFLOP/s in bf16, 6.3 in float32, 1000 GB/s, 26 GB) at 0.4 of", answer.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was", answer.Output, StringComparison.Ordinal);
        Assert.Matches(@"give bench run --micro-batch \d+", answer.Output);
        // Training alone, by hand: operations over the share of the card's products.
        string[] header = File.ReadLines(file).First().Split(','), row = File.ReadLines(file).Skip(1).First().Split(',');
        double Cell(string name) => double.Parse(row[Array.IndexOf(header, name)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Cell("training_flop") / (0.4 * 100e12), Cell("training_seconds"), 1e-6 * Cell("training_seconds"));
        Assert.InRange(Cell("memory_bytes"), 24 * Cell("parameters"), 24 * Math.Pow(2, 30));

        shell.Run("plan", definition, "--card", "mine, 100, 1000, 24", "--utilisation", "0.2", "--csv", file);
        string[] slower = File.ReadLines(file).Skip(1).First().Split(',');
        Assert.Equal(2 * Cell("training_seconds"), double.Parse(slower[Array.IndexOf(header, "training_seconds")],
            System.Globalization.CultureInfo.InvariantCulture), 1e-6 * Cell("training_seconds"));
    }

    [Fact]
    public void A_card_that_is_too_small_even_for_one_sequence_is_a_problem()
    {
        var answer = shell.Run("plan", Large(), "--card", "small, 100, 1000, 2");
        Assert.Equal(2, answer.Code);
        Assert.Contains("of the card even with one sequence at once, and small has 2.1 GB", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Lower model.width", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h1000"), InlineData("mine"), InlineData("mine, 100, 1000"), InlineData("mine, 100, fast, 24")]
    [InlineData("mine, 0, 1000, 24"), InlineData(", 100, 1000, 24"), InlineData("mine, 1, 2, 3, 4, 5")]
    [InlineData("mine, NaN, 1000, 24"), InlineData("mine, 1, 2, 3, x")]
    public void What_is_no_card_is_refused_with_what_is_one(string text)
    {
        Assert.Null(Card.Parse(text));
        var answer = shell.Run("plan", Network(), "--card", text);
        Assert.Equal(2, answer.Code);
        Assert.Contains("is no card", answer.Error, StringComparison.Ordinal);
        Assert.Contains("h100", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cards_are_known_by_short_names_and_by_their_numbers()
    {
        Assert.All(Card.Known, known => Assert.Equal(known.Card, Card.Parse(known.Key.ToUpperInvariant())));
        Assert.All(Card.Known, known => Assert.InRange(known.Card.SingleFlops, known.Card.HalfFlops / 17, known.Card.HalfFlops));
        Assert.Equal(new Card("mine", 2e14, 5e13, 1e12, 24 * Math.Pow(2, 30)), Card.Parse("mine, 200, 1000, 24, 50"));
    }

    [Theory]
    [InlineData("--utilisation", "0.4"), InlineData("--card", "h100", "--device", "cpu")]
    [InlineData("--card", "h100", "--utilisation", "2")]
    public void What_does_not_go_together_is_refused(params string[] options) =>
        Assert.Equal(2, shell.Run(["plan", Network(), "--no-probe", .. options]).Code);

    [Fact]
    public void A_card_that_is_neither_here_nor_stated_cannot_be_planned_for()
    {
        if (DeviceChoice.NoCuda() is null)
            return;
        var answer = shell.Run("plan", Network(), "--device", "cuda");
        Assert.Equal(2, answer.Code);
        Assert.Contains("--card and one of a100-40", answer.Error, StringComparison.Ordinal);
    }

    // In parts a step keeps less, and nothing else changes.
    [Fact]
    public void Memory_of_a_step_is_that_of_its_micro_batch()
    {
        string file = shell.Folder["plan.csv"];
        shell.Run("plan", Large(), "--no-probe", "--csv", file);
        double whole = Memory();
        shell.Run("plan", Large(), "--no-probe", "--csv", file, "--micro-batch", "8");
        double parts = Memory();
        shell.Run("plan", Large(), "--no-probe", "--csv", file, "--micro-batch", "16");
        double larger = Memory();
        Assert.InRange(parts, 0, whole);
        Assert.InRange(larger, parts, whole);

        double Memory() => double.Parse(
            File.ReadLines(file).Skip(1).First().Split(',')[Array.IndexOf(File.ReadLines(file).First().Split(','), "memory_bytes")],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    private string Network() => shell.Folder.Write("network.yaml", TinyExperiment.Network());

    private string Large() => shell.Folder.Write("large.yaml", """
        name: large
        data: { corpus: markov-3-1-1-1, length: 512 }
        methods: [mdlm]
        model: { blocks: 12, width: 768, heads: 12, condition-width: 128 }
        training: { steps: 100000, batch-size: 512 }
        evaluation: { sequences: 2, draws: 1 }
        sampling: { count: 1, steps: 2 }

        """);
}
