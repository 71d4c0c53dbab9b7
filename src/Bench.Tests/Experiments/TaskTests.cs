using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Running;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tasks.Infilling;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>The task in definitions and runs.</summary>
public sealed class TaskTests
{
    private static readonly string Networks =
        Workplace.Experiment.Replace("ngram-1, ngram-2, ar, mdlm]", "ar, mdlm]", StringComparison.Ordinal);

    [Fact]
    public void A_definition_names_its_task()
    {
        using var place = new Workplace();
        var reading = place.Read(Networks + "\ntask: { kind: infilling, given: middle, share: 0.25, train-given: true }");
        Assert.Empty(reading.Problems);
        Assert.All(reading.Runs, run => Assert.Equal(new InfillingTask(GivenPart.Middle, 0.25, TrainsGiven: true), run.Task));
        Assert.All(reading.Runs, run => Assert.Equal(run.Task, RunJson.Read(RunJson.Write(run)).Task));
        Assert.Contains("\"task\":{\"given\":\"middle\"", reading.Runs[0].Definition("hash").Canonical, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_one_it_is_text_generation_and_runs_are_named_as_before()
    {
        using var place = new Workplace();
        var (left, written) = (place.Read(Networks), place.Read(Networks + "\ntask: { kind: text-generation }"));
        Assert.Empty(written.Problems);
        Assert.Equal(left.Runs.Select(Canonical), written.Runs.Select(Canonical));
        Assert.DoesNotContain("task", Canonical(left.Runs[0]), StringComparison.Ordinal);

        static string Canonical(RunSpec run) => run.Definition("hash").Canonical;
    }

    [Fact]
    public void A_method_that_cannot_do_the_task_is_reported_before_anything_runs()
    {
        using var place = new Workplace();
        var problem = place.Read(Workplace.Experiment + "\ntask: { kind: infilling }").Problems[1];
        const string Reason = "infilling takes a network that a part can be given to; ngram-2 has none";
        Assert.Equal($"ngram-2 cannot do the task infilling: {Reason}", problem.What);
        problem = Assert.Single(place.Read(Networks + "\ntask: { kind: infilling, share: 1 }").Problems);
        Assert.StartsWith("task.share is 1, but", problem.What, StringComparison.Ordinal);
    }

    [Theory, InlineData("{ kind: text-generation, share: 0.5 }"), InlineData("{ share: 0.5 }")]
    public void A_key_of_another_task_is_an_error_that_names_its_tasks(string task)
    {
        using var place = new Workplace();
        var problem = Assert.Single(place.Read($"{Networks}\ntask: {task}").Problems);
        Assert.Equal("'share' under task is a key of infilling, but the task is text-generation", problem.What);
        Assert.Equal("Leave it out, or write kind: infilling.", problem.Fix);
    }

    [Fact]
    public void Of_a_task_that_there_is_not_only_that_is_reported()
    {
        using var place = new Workplace();
        var problem = Assert.Single(place.Read($"{Networks}\ntask: {{ kind: infiling, share: 0.5 }}").Problems);
        Assert.Equal("unknown task 'infiling' in task.kind", problem.What);
    }

    [Fact]
    public void Another_text_is_evaluated_as_the_run_was()
    {
        using var place = new Workplace();
        string one = Networks.Replace("ar, mdlm]", "ar]", StringComparison.Ordinal);
        var run = Assert.Single(place.PlanAll(one + "\ntask: { kind: infilling, given: prefix, share: 0.75 }"));
        var own = place.Finish(run).Metrics.Single(row => row.Name == LikelihoodMetrics.Likelihood.Name && row.Split == Splits.Test);
        using var data = run.Spec.Data.Open(place.Library);
        var chunks = new EvaluationChunks(data.Test, 16, 64);
        string text = string.Join(' ', Enumerable.Range(0, 64).Select(i => data.Tokenizer.Decode(chunks.Read(i))));
        using var model = TrainedModel.Load(run.Folder);
        var again = model.Evaluate(place.Write("text", text)).Single(row => row.Name == LikelihoodMetrics.Likelihood.Name);
        Assert.Equal(own.Value, again.Value, 1e-5); // exact, of the same chunks
        Assert.Contains("the first 75% of a sequence are given, and likelihoods are per token of the other 256", again.Protocol,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_measured_and_completed_where_nothing_is_given()
    {
        using var place = new Workplace();
        var records = new List<RunRecord>();
        foreach (var run in place.PlanAll(Networks + "\ntask: { kind: infilling, given: middle, share: 0.5, train-given: true }"))
        {
            var record = place.Finish(run);
            records.Add(record);
            var likelihood = record.Metrics.First(row => row.Name == LikelihoodMetrics.Likelihood.Name);
            Assert.Contains("50% of a sequence are given", likelihood.Protocol, StringComparison.Ordinal);
            Assert.Equal(run.Spec.Method.Name == "ar", likelihood.Protocol.Contains("not seen", StringComparison.Ordinal));
            Assert.DoesNotContain(record.Metrics, row => row.Name == LikelihoodMetrics.TrueEntropy.Name);
            Assert.InRange(record.Generation.Single(row => row.Name == InfillingMetrics.TokenAccuracy.Name).Value, 0, 1);
        }

        // Its section of a report.
        var table = InfillingTable.Build(Assert.Single(Comparison.All(records)), new RunLinks(place[""]))!;
        Assert.Equal(2, table.Rows.Length);
        Assert.All(table.Rows, row => Assert.Equal(5, row.Cells.Count(cell => cell is Cell.Words or Cell.Number)));
    }
}
