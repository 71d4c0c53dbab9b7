using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Scoring;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace Bench.Metrics;

/// <summary>
/// A perplexity as the program of a paper estimates it: e to the power of all nats over all counted tokens, with one antithetic noise time
/// a row (one a block where rows are denoised in blocks), or a few. Padding is corrupted and attended to like other tokens, and not
/// counted.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="protocol">What the program does.</param>
/// <param name="noise">Draws, by the row's number in its text.</param>
/// <param name="device">Where the network is.</param>
public sealed class PublishedPerplexity(NetworkMethod method, PublishedProtocol protocol, RandomStream noise, Device device)
{
    /// <summary>Estimates it.</summary>
    /// <param name="network">The denoiser, in evaluation mode.</param>
    /// <param name="rows">Rows; a given token is neither corrupted nor counted.</param>
    /// <param name="progress">Called with how many rows are done.</param>
    /// <param name="stop">Cancels.</param>
    public PublishedEstimate Of(IDenoiser network, IExamples rows, Action<int>? progress = null, CancellationToken stop = default)
    {
        using var recorded = no_grad();
        int count = checked((int)rows.Count), together = Math.Max(1, protocol.Batch);
        var (nats, tokens) = (new double[count], new double[count]);
        for (int first = 0; first < count; first += together)
        {
            stop.ThrowIfCancellationRequested();
            var batch = rows.Read(first, Math.Min(together, count - first));
            Nats(network, batch, rows.Vocabulary).CopyTo(nats, first);
            for (int row = 0; row < batch.Rows; row++)
                tokens[first + row] = batch.TargetsOf(row) - (protocol.Loss == PublishedLoss.Masked ? 1 : 0);
            progress?.Invoke(first + batch.Rows);
        }

        double mean = nats.Sum() / tokens.Sum();
        double[] residuals = [.. nats.Zip(tokens, (sum, counted) => sum - (mean * counted))];
        double error = count < 2 ? double.NaN : residuals.StandardDeviation() / Math.Sqrt(count) / tokens.Average();
        return new(mean, error, count, (long)tokens.Sum());
    }

    /// <summary>
    /// Noise times of a batch, one a block and row: the k-th of n lies in the k-th n-th of the range, counted over blocks, then rows; or a
    /// lattice of n, all moved by one drawn offset.
    /// </summary>
    /// <param name="rows">B.</param>
    /// <param name="blocks">Blocks of a row that are denoised one after the other; 1 where all positions are denoised together.</param>
    /// <param name="place">Where in its stratum the k-th lies, in (0, 1).</param>
    /// <returns>[B][blocks]</returns>
    public double[][] Times(int rows, int blocks, Func<int, double> place)
    {
        int count = rows * blocks;
        double[] levels = protocol.IsOffsetShared
            ? [.. Enumerable.Range(0, count).Select(k => (((double)k / count) + place(0)) % 1)]
            : Strata.Of(count, place);
        return
        [
            .. levels.Select(level => protocol.LeastTime + ((protocol.MostTime - protocol.LeastTime) * level)).Chunk(blocks),
        ];
    }

    private double[] Nats(IDenoiser network, ExampleBatch batch, Vocabulary vocabulary)
    {
        var setup = Setup(vocabulary, batch.Length);
        if (protocol.Loss == PublishedLoss.Bound && method.Objective(setup) is { IsExact: true } objective)
        {
            var exact = batch.IsGiven(0) ? objective.ReadingFirst : objective;
            return Slices(batch.Rows, batch.Length, vocabulary.Size)
                .SelectMany(slice => Sums(
                    exact.PerPosition(network, batch.Select(slice), [.. slice.Select(_ => 0.5)], noise, device), batch.Select(slice)))
                .ToArray();
        }

        if (protocol.Draws == 1)
            return Draw(network, setup, batch, batch.Examples, round: 0);
        var sums = new double[batch.Rows];
        for (int row = 0; row < batch.Rows; row++)
        {
            var copies = batch.Select([.. Enumerable.Repeat(row, protocol.Batch)]);
            int rounds = Math.Max(1, protocol.Draws / protocol.Batch);
            for (int round = 0; round < rounds; round++)
            {
                long first = ((batch.Examples[row] * rounds) + round) * protocol.Batch;
                long[] numbers = [.. Enumerable.Range(0, protocol.Batch).Select(copy => first + copy)];
                sums[row] += Draw(network, setup, copies, numbers, round).Average() / rounds;
            }
        }

        return sums;
    }

