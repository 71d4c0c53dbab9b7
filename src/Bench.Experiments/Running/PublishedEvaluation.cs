using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Metrics;
using Bench.Objectives;
using Bench.Results.Metrics;
using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>
/// Measures a network on the texts of its paper: as the paper's program does, and, on the same rows and the same counted tokens, by our
/// bound with as many draws as the evaluation has.
/// </summary>
/// <param name="spec">What is measured.</param>
/// <param name="context">The run.</param>
internal sealed class PublishedEvaluation(PublishedSpec spec, RunContext context)
{
    /// <summary>Opens every text before anything is computed.</summary>
    /// <exception cref="SuiteException">A text cannot be had, or makes no row.</exception>
    public static void Check(RunSpec run, DataLibrary library)
    {
        if (run.Published is not { } spec)
            return;
        foreach (var text in spec.Texts)
        {
            using var tokens = text.Open(library, run.Data.Tokenizer);
            _ = Rows(spec, run, tokens, spec.Sequences);
        }
    }

    /// <summary>Rows of <c>metrics.csv</c>: of each text both numbers.</summary>
    /// <param name="method">The method.</param>
    /// <param name="network">The network, in evaluation mode.</param>
    public IEnumerable<Metric> Of(NetworkMethod method, IDenoiser network)
    {
        foreach (var text in spec.Texts)
        {
            using var tokens = text.Open(context.Library, context.Data.Tokenizer);
            yield return AsPublished(method, network, text, Rows(spec, context.Spec, tokens, spec.Sequences));
            foreach (var metric in Ours(method, network, text, Rows(spec, context.Spec, tokens, context.Spec.Evaluation.Sequences)))
                yield return metric;
        }
    }

    private static LaidOutRows Rows(PublishedSpec spec, RunSpec run, ITokens tokens, int? limit)
    {
        int separator = run.Data.Tokenizer.Separator;
        var documents = new TokenDocuments(tokens, separator);
        return new(documents, separator, spec.Rows, run.Data.Length, spec.EndsDocuments, spec.GivesFirst, limit);
    }

    private Metric AsPublished(NetworkMethod method, IDenoiser network, PublishedText text, LaidOutRows rows)
    {
        var found = new PublishedPerplexity(
                method, spec.Protocol, context.Random.Split("as published").Split(text.Name), TorchEnvironment.Device)
            .Of(network, rows, done => context.Stage($"{text.Name} as published", (double)done / rows.Count), context.Stop);
        bool isExact = spec.Protocol.Loss == PublishedLoss.Bound && Objective(method, rows).IsExact;
        string drawn = isExact ? "exact" : spec.Protocol.Draws == 1 ? $"one noise time a row, stratified over {spec.Protocol.Batch} rows"
            : $"{spec.Protocol.Draws} noise times a row, stratified over {spec.Protocol.Batch} copies";
        return PublishedMetrics.Perplexity.Row(
            text.Name, found.Perplexity, double.IsNaN(found.StandardError) ? null : found.Perplexity * found.StandardError, found.Rows,
            $"{drawn}; {Text(rows)}; {found.Tokens} tokens counted", context.Likelihoods.Units);
    }

    private IEnumerable<Metric> Ours(NetworkMethod method, IDenoiser network, PublishedText text, LaidOutRows rows)
    {
        var objective = Objective(method, rows);
        var likelihood = new Likelihood(
            objective, context.Spec.Evaluation.Draws, context.Random.Split("likelihood").Split(text.Name), TorchEnvironment.Device);
        var estimate =
            likelihood.Of(network, rows, done => context.Stage(text.Name, (double)done / rows.Count), context.Stop);
        var bound = objective.ForLikelihood;
        string how = bound.IsExact ? "exact" : $"{bound.Name}, {likelihood.Draws} {bound.Draws} a row";
        return context.Likelihoods.Of(text.Name, estimate, chunks: null, bound.IsExact, $"{how}; {Text(rows)}");
    }

    // Published networks that go token by token predict the second token from the first.
    private IObjective Objective(NetworkMethod method, LaidOutRows rows)
    {
        var objective = method.Objective(method.Setup(rows.Vocabulary, rows.Length));
        return spec.GivesFirst ? objective.ReadingFirst : objective;
    }

    private string Text(LaidOutRows rows) =>
        $"{(rows.Count == rows.Total ? "all" : $"{rows.Count} of")} {rows.Total} rows: {spec.RowsText(rows.Length)} "
            + $"({context.Data.Tokenizer.Name})";
}
