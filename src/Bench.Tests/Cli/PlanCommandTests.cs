using System.Globalization;
using Bench.Cli.Display;
using Bench.Experiments.Machine;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>A plan shows runs and their cost, and runs that do not fit are not started.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private readonly Shell shell = new() { Limits = new MachineLimits(Memory: 16_000_000_000, FreeDisk: 100_000_000_000) };

    public void Dispose() => shell.Dispose();

    [Fact]
    public void A_plan_says_how_much_there_is_to_do_and_what_it_costs()
    {
        shell.Folder.Write("counting.yaml", TinyExperiment.Counting());
        shell.Folder.Write("network.yaml", TinyExperiment.Network());
        shell.Folder.Write("longer.yaml", TinyExperiment.Network(steps: 6));
        string before =
            shell.Transcript("plan {folder}/counting.yaml --no-probe", "plan {folder}/counting.yaml {folder}/network.yaml --no-probe");
        shell.Run("run", shell.Folder["counting.yaml"]);
        GoldenFile.Matches("plan.txt", before + "\n" + shell.Transcript("plan {folder}/counting.yaml --no-probe"));
        shell.Run("run", shell.Folder["network.yaml"]);
        Assert.Contains("changed: training.steps 4 -> 6: 1 run (", shell.Run("plan", shell.Folder["longer.yaml"], "--no-probe").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_with_minutes_gives_them_to_scripts_too()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Network()), file = shell.Folder["plan.csv"];
        var answer = shell.Run("plan", definition, "--csv", file);
        Assert.Equal(0, answer.Code);
        Assert.Contains("on this machine", answer.Output, StringComparison.Ordinal);
        var row = Row(file);
        Assert.Equal(("network", "mdlm", "1", "missing", "128"),
            (row["experiment"], row["method"], row["seed"], row["state"], row["tokens"]));
        Assert.All(
            new[] { "training_flop", "likelihood_flop", "generation_flop", "memory_bytes", "disk_bytes", "training_seconds",
                "likelihood_seconds", "generation_seconds" },
            column => Assert.True(double.Parse(row[column], CultureInfo.InvariantCulture) > 0, column));
    }

    [Fact]
    public void Training_with_a_time_budget_takes_that_time_and_its_number_of_steps_is_unknown()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Timed("15")), file = shell.Folder["plan.csv"];
        GoldenFile.Matches("plan-timed.txt",
            shell.Transcript(
                $"plan {{folder}}/network.yaml "
                    + $"{{folder}}/{Path.GetFileName(shell.Folder.Write("counting.yaml", TinyExperiment.Counting()))} --no-probe"));
        Assert.Equal(0, shell.Run("plan", definition, "--no-probe", "--csv", file).Code);
        var row = Row(file);
        Assert.Equal(("", "", "900", "900", ""),
            (row["tokens"], row["training_flop"], row["training_seconds"], row["given_seconds"], row["likelihood_seconds"]));
    }

    [Fact]
    public void The_cost_of_a_time_budget_is_estimated_and_marked()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Timed("15")), file = shell.Folder["plan.csv"];
        var answer = shell.Run("plan", definition, "--csv", file);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Matches(@"To do: ~\S+ \S+ tokens to train on, ~\S+ \S+FLOP, about 15 min on this machine \(15 min training, ",
            answer.Output);
        Assert.Contains("~ is what that comes to at the speed of this machine now; how many steps it is, is measured when it begins.",
            answer.Output, StringComparison.Ordinal);
        var row = Row(file);
        Assert.Equal("900", row["training_seconds"]);
        Assert.True(long.Parse(row["tokens"], CultureInfo.InvariantCulture) >= 32);
    }

    [Fact]
    public void Training_that_is_given_time_is_run_listed_and_submitted_like_any_other()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Timed("0.0005"));
        string cluster = shell.Folder.Write("cluster.yml", "time: 01:00:00\n");
        Assert.Contains("1 to submit", shell.Run("submit", definition, "--slurm", cluster, "--dry-run").Output, StringComparison.Ordinal);
        shell.IsTerminal = true;
        var answer = shell.Run("run", definition);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains("1 run: 1 finished", shell.Run("runs").Output, StringComparison.Ordinal);
        Assert.Contains("1 run: 1 finished.", shell.Run("plan", definition).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_for_ranks_says_what_they_share_and_what_they_do_not()
    {
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Network());
        var alone = shell.Run("plan", definition, "--no-probe");
        var answer = shell.Run("plan", definition, "--ranks", "2", "--no-probe");
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.DoesNotContain("ranks", alone.Output, StringComparison.Ordinal);
        Assert.Contains("2 ranks, 2 on a machine, whose cores they divide", answer.Output, StringComparison.Ordinal);
        Assert.Contains("memory in 2 of the ranks", answer.Output, StringComparison.Ordinal);
        Assert.Contains("2 ranks, 1 on a machine",
            shell.Run("plan", definition, "--ranks", "2", "--machines", "2", "--no-probe").Output, StringComparison.Ordinal);
        Assert.Contains("2 ranks, a card each",
            shell.Run("plan", definition, "--ranks", "2", "--card", "h100").Output, StringComparison.Ordinal);
        foreach (var (options, said) in new (string[], string)[]
        {
            (["--ranks", "3"], "batch of 2 sequences cannot be shared out to 3 ranks"),
            (["--machines", "3"], "it is of ranks that are stated"),
            (["--ranks", "2", "--jobs", "2"], "for runs of one process each"),
        })
        {
            var refused = shell.Run(["plan", definition, "--no-probe", .. options]);
            Assert.Equal(2, refused.Code);
            Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_machine_without_libtorch_plans_without_minutes_and_says_why()
    {
        shell.EngineProblem =
            "libtorch could not be loaded: libtorch_cpu.so: cannot open shared object file Run 'apt-get install libtorch-dev', then build "
                + "again.";
        var answer = shell.Run("plan", shell.Folder.Write("network.yaml", TinyExperiment.Network()));
        Assert.Equal(0, answer.Code);
        Assert.Contains("not timed (libtorch could not be loaded: libtorch_cpu.so: cannot open shared object file).", answer.Output,
            StringComparison.Ordinal);
    }

    [Theory, InlineData("plan"), InlineData("run")]
    public void Runs_that_do_not_fit_are_reported_and_not_started(string command)
    {
        shell.Limits = new MachineLimits(Memory: 100_000_000, FreeDisk: 1000);
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Network());
        var answer = shell.Run([command, definition, .. command == "plan" ? new[] { "--no-probe" } : []]).IsReported(code: 2);
        Assert.Contains("network mdlm seed 1: it needs about", answer.Error, StringComparison.Ordinal);
        Assert.Contains("{folder}/results: 1 run leaves", answer.Error, StringComparison.Ordinal);
        Assert.Equal(command == "plan", answer.Output.Contains("mdlm", StringComparison.Ordinal));
        Assert.False(Directory.Exists(shell.Results));
    }

    [Fact]
    public void Runs_that_do_not_fit_are_started_with_force()
    {
        shell.Limits = new MachineLimits(Memory: 100_000_000, FreeDisk: 1000);
        Assert.Equal(0, shell.Run("run", shell.Folder.Write("network.yaml", TinyExperiment.Network()), "--force").Code);
    }

    [Theory, InlineData(1e6, true), InlineData(0.0, false), InlineData(null, false)]
    public void Times_measured_on_a_busy_machine_are_reported_as_too_long(double? load, bool reported)
    {
        shell.Load = load;
        Assert.Equal(reported,
            shell.Run("plan", shell.Folder.Write("counting.yaml", TinyExperiment.Counting())).Output.Contains("processes were at work on",
                StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_that_do_not_fit_at_once_are_not_begun_at_once()
    {
        shell.Limits = new MachineLimits(Memory: 400_000_000, FreeDisk: 100_000_000_000);
        string definition = shell.Folder.Write("network.yaml", TinyExperiment.Network(method: "mdlm, ar"));
        Assert.StartsWith("--jobs: the 2 largest runs at once need about",
            shell.Run("run", definition, "--jobs", "2").IsReported(code: 2).Error, StringComparison.Ordinal);
        Assert.Equal(0, shell.Run("run", definition).Code);
    }

    [Fact]
    public void A_long_plan_lists_experiments_and_every_run_on_demand()
    {
        string definition =
            shell.Folder.Write("many.yaml", TinyExperiment.Counting() + "seeds: [" + string.Join(", ", Enumerable.Range(1, 21)) + "]\n");
        string brief = shell.Run("plan", definition, "--no-probe").Output,
            all = shell.Run("plan", definition, "--no-probe", "--all").Output;
        Assert.DoesNotContain("seed 21", brief, StringComparison.Ordinal);
        Assert.Contains("42 runs: 42 missing.", brief, StringComparison.Ordinal);
        Assert.Contains("ngram-2 seed 21", all, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_network_has_a_price_that_is_printed()
    {
        string definition = shell.Folder.Write("paper.yaml", """
            name: paper
            data: { corpus: markov, length: 1024 }
            methods: [ar, mdlm, gamma-block]
            model: { blocks: 12, width: 768, heads: 12, condition-width: 128, dropout: 0.1 }
            training: { steps: 1000000, batch-size: 512 }
            sampling: { count: 16, steps: 1024 }
            """);
        var answer = shell.Run("plan", definition, "--no-probe");
        Assert.Equal(2, answer.Code);
        Assert.Contains("FLOP", answer.Output, StringComparison.Ordinal);
        Assert.Contains("3 problems", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Lower ", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.3, "< 1 s"), InlineData(20, "20 s"), InlineData(829, "14 min"), InlineData(9000, "2.5 h"), InlineData(1e6, "12 days"),
        InlineData(3e7, "347 days"), InlineData(3e8, "9.5 years")]
    public void Times_that_are_expected_have_two_digits(double seconds, string words) => Assert.Equal(words, RoughQuantity.Time(seconds));

    [Theory]
    [InlineData(0, "0"), InlineData(7, "7"), InlineData(9.996e2, "1.0 k"), InlineData(68_900_000, "69 M"), InlineData(1.5e10, "15 G")]
    public void Counts_have_two_digits(double count, string words) => Assert.Equal(words, RoughQuantity.Count(count));

    private static Dictionary<string, string> Row(string file)
    {
        string[][] rows = [.. File.ReadAllLines(file).Select(line => line.Split(','))];
        Assert.Equal(2, rows.Length);
        return rows[0].Zip(rows[1]).ToDictionary(field => field.First, field => field.Second);
    }
}
