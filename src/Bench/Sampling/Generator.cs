using System.Collections.Immutable;
using System.Diagnostics;
using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Generation: from noise to text along a hyperschedule, step by step, whatever the sampler.</summary>
/// <param name="Network">The denoiser, in evaluation mode.</param>
/// <param name="Setup">Noise, when each position settles, and how the denoiser is to be asked.</param>
/// <param name="Sampler">The step.</param>
/// <param name="Device">Where the network is.</param>
public sealed record Generator(IDenoiser Network, DiffusionSetup Setup, ISampler Sampler, Device Device)
{
    /// <summary>How tokens are chosen from the distributions that the network predicts.</summary>
    public DecodingOptions Decoding { get; init; } = DecodingOptions.AsPredicted;

    /// <summary>What is given.</summary>
    public Prompt Prompt { get; init; } = Prompt.None;

    /// <summary>
    /// Whether keys and values of settled tokens are kept between steps, where network, hyperschedule and view allow it. The answers are
    /// the same but for rounding, and for that of <see cref="ProductType"/>.
    /// </summary>
    public bool Caches { get; init; } = true;

    /// <summary>
    /// Whether they really are kept: not where sequences of different lengths end in padding that some position would attend to.
    /// </summary>
    public bool KeepsKeys => Caches && NetworkCalls.CanKeep(Network, Setup)
        && (!Prompt.IsPadded || (Setup.View.Block == AttentionKind.Causal && AttentionPattern.IsLeftToRight(Setup.Hyperschedule)));

    /// <summary>
    /// The type that products are computed in where no keys are kept: bf16 changes what is predicted by its rounding, and takes half the
    /// time where the processor multiplies it faster. Null for the network's own.
    /// </summary>
    public ScalarType? ProductType { get; init; }

    /// <summary>Logits of a call, at most, unless a single sequence has more.</summary>
    internal long Budget { get; init; } = LogitBudget.OfCall;

    /// <summary>A sequence ends behind these tokens, where they turn up among settled tokens; none for full length.</summary>
    public ImmutableArray<int> Ending { get; init; } = [];

    /// <summary>Notified of the generation state after each step, by its number.</summary>
    public Action<GenerationState, int>? Watch { get; init; }

    /// <summary>Draws sequences; sequence i depends on the stream and i alone.</summary>
    /// <param name="count">Sequences, generated together as far as <see cref="RowsAtOnce"/> goes.</param>
    /// <param name="draws">Random numbers.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="NotSupportedException">The sampler is not made for the problem.</exception>
    /// <exception cref="ArgumentException">The prompt does not fit it.</exception>
    public Generation Generate(int count, RandomStream draws, int first = 0, CancellationToken stop = default)
    {
        if (Sampler.Misfit(Setup) is { } reason)
            throw new NotSupportedException($"{Sampler.Name}: {reason}");
        int rows = Sampler.Candidates == 1
            ? RowsAtOnce(count, Setup, Budget)
            : Math.Min(count, Math.Max(1, RowsAtOnce(count * Sampler.Candidates, Setup, Budget) / Sampler.Candidates));
        return rows >= count
            ? AtOnce(count, draws, first, stop)
            : Generation.Together([.. Enumerable.Range(0, count).Chunk(rows)
                .Select(part => AtOnce(part.Length, draws, first + part[0], stop))]);
    }

    /// <summary>
    /// Sequences that are generated at once, the others after them, so that the logits of all positions that a step may change stay within
    /// <see cref="LogitBudget"/>.
    /// </summary>
    /// <param name="count">Sequences in all.</param>
    /// <param name="setup">The vocabulary, and how many positions are active together.</param>
    /// <param name="budget">Logits of a call.</param>
    public static int RowsAtOnce(int count, DiffusionSetup setup, long budget = LogitBudget.OfCall) =>
        count == 0 ? 0 : LogitBudget.Rows(count, Math.Max(1, MostActive(setup.Hyperschedule)), setup.Vocabulary.Size, budget);

    /// <summary>The most positions of a sequence that are active in a step.</summary>
    public static int MostActive(Hyperschedule hyperschedule)
    {
        int active = 0;
        return Enumerable.Range(0, hyperschedule.Length)
            .Where(i => hyperschedule.SettledAfter(i) > 0)
            .SelectMany(i => new[] { (Step: hyperschedule.OnsetOf(i), Change: 1), (Step: hyperschedule.SettledAfter(i), Change: -1) })
            .OrderBy(change => change.Step)
            .ThenBy(change => change.Change)
            .Select(change => active += change.Change)
            .DefaultIfEmpty()
            .Max();
    }

