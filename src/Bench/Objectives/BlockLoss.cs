using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// BD3-LM's training loss (arXiv 2503.09573, section 5): each block's noise time is drawn from a part [β, ω] of the range, where the
/// gradient varies least; along their log-linear schedule it is the share that is masked. With the whole range it is
/// <see cref="MaskedNelbo"/>.
/// </summary>
/// <param name="Setup">Absorbing noise along blocks.</param>
/// <param name="Least">β. The published range begins at 1e-3, which keeps times from 0 and bounds no share: up to there blocks without
/// masks are not drawn again.</param>
/// <param name="Most">ω.</param>
/// <param name="Rejects">Whether masks are drawn again until each block's realised share of masks lies in [β, ω] too.</param>
/// <param name="IsEven">Whether every masked token counts 1 rather than σ'/(e^σ − 1).</param>
public sealed record BlockLoss(DiffusionSetup Setup, double Least = 0, double Most = 1, bool Rejects = true, bool IsEven = false)
    : IObjective
{
    // Where the published code's time range begins.
    private const double Start = 1e-3;

    private readonly MaskedNelbo bound = new(Setup);

    /// <inheritdoc cref="BlockLoss" path="/param[@name='Least']"/>
    public double Least { get; } = Require.UnitInterval(Least);

    /// <inheritdoc cref="BlockLoss" path="/param[@name='Most']"/>
    public double Most { get; } = Require.Within(Most, Least, 1);

    /// <summary>The least share of masks that a block may have where masks are drawn again: β, or 0 where β is only how far times stay from
    /// 0.</summary>
    public double LeastShare => Least > Start ? Least : 0;

    /// <inheritdoc/>
    public string Name => $"masked NELBO on [{Least}, {Most}]";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => ForLikelihood.Constants;

    /// <inheritdoc/>
    /// <remarks>Over the full range.</remarks>
    public IObjective ForLikelihood => bound.ForLikelihood;

    /// <summary>The loss as the public code weighs it: evenly where β &gt; 1/2.</summary>
    public static BlockLoss Released(DiffusionSetup setup, double least, double most, bool rejects = true) =>
        new(setup, least, most, rejects, IsEven: least > 0.5);

    /// <summary>The noise times of an example's positions, blocks spread evenly around the level.</summary>
    public LevelDraw Place(double level, Func<int, double> own)
    {
        var whole = Setup.Hyperschedule.Draw(level, own, continuous: true);
        return whole with { Times = [.. whole.Times.Select(InRange)] };
    }

    /// <summary>The noise time of a block whose place in (0, 1) is given.</summary>
    public double InRange(double place) => Least + ((Most - Least) * place);

    /// <summary>The weight of a masked token.</summary>
    public double Weight(double time) => IsEven ? 1 : Setup.Schedule.MaskedWeight(time);

    /// <summary>Masks an example.</summary>
    /// <param name="x0">L clean tokens.</param>
    /// <param name="draw">Their noise times.</param>
    /// <param name="uniform">
    /// Numbers in (0, 1) by attempt and position; only blocks that have too few masks or too many look at attempts after the first.
    /// </param>
    /// <param name="isGiven">
    /// Whether a position is given; null where none is. A block's share is that of its targets, and a block with too few of them for any
    /// share in
    /// the range is taken as it comes.
    /// </param>
    /// <returns>L noisy tokens.</returns>
    public long[] Mask(ReadOnlySpan<long> x0, LevelDraw draw, Func<int, int, double> uniform, Func<int, bool>? isGiven = null)
    {
        long[] xt = x0.ToArray();
        var looked = Enumerable.Range(0, xt.Length).Where(i => draw.Steps[i] >= 0).ToArray();
        var widths = looked.CountBy(i => draw.Steps[i]).ToDictionary();
        foreach (int[] block in looked.Where(i => isGiven?.Invoke(i) != true).GroupBy(i => draw.Steps[i]).Select(block => block.ToArray()))
        {
            bool exists = Math.Floor(Most * block.Length) / block.Length >= LeastShare;
            if (Rejects && !exists && block.Length == widths[draw.Steps[block[0]]])
                throw new ArgumentException($"no number of masks among {block.Length} is a share in [{LeastShare}, {Most}]",
                    nameof(draw));
            double share = Setup.At(draw.Times[block[0]]).MaskProbability;
            int[] masked;
            int attempt = 0;
            do
            {
                int number = attempt++;
                masked = Array.FindAll(block, i => uniform(number, i) < share);
            }
            while (Rejects && exists && ((double)masked.Length / block.Length < LeastShare || (double)masked.Length / block.Length > Most));
            foreach (int i in masked)
                xt[i] = Setup.Vocabulary.MaskId;
        }

        return xt;
    }

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        Require.Length(levels.Length, batch.Rows);
        var (tokens, draws) = (new long[batch.Tokens.Length], new LevelDraw[batch.Rows]);
        var own = noise.Split("levels of their own");
        for (int row = 0; row < batch.Rows; row++)
        {
            long example = batch.Examples[row];
            draws[row] = Place(levels[row], position => own.Uniform(example, position));
            int start = row * batch.Length;
            Mask(
                batch.Row(row),
                draws[row],
                (attempt, i) => noise.Uniform(example, ((long)attempt * batch.Length) + i),
                batch.IsConditional ? i => batch.IsGiven(start + i) : null).CopyTo(tokens, start);
        }

        var noisy = NoisyBatch.Of(Setup, batch, tokens, draws);
        return (network, device) => Of(network, noisy, device);
    }

    /// <summary>The loss of given noisy sequences.</summary>
    /// <returns>[B, L]</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        double[] weights = [.. batch.Tokens.Select((token, at) =>
            token == Setup.Vocabulary.MaskId && batch.IsTarget(at)
                ? Weight(batch.LevelDraws[at / batch.Clean.Length].Times[at % batch.Clean.Length]) : 0)];
        return CrossEntropy.Weighted(network, batch, weights, Setup.Vocabulary.MaskId, device);
    }
}
