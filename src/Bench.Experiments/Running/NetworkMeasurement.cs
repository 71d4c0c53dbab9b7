using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Metrics;
using Bench.Objectives;
using Bench.Results;
using Bench.Tasks;

namespace Bench.Experiments.Running;

/// <summary>What is measured of a network, whether it was trained or imported: likelihoods and what it generates.</summary>
/// <param name="method">The row.</param>
/// <param name="context">The run.</param>
/// <param name="network">The network, in evaluation mode.</param>
/// <param name="remark">Ends the protocol of every likelihood.</param>
internal sealed class NetworkMeasurement(NetworkMethod method, RunContext context, IDenoiser network, string remark)
{
    private readonly IObjective objective = method.Objective(method.Setup(context.Data.Vocabulary, context.Spec.Data.Length));
    private readonly ITask task = context.Task;

    /// <summary>Looks at the texts before anything is computed.</summary>
    /// <exception cref="SuiteException">A text is shorter than a sequence.</exception>
    public static void Check(RunContext context)
    {
        foreach (var part in context.Spec.Evaluation.Splits)
            context.Chunks(part);
    }

    /// <summary>Likelihoods of the parts of the corpus and of other texts, as rows of <c>metrics.csv</c>.</summary>
    public IEnumerable<Metric> Likelihoods()
    {
        foreach (var part in context.Spec.Evaluation.Splits)
        {
            var chunks = context.Chunks(part);
            string split = SplitNames.Of(part);
            var rows = Likelihood(split, chunks, out var estimate);
            foreach (var metric in rows)
                yield return metric;
            if (estimate.Targets < (long)chunks.Count * chunks.Length)
                continue; // the source's entropy is that of whole texts
            foreach (var metric in context.Likelihoods.Truth(split, context.Spec.Data.Source, chunks, estimate))
                yield return metric;
        }

        foreach (var metric in context.ZeroShot((name, chunks) => Likelihood(name, chunks, out _)))
            yield return metric;
    }

    /// <summary>Generates texts and measures them; nothing where none are asked for.</summary>
    public void Generate()
    {
        if (context.Spec.Sampling.Count == 0)
            return;
        var (main, rows) = new GenerationStudy(method, context, network).Carry();
        context.Folder.WriteGeneration(rows);
        SampleFiles.Write(context, main.Sequences);
    }

    private IEnumerable<Metric> Likelihood(string split, EvaluationChunks chunks, out LikelihoodEstimate estimate)
    {
        var likelihood = new Likelihood(objective, context.Spec.Evaluation.Draws, context.Random.Split("likelihood").Split(split),
            TorchEnvironment.Device);
        estimate = likelihood.Of(
            network, task.Evaluation(chunks), done => context.Stage(split, (double)done / chunks.Count), context.Stop);
        var bound = objective.ForLikelihood;
        string protocol = context.Likelihoods.Protocol(chunks, bound, likelihood.Draws) + Condition(estimate) + remark;
        return context.Likelihoods.Of(split, estimate, chunks, bound.IsExact, protocol);
    }

    private string Condition(LikelihoodEstimate estimate) =>
        task.Condition(method) is { Length: > 0 } given
            ? $"; {given}, and likelihoods are per token of the other {estimate.Targets}"
            : "";
}
