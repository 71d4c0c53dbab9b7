using System.Collections.Immutable;
using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Guidance;
using Bench.Methods;
using Bench.Metrics;
using Bench.Noise;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Statistics;
using TorchSharp;

namespace Bench.Tasks.GuidanceToy;

/// <summary>Guided generation where what should come out is known: the toy of <see cref="Toy"/>.</summary>
/// <param name="Alpha">α of the distribution that everything is compared with.</param>
public sealed record GuidanceToyTask(double Alpha) : ITask
{
    private static readonly IReward[] Own = [new ToyReward()];

    /// <inheritdoc cref="GuidanceToyTask" path="/param"/>
    public double Alpha { get; init => field = Require.Positive(value); } = Require.Positive(Alpha);

    /// <inheritdoc/>
    public string Name => "guidance-toy";

    /// <inheritdoc/>
    public ITaskData Data => new Toy();

    /// <inheritdoc/>
    public IReadOnlyList<IReward> Rewards => Own;

    /// <inheritdoc/>
    public string? Refuses(IMethod method) =>
        method is NetworkMethod network
            ? ProcessFamily.Discrete.Refusal(Name, network.Noise)
            : $"a generator is guided step by step; {method.Name} has no network";

    /// <inheritdoc/>
    public string Condition(IMethod method, int length) => "";

    /// <inheritdoc/>
    public IExamples Training(IExamples source) => source;

    /// <inheritdoc/>
    public IExamples Evaluation(IExamples source) => source;

    /// <inheritdoc/>
    public IValue? ExactValue(DiffusionSetup setup, double alpha)
    {
        if (Chain(setup, new Ancestral()) is not { } chain)
            return null;
        double[][] values = chain.SoftValues(Toy.Rewards, alpha);
        return new KnownValue(
            ValueTable.Exact,
            (tokens, step) => values[step][tokens.Aggregate(0, (index, token) => (index * (Toy.TokenCount + 1)) + token)]);
    }

    /// <inheritdoc/>
    public void Evaluate(IEvaluation run)
    {
        run.Likelihoods(Evaluation);
        run.Generate(GenerationRequest.Free, made => Compare(made, run.Draws), isText: false);
    }

    // All positions together, whatever the noise.
    private static EnumeratedChain? Chain(DiffusionSetup setup, ISampler sampler) =>
        sampler is ITokenwise tokenwise && !setup.Hyperschedule.NeedsContext && setup.Process.IsCleanAtZero
            ? EnumeratedChain.Of([.. Toy.Joint], setup, tokenwise)
            : null;

    private ImmutableArray<GenerationMetric> Compare(GeneratedSequences made, RandomStream draws)
    {
        var rows = new GenerationRows(made.Setting, LikelihoodUnits.Token);
        Add(rows, Shares(made.Sequences), GuidanceToyMetrics.Gap, GuidanceToyMetrics.TotalVariation,
            $"frequencies of {made.Sequences.Length} sequences");
        if (Exact(made, draws) is var (exact, how))
            Add(rows, exact, GuidanceToyMetrics.ExactGap, GuidanceToyMetrics.ExactTotalVariation, how);
        return rows.All;
    }

    private void Add(GenerationRows rows, double[] drawn, MetricDescriptor gap, MetricDescriptor variation, string how)
    {
        double[] target = Toy.Target(Alpha);
        double divergence = drawn.Zip(target, (q, p) => q == 0 ? 0 : q * Math.Log(q / p)).Sum();
        rows.Add(gap, Estimate.Bare(Math.Max(0, divergence), drawn.Length), how, "nothing was generated");
        rows.Add(
            variation, Estimate.Bare(drawn.Zip(target, (q, p) => Math.Abs(q - p)).Sum() / 2, drawn.Length), how, "nothing was generated");
    }

    // With exact predictions: computed, or drawn where a rule has too many ways.
    private static (double[] Distribution, string How)? Exact(GeneratedSequences made, RandomStream draws)
    {
        const string Computed = "computed over all noisy sequences";
        var setup = made.Generator.Setup;
        var guided = made.Generator.Sampler as Guided;
        if (made.Generator.Decoding != DecodingOptions.AsPredicted
            || Chain(setup, guided?.Inner ?? made.Generator.Sampler) is not { } chain)
            return null;
        double[] rewards = [.. Toy.Rewards];
        switch (guided?.Rule)
        {
            case null:
                return (chain.Unguided(), Computed);
            case BestOf best:
                return (Selection.Of(chain.Unguided(), rewards, best.Candidates, 1, isGreedy: true), Computed);
            case Resample resample:
                return (Selection.Of(chain.Unguided(), rewards, resample.Candidates, resample.Alpha, isGreedy: false), Computed);
            case Svdd svdd when guided.Value is KnownValue:
                return (chain.Of(chain.SoftValues(rewards, svdd.Alpha), svdd), Computed);
            case Svdd svdd when guided.Value is not SampledValue && setup.OnlyMasks:
                double[] values = chain.Values(guided.Reward, guided.Value, svdd.Alpha);
                return (chain.Of([.. Enumerable.Repeat(values, chain.Steps + 1)], svdd), Computed);
            default:
                if (!setup.OnlyMasks)
                    return null;
                var exact = new Generator(new ToyDenoiser(), setup with { View = setup.View with { Conditioning = Conditioning.Absent } },
                    guided!, torch.CPU);
                int count = made.Sequences.Length;
                return (Shares(exact.Generate(count, draws.Split("exact predictions")).Sequences), $"frequencies of {count} sequences");
        }
    }

    private static double[] Shares(int[][] sequences)
    {
        var shares = new double[Toy.Joint.Count];
        foreach (int[] sequence in sequences)
            shares[Toy.IndexOf(sequence)] += 1.0 / sequences.Length;
        return shares;
    }
}
