using System.Diagnostics;
using Bench.Experiments.Slurm;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Experiments.Scaling;

/// <summary>The scripts of a submission.</summary>
public sealed class SubmissionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_scripts_of_little_are_as_they_were() => Matches("little.txt", Orders.Little);

    [Fact]
    public void The_scripts_of_everything_are_as_they_were() => Matches("much.txt", Orders.Much);

    [Fact]
    public void The_scripts_of_several_ranks_are_as_they_were() => Matches("ranks.txt", Orders.Ranked);

    [Fact]
    public void Every_script_is_bash()
    {
        foreach (var order in new[] { Orders.Little, Orders.Much, Orders.Ranked })
        {
            var submission = Submission.Of(order with { Results = folder["results"] });
            submission.Write();
            string[] scripts = Directory.GetFiles(submission.Folder, "*.sh");
            Assert.NotEmpty(scripts);
            foreach (string script in scripts)
            {
                using var bash = Process.Start("bash", ["-n", script]);
                bash.WaitForExit();
                Assert.True(bash.ExitCode == 0, script);
            }
        }
    }

    [Fact]
    public void Queued_runs_keep_their_folder_when_others_are_submitted()
    {
        var order = Orders.Little;
        Assert.Equal(Submission.Of(order).Folder, Submission.Of(order with { }).Folder);
        Order[] others =
        [
            order with { Runs = [order.Runs[1]] },
            order with { Definitions = [order.Definitions[0] with { Text = "name: other\n" }] },
            order with { Profile = order.Profile with { Cpus = 2 } },
            order with { Retry = true },
            order with { Runs = [order.Runs[0], order.Runs[1] with { Resolved = "{}" }] },
        ];
        Assert.Equal(others.Length + 1, others.Prepend(order).Select(other => Submission.Of(other).Folder).Distinct().Count());
    }

    [Fact]
    public void A_job_is_known_by_its_name()
    {
        var submission = Submission.Of(Orders.Much with { Results = folder["results"] });
        submission.Write();
        Assert.Equal(["00000000000000a1", "00000000000000a2"], Submission.RunsOfJob(folder["results"], submission.Job));
        Assert.Equal(["00000000000000f0"], Submission.RunsOfJob(folder["results"], $"{submission.Job}-scorers"));
        Assert.All(["bench-grid-00000000", "another", "bench-", $"{submission.Job}-report", "bench-../x"],
            job => Assert.Empty(Submission.RunsOfJob(folder["results"], job)));
    }

    [Fact]
    public void Definitions_of_one_name_are_all_copied_and_are_found_whatever_they_were_called() => Assert.Equal(
        ["x.yaml", "x-2.yaml", "x-2-2.yaml", "X-3.yaml", "grid.yaml"],
        FrozenDefinition.Of(
            [new("/a/x.yaml", "1"), new("/b/x.yml", "2"), new("/b/x-2.yaml", "3"), new("/c/X.yaml", "4"), new("/c/grid", "5")])
                .Select(copy => copy.Name));

    private static void Matches(string name, Order order)
    {
        var submission = Submission.Of(order);
        string hash = submission.Folder[^8..];
        string text = string.Concat(submission.Files.Select(file => $"==> {file.Name}\n{file.Text}\n"))
            .Replace(hash, "HASH", StringComparison.Ordinal);
        GoldenFile.Matches(Path.Combine(GoldenFile.Folder, "..", "Scaling", "Golden", name), text);
    }
}