    private Generation AtOnce(int count, RandomStream draws, int first, CancellationToken stop)
    {
        using var recorded = no_grad();
        int rows = count * Sampler.Candidates;
        using var calls = NetworkCalls.Of(Network, Setup, rows, Device, KeepsKeys, ProductType);
        var state = new GenerationState(Setup, calls, rows, draws, first, Prompt, Decoding, Sampler.Candidates);
        var clock = Stopwatch.StartNew();
        double firstToken = 0;
        foreach (int step in Take(state, stop))
        {
            Watch?.Invoke(state, step);
            if (firstToken == 0 && state.AnySettled(step + 1))
                firstToken = clock.Elapsed.TotalSeconds;
            // Which candidate a sequence is may be decided at the very end.
            if (!Ending.IsEmpty && Sampler.Candidates == 1 && state.HaveEnded(Ending.AsSpan(), step + 1))
                break;
        }

        return new Generation(state.Sequences(Ending.AsSpan()), calls.Count, clock.Elapsed.TotalSeconds)
        {
            NetworkTokens = calls.Tokens,
            NetworkRows = calls.Rows,
            RewardCalls = state.RewardCalls,
            LogNormalisers = state.LogNormalisers ?? [],
            FirstTokenSeconds = firstToken,
            CacheBytes = calls.CacheBytes,
        };
    }

    /// <summary>
    /// −ln of the probability with which <see cref="Generate"/> draws sequences, exactly: they are generated with the true token wherever
    /// one is revealed, in the order that the predictions on the way decide (DUEL, arXiv 2603.01367).
    /// </summary>
    /// <param name="tokens">Rows·L tokens.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Nats of each sequence; infinite where decoding options leave a true token no probability.</returns>
    /// <exception cref="NotSupportedException">The sampler is not made for the setup, or its order is drawn.</exception>
    public double[] NegativeLogLikelihoods(long[] tokens, CancellationToken stop = default)
    {
        if (Sampler.Misfit(Setup) is { } reason)
            throw new NotSupportedException($"{Sampler.Name}: {reason}");
        if (!Sampler.HasDeterminedOrder(Setup))
            throw new NotSupportedException(
                $"{Sampler.Name}: a sequence can come about in more than one way, and its probability is a sum");
        int rows = tokens.Length / Setup.Hyperschedule.Length;
        using var recorded = no_grad();
        using var calls = NetworkCalls.Of(Network, Setup, rows, Device, KeepsKeys, ProductType);
        var measured = new MeasuredSequences(tokens, new double[rows]);
        var state = new GenerationState(Setup, calls, rows, RandomStream.Root(0), first: 0, Prompt, Decoding) { Measured = measured };
        foreach (int _ in Take(state, stop))
        {
        }

        return measured.Nats;
    }

    // The sampler's steps, each number once the step is taken.
    private IEnumerable<int> Take(GenerationState state, CancellationToken stop)
    {
        var take = Sampler.Begin(state);
        for (int step = 0; step < Setup.Hyperschedule.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            take(step);
            yield return step;
        }
    }
}

/// <summary>What a sampler produced, and what it took.</summary>
/// <param name="Sequences">[count][length] tokens; shorter where generation was to end before.</param>
/// <param name="NetworkCalls">Calls of the denoiser for a sequence, each for all that are generated at once: NFE.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record Generation(int[][] Sequences, int NetworkCalls, double Seconds)
{
    /// <summary>Slots that went through the network, all rows together.</summary>
    public long NetworkTokens { get; init; }

    /// <summary>Rows of all calls of the network together.</summary>
    public long NetworkRows { get; init; }

    /// <summary>Rewards computed, where generation was guided.</summary>
    public long RewardCalls { get; init; }

    /// <summary>
    /// ln of an unbiased estimate of E exp(r/α) for each sequence, where guidance gives one (<c>Bench.Guidance.Steering</c>); else none.
    /// </summary>
    public IReadOnlyList<double> LogNormalisers { get; init; } = [];

    /// <summary>Wall time until the first token of every sequence was settled.</summary>
    public double FirstTokenSeconds { get; init; } = Seconds;

    /// <summary>What kept keys and values take.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Tokens settled per second, all sequences together.</summary>
    public double TokensPerSecond => Sequences.Sum(sequence => sequence.Length) / Seconds;

    /// <summary>Parts of one batch, generated one after the other: each call is for those of a part.</summary>
    internal static Generation Together(IReadOnlyList<Generation> parts) => Join(parts) with
    {
        NetworkCalls = parts.Max(part => part.NetworkCalls),
        FirstTokenSeconds = parts.Take(parts.Count - 1).Sum(part => part.Seconds) + parts[^1].FirstTokenSeconds,
    };

    /// <summary>One batch behind the other.</summary>
    public static Generation Join(IReadOnlyList<Generation> parts) =>
        new([.. parts.SelectMany(part => part.Sequences)], parts.Sum(part => part.NetworkCalls), parts.Sum(part => part.Seconds))
    {
        NetworkTokens = parts.Sum(part => part.NetworkTokens),
        NetworkRows = parts.Sum(part => part.NetworkRows),
        RewardCalls = parts.Sum(part => part.RewardCalls),
        LogNormalisers = [.. parts.SelectMany(part => part.LogNormalisers)],
        FirstTokenSeconds = parts.Count == 0 ? 0 : parts[0].FirstTokenSeconds,
        CacheBytes = parts.Count == 0 ? 0 : parts.Max(part => part.CacheBytes),
    };
}