    // One noise time a row and block.
    private double[] Draw(IDenoiser network, DiffusionSetup setup, ExampleBatch batch, long[] numbers, int round)
    {
        // Our estimate of a bound may run through time at another pace (GIDD's does); its weights have to be those of the times below.
        var bound = (Bound(setup) as IBoundOfTimes)?.In(setup)
            ?? throw new NotSupportedException($"no published program estimates a bound by {Bound(setup).Name}");
        var asked = Asked(network);
        var corruption = noise.Split("corruption");
        var place = noise.Split("times").Split((ulong)round);
        var all = setup.Hyperschedule.Draw(0.5, _ => 0.5, continuous: true);
        int[] steps = [.. all.Steps.Distinct().Order()];
        double[][] times = Times(batch.Rows, steps.Length, k => place.Uniform(numbers[k / steps.Length], k % steps.Length));
        // What the program does not count it corrupts all the same, unless it is given.
        var seen = batch with { Lengths = null };
        var (tokens, draws) = (new long[batch.Tokens.Length], new LevelDraw[batch.Rows]);
        for (int row = 0; row < batch.Rows; row++)
        {
            Marginal[] marginals = Array.ConvertAll(times[row], setup.At);
            int[] block = [.. all.Steps.Select(step => Array.IndexOf(steps, step))];
            draws[row] = all with { Times = [.. block.Select(at => times[row][at])] };
            Corruption.Draw(seen.Row(row), Array.ConvertAll(block, at => marginals[at]), setup.Vocabulary, corruption, numbers[row],
                tokens.AsSpan(row * batch.Length, batch.Length));
        }

        return
        [
            .. Slices(batch.Rows, batch.Length, setup.Vocabulary.Size).SelectMany(slice =>
            {
                long[] some = [.. slice.SelectMany(row => tokens[(row * batch.Length)..((row + 1) * batch.Length)])];
                var noisy = NoisyBatch.Of(setup, seen.Select(slice), some, [.. slice.Select(row => draws[row])]);
                return Sums(bound.Of(asked, noisy, device), batch.Select(slice));
            }),
        ];
    }

    // Nats of each row's counted positions.
    private static double[] Sums(Tensor nats, ExampleBatch batch)
    {
        using (nats)
        {
            double[] all = nats.to(float64).OnHost().contiguous().data<double>().ToArray();
            return
            [
                .. Enumerable.Range(0, batch.Rows).Select(row => Enumerable.Range(row * batch.Length, batch.Length)
                    .Where(at => !batch.IsGiven(at)).Sum(at => all[at])),
            ];
        }
    }

    private static IEnumerable<int[]> Slices(int rows, int length, int symbols) =>
        Enumerable.Range(0, rows).Chunk(LogitBudget.Rows(rows, length, symbols));

    private DiffusionSetup Setup(Vocabulary vocabulary, int length)
    {
        var setup = method.Setup(vocabulary, length);
        if (protocol.Loss == PublishedLoss.Masked)
        {
            var flat = Hyperschedule.Flat(length, length);
            setup = setup with { Process = new Absorbing(), Schedule = new LogLinear(0), Hyperschedule = flat };
        }

        return protocol.ScheduleEnd is { } end ? setup with { Schedule = new LogLinear(end) } : setup;
    }

