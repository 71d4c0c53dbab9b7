using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Ancestral steps, each followed by corrections: in every sequence one position, drawn uniformly among those that are being denoised, is
/// drawn anew from q_s(x_i | the other positions) = Keep·π + Uniform/N + Mask, π being the prediction that leaves the position out
/// (leave-one-out corrector, arXiv 2605.22765).
/// </summary>
/// <remarks>
/// With exact predictions one position at a time, whatever its token, leaves the distribution of noisy text exactly as it is; positions
/// chosen by confidence, or several at once, do not. Networks that were trained by the bound leave the position's own token out of their
/// outputs, and so do those trained by <c>HybridCrossEntropy</c>, which adds it outside the network; one whose outputs include it, as
/// published ε-hybrids' do, makes this a heuristic. With noise that only masks, a prediction at a visible token leaves out nothing: there
/// the position is masked for the call. What the step settles is not corrected.
/// </remarks>
/// <param name="Corrections">C ≥ 0: how many behind each step, a call each; 0 is <see cref="Ancestral"/>.</param>
public sealed record GibbsCorrection(int Corrections) : ISampler
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc cref="GibbsCorrection" path="/param"/>
    public int Corrections { get; } = Require.NonNegative(Corrections);

    /// <inheritdoc/>
    public string Name => $"gibbs {Corrections}";

    /// <inheritdoc/>
    public int CallsOfCorrection => Corrections;

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var predict = ((ISampler)Predictor).Begin(state);
        var (places, words) = (state.Draws.Split("corrected places"), state.Draws.Split("corrected words"));
        (RandomStream Place, RandomStream Word)[] draws =
            [.. Enumerable.Range(0, Corrections).Select(c => (places.Split($"{c}"), words.Split($"{c}")))];
        return step =>
        {
            predict(step);
            if (step + 1 == state.Setup.Hyperschedule.Steps)
                return;
            foreach (var (place, word) in draws)
                Correct(state, step + 1, place, word);
        };
    }

    /// <summary>From the distribution of the clean token given the other positions to that of the noisy one.</summary>
    /// <param name="distribution">In: π over the N tokens, and anything for the mask. Out: q(x_t | the others) over N + 1 states.</param>
    /// <param name="now">The noise of the position.</param>
    internal static void ToNoisy(Span<double> distribution, Marginal now)
    {
        int tokenCount = distribution.Length - 1;
        for (int y = 0; y < tokenCount; y++)
            distribution[y] = now.TokenProbability(distribution[y], tokenCount);
        distribution[tokenCount] = now.MaskProbability;
    }

    /// <summary>Draws a position of each sequence anew, at the noise levels that a step begins with.</summary>
    internal static void Correct(GenerationState state, int step, RandomStream place, RandomStream word)
    {
        int[] chosen = [.. state.Active(step).Where(at => state.Times(step, at).Now < 1).GroupBy(state.Row).Select(Pick)];
        if (chosen.Length == 0)
            return;
        if (state.Setup.OnlyMasks)
        {
            foreach (int at in chosen)
                state.Tokens[at] = state.Setup.Vocabulary.MaskId;
        }

        int size = state.Setup.Vocabulary.Size;
        double[] distributions = state.Predict(step, chosen);
        foreach (var (m, at) in chosen.Index())
        {
            var distribution = distributions.AsSpan(m * size, size);
            var (_, now) = state.Step(step, at);
            state.Decoding.Apply(distribution, settles: false);
            ToNoisy(distribution, now);
            state.Tokens[at] = Categorical.Draw(distribution, state.Uniform(word, step, at));
        }

        int Pick(IGrouping<int, int> row)
        {
            int[] open = [.. row];
            return open[(int)(state.Uniform(place, step, open[0]) * open.Length)];
        }
    }
}
