using System.Collections.Immutable;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.Comparisons;

/// <summary>Everything known of one definition: its runs, which differ in nothing but the seed.</summary>
/// <param name="Label">What to call it in this comparison, where every label is there once.</param>
/// <param name="Runs">At least one, by seed.</param>
public sealed record MethodResult(string Label, ImmutableArray<RunRecord> Runs)
{
    /// <summary>The definition, with the first seed.</summary>
    public RunDefinition Definition => Runs[0].Definition;

    public string Method => Definition.Method;

    /// <summary>
    /// Its place among the networks of its family, by label, from 0: figures take its colour from there, so that it stays when results
    /// change.
    /// </summary>
    public int Place { get; init; }

    /// <summary>The n of an n-gram baseline; null for a network.</summary>
    public int? NGramOrder => Definition.NGramOrder;

    public ImmutableArray<RunRecord> Finished => [.. Runs.Where(run => run.Status.State == RunState.Finished)];

    /// <summary>What likelihoods are per, by their own unit; before there are any, by what is known of the tokenizer.</summary>
    public LikelihoodUnits Units => Finished
        .SelectMany(run => run.Metrics)
        .FirstOrDefault(row => row.Name == LikelihoodMetrics.Likelihood.Name) is { } measured
        ? LikelihoodUnits.Of(measured.Unit)
        : VocabularySize.IsOfBytePairs(Definition) ? LikelihoodUnits.Token : LikelihoodUnits.Character;

    /// <summary>What went wrong, seed by seed; null when every run is finished.</summary>
    public string? Remark => Finished.Length == Runs.Length
        ? null
        : string.Join("; ", Runs.Where(run => run.Status.State != RunState.Finished).Select(Excuse));

    /// <summary>What was measured of the texts that it generated.</summary>
    public Generated Generated { get; } = new([.. Runs.Where(run => run.Status.State == RunState.Finished).Select(run => run.Generation)]);

    /// <summary>The mean over seeds, with the error of the measurement and that of the seeds.</summary>
    public Measurement? Measure(MetricDescriptor metric, string split = Splits.None) => Seeds.Mean(
    [
        .. Finished
            .Select(run => run.Find(metric, split))
            .OfType<Metric>()
            .Select(row => new Measurement(row.Value, row.StandardError)),
    ]);

    /// <summary>Likelihood in bits per character or token. It is an upper bound where a diffusion term was measured.</summary>
    public Measurement? Bits(string split) => Bounded(LikelihoodMetrics.Likelihood, split);

    /// <summary>The same in bits per character where <see cref="Bits"/> are per token; null where those are per character.</summary>
    public Measurement? BitsPerCharacter(string split) => Bounded(LikelihoodMetrics.PerCharacter, split);

    /// <summary>Bits per character or token of the test text with its 95 % interval over seeds; null for one seed.</summary>
    internal Measurement? SeedSpread => Seeds.Spread(
        [.. Finished.Select(run => run.Find(LikelihoodMetrics.Likelihood, Splits.Test)?.Value).OfType<double>()]);

    /// <summary>Perplexity per character or token, an upper bound where the likelihood is one.</summary>
    public Measurement? Perplexity(string split) => Bounded(LikelihoodMetrics.Perplexity, split);

    /// <summary>
    /// How far the model is from the distribution of the text, KL(truth ‖ model) in nats per character; an upper bound where the likelihood
    /// is one.
    /// </summary>
    public Measurement? KlFromTruth => Bounded(LikelihoodMetrics.KlFromTruth, Splits.Test);

    /// <summary>How the likelihood was measured.</summary>
    public IEnumerable<string> Protocols(string split) => Finished
        .Select(run => run.Find(LikelihoodMetrics.Likelihood, split)?.Protocol)
        .OfType<string>()
        .Where(text => text.Length > 0)
        .Distinct(StringComparer.Ordinal);

    /// <summary>A likelihood in any unit, marked as an upper bound where it is one.</summary>
    internal Measurement? Bounded(MetricDescriptor metric, string split) =>
        Measure(metric, split) is { } found
            ? found with { IsUpperBound = !metric.IsExact && Measure(BoundMetrics.Diffusion, split) is not null }
            : null;

    private string Excuse(RunRecord run)
    {
        string seed = Runs.Length > 1 ? $" (seed {run.Seed})" : "";
        return run.Status.State == RunState.Failed
            ? $"failed{seed}: {run.Status.Reason ?? "no reason was recorded"}"
            : $"not finished{seed}: start it again and it goes on";
    }
}

/// <summary>Methods that are drawn together: those with one kind of noise process.</summary>
/// <param name="Key">In the style file of figures.</param>
/// <param name="Title">For people.</param>
internal sealed record Family(string Key, string Title)
{
    public static readonly Family Masked = new("masked", "Autoregressive and masked diffusion");

    public static readonly Family Uniform = new("uniform", "Uniform and mixed noise");

    public static readonly Family Gamma = new("gamma", "γ-hybrids");

    public static readonly Family Epsilon = new("epsilon", "ε-hybrids");

    /// <summary>In the order in which they are drawn.</summary>
    public static readonly ImmutableArray<Family> All = [Masked, Uniform, Gamma, Epsilon];

    private static readonly string[] WithUniformNoise = ["sedd-uniform", "d3pm-uniform", "udlm", "duo", "gidd", "xdlm"];

    /// <summary>By the method's name; one that begins with none of the others' names is of the first.</summary>
    public static Family Of(MethodResult method) =>
        method.Method.StartsWith("gamma", StringComparison.Ordinal) ? Gamma
        : method.Method.StartsWith("epsilon", StringComparison.Ordinal) ? Epsilon
        : WithUniformNoise.Any(name => method.Method.StartsWith(name, StringComparison.Ordinal)) ? Uniform
        : Masked;
}