    private IObjective Bound(DiffusionSetup setup) =>
        protocol.Loss == PublishedLoss.Masked ? new MaskedNelbo(setup) : method.Objective(setup).ForLikelihood;

    private IDenoiser Asked(IDenoiser network) => protocol.Loss == PublishedLoss.Masked || protocol.GivenSigma is not null
        ? new AskedAsReleased(network, protocol.GivenSigma, HasMaskClass: protocol.Loss == PublishedLoss.Masked)
        : network;
}

/// <summary>A perplexity as a paper's program estimates it.</summary>
/// <param name="Nats">Nats a counted token.</param>
/// <param name="StandardError">
/// Of <see cref="Nats"/>, as if rows were drawn at random and each had its noise time to itself: strata make it less.
/// </param>
/// <param name="Rows">How many rows.</param>
/// <param name="Tokens">How many tokens were counted.</param>
public sealed record PublishedEstimate(double Nats, double StandardError, int Rows, long Tokens)
{
    /// <summary>e^nats.</summary>
    public double Perplexity => Math.Exp(Nats);
}

/// <summary>A denoiser asked as a program asks it: with one σ whatever the noise, with the mask as a class like others.</summary>
/// <param name="Inner">The network.</param>
/// <param name="Sigma">The σ that it is given; null for that of the input.</param>
/// <param name="HasMaskClass">Whether probabilities are normalised over tokens and mask.</param>
internal sealed record AskedAsReleased(IDenoiser Inner, double? Sigma, bool HasMaskClass) : IDenoiser
{
    /// <inheritdoc/>
    public Tensor Logits(DenoiserInput input) => Inner.Logits(Given(input));

    /// <inheritdoc/>
    public Tensor NegativeLogLikelihood(DenoiserInput input, Tensor targets, long maskId)
    {
        if (!HasMaskClass)
            return Inner.NegativeLogLikelihood(Given(input), targets, maskId);
        using var scope = NewDisposeScope();
        return Logits(input).log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg().MoveToOuterDisposeScope();
    }

    private DenoiserInput Given(DenoiserInput input) => Sigma is { } sigma && input.Sigma is { } given
        ? input with { Sigma = full([given.size(0)], sigma, given.dtype, given.device), Levels = null }
        : input;
}

/// <summary>How the program of a paper estimates a perplexity, as far as it is not the network's own.</summary>
public sealed record PublishedProtocol
{
    /// <summary>The loss that is averaged.</summary>
    public PublishedLoss Loss { get; init; }

    /// <summary>The least noise time that is drawn.</summary>
    public double LeastTime { get; init; } = 1e-3;

    /// <summary>The greatest noise time that is drawn.</summary>
    public double MostTime { get; init; } = 1;

    /// <summary>ε of the log-linear schedule: the share that stays clean at time 1; null for the method's own schedule.</summary>
    public double? ScheduleEnd { get; init; }

    /// <summary>
    /// Noise times a row. With one, times are stratified over the rows of a batch; with more, over the copies of a row that are a batch.
    /// </summary>
    public int Draws { get; init; } = 1;

    /// <summary>Rows, or copies of a row, that share the strata of the noise time.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Whether all strata of a batch are entered at one drawn place (GIDD, HDLM), rather than each at its own.</summary>
    public bool IsOffsetShared { get; init; }

    /// <summary>
    /// σ that the network is given in place of the noise level, as HDLM's program gives its γ-hybrid; null for the level.
    /// </summary>
    public double? GivenSigma { get; init; }
}

/// <summary>What programs average over draws of the noise.</summary>
public enum PublishedLoss
{
    /// <summary>The integrand of the method's bound; the exact negative log-likelihood where it goes token by token.</summary>
    Bound,

    /// <summary>
    /// The cross-entropy of masked tokens over the masked share, whatever noise the method was trained with; the mask is a class like
    /// others, and the first token is masked and scored but not counted (HDLM).
    /// </summary>
    Masked,
}
