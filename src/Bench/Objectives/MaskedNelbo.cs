using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise.Schedules;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// <see cref="Nelbo"/> where noise only masks: a weighted cross-entropy of the masked positions. Along a flat hyperschedule MDLM's bound, ∫
/// σ'/(e^σ − 1) E Σ_masked −ln p(x_i | x_t) dt (arXiv 2406.07524, equation 10) and its T-step sum (equation 7); along blocks that of BD3-LM
/// (arXiv 2503.09573, equation 8).
/// </summary>
/// <remarks>
/// With a schedule that reaches full masking (<see cref="LogLinear"/> with ε = 0) nothing is left out: prior and reconstruction terms are
/// zero, and the value does not depend on the schedule. With ε &gt; 0 the prior term is infinite: a point-mass prior against clean tokens.
/// </remarks>
/// <param name="Setup">Absorbing noise, hyperschedule and view.</param>
/// <param name="Continuous">Whether steps are infinitely short; else they are those of the hyperschedule.</param>
/// <param name="Masking">Which positions of an example are masked.</param>
public sealed record MaskedNelbo(DiffusionSetup Setup, bool Continuous = true, Masking Masking = Masking.Independent) : IBoundOfTimes
{
    /// <inheritdoc cref="MaskedNelbo" path="/param[@name='Setup']"/>
    public DiffusionSetup Setup { get; init; } = Setup.OnlyMasks
        ? Setup
        : throw new ArgumentException($"{Setup.Process.Name} noise does more than mask", nameof(Setup));

    /// <inheritdoc/>
    public string Name => Continuous ? "masked NELBO" : $"masked NELBO, {Setup.Hyperschedule.Depth} steps a position";

    /// <inheritdoc/>
    /// <remarks>In one step a position, or where each position is a block of its own and so always masked.</remarks>
    public bool IsExact =>
        Masking == Masking.ExactCount ? Blocks(Place(0.5)).All(block => block.Length == 1) : new Nelbo(Setup, Continuous).IsExact;

    /// <inheritdoc/>
    public ConstantTerms Constants => Masking == Masking.ExactCount ? default : new Nelbo(Setup, Continuous).Constants;

    /// <inheritdoc/>
    public IObjective? Reconstruction => Masking == Masking.ExactCount ? null : new Nelbo(Setup, Continuous).Reconstruction;

    /// <inheritdoc/>
    /// <remarks>
    /// In continuous time, where the denoiser knows no time, by the number of masked positions: a block of w adds Σ_n E CE(S_n)/n over
    /// random sets S_n of n of its positions, whatever the schedule, and n has no variance left.
    /// </remarks>
    public IObjective ForLikelihood =>
        Continuous && Setup.Hyperschedule.HasContinuousLimit && Setup.View.Conditioning is Conditioning.Absent or Conditioning.Constant
        ? this with { Masking = Masking.ExactCount }
        : this;

    /// <summary>The weight of the cross-entropy of a masked token that a level draw looks at.</summary>
    public double Weight(LevelDraw draw, int position)
    {
        if (draw.Next is not { } next)
            return draw.Weight * Setup.Schedule.MaskedWeight(draw.Times[position]);
        // The share of the masked tokens that the step reveals is the KL per masked token over its cross-entropy.
        double now = Setup.At(draw.Times[position]).MaskProbability;
        return draw.Weight * (now - Setup.At(next[position]).MaskProbability) / now;
    }

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        if (Masking == Masking.ExactCount)
            return Counted(batch, levels, noise);
        var noisy = NoisyBatch.Draw(Setup, batch, levels, Continuous, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <inheritdoc/>
    public IBoundOfTimes In(DiffusionSetup setup) => this with { Setup = setup };

    /// <inheritdoc/>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        double[] weights = new double[batch.Tokens.Length];
        for (int at = 0; at < weights.Length; at++)
        {
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            if (batch.Tokens[at] == Setup.Vocabulary.MaskId && batch.IsTarget(at))
                weights[at] = Weight(batch.LevelDraws[row], i);
        }

        return CrossEntropy.Weighted(network, batch, weights, Setup.Vocabulary.MaskId, device);
    }

    private DrawnLoss Counted(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        Require.Length(levels.Length, batch.Rows);
        var (tokens, weights, draws) = ((long[])batch.Tokens.Clone(), new double[batch.Tokens.Length], new LevelDraw[batch.Rows]);
        for (int row = 0; row < batch.Rows; row++)
        {
            var draw = draws[row] = Place(levels[row]);
            int start = row * batch.Length;
            // its restrictions to blocks are independent, and uniform each
            int[] order = noise.Permutation(batch.Length, batch.Examples[row]);
            foreach (int[] block in Blocks(draw, order.Where(i => !batch.IsGiven(start + i))))
            {
                int count = Math.Min(block.Length, (int)(draw.Times[block[0]] * block.Length) + 1);
                foreach (int i in block.AsSpan(0, count))
                    (tokens[start + i], weights[start + i]) = (Setup.Vocabulary.MaskId, (double)block.Length / count);
            }
        }

        var noisy = NoisyBatch.Of(Setup, batch, tokens, draws);
        return (network, device) => CrossEntropy.Weighted(network, noisy, weights, Setup.Vocabulary.MaskId, device);
    }

    private LevelDraw Place(double level) => Setup.Hyperschedule.Draw(level, _ => level, continuous: true);

    // Positions that are denoised together, in the order given.
    private static IEnumerable<int[]> Blocks(LevelDraw draw, IEnumerable<int>? order = null) =>
        (order ?? Enumerable.Range(0, draw.Steps.Length)).Where(i => draw.Steps[i] >= 0).GroupBy(i => draw.Steps[i])
            .Select(block => block.ToArray());
}

/// <summary>How the masked positions of an example are drawn. The expectation of the bound is the same, its variance is not.</summary>
public enum Masking
{
    /// <summary>Each position by itself, as the forward process does.</summary>
    Independent,

    /// <summary>
    /// In each block of w positions that are denoised together, a number n uniform in 1 .. w, then a uniformly drawn set of n of them (the
    /// bound as a sum over subsets).
    /// </summary>
    ExactCount,
}
