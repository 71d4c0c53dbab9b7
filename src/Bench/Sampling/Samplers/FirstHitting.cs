using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// The limit of infinitely short ancestral steps of absorbing noise: from one reveal to the next at once, t_{n−1} = t_n U^{1/n} with n
/// tokens masked, and any of them is revealed (arXiv 2409.02908). A call a token for all sequences together, each of which has times of its
/// own.
/// </summary>
/// <remarks>
/// Tokens that are denoised together wait together: all of them, or those of a block. The calls are made in the step in which a sequence
/// reaches them, so that one sees text form.
/// </remarks>
public sealed record FirstHitting : ISampler
{
    /// <inheritdoc/>
    public string Name => "first-hitting";

    /// <summary>
    /// The masked share at which the next of n masked tokens is revealed, which is the largest of n uniform numbers below the share of now.
    /// </summary>
    /// <param name="share">u of now.</param>
    /// <param name="masked">n.</param>
    /// <param name="uniform">U in (0, 1).</param>
    public static double Next(double share, int masked, double uniform) => share * Math.Pow(uniform, 1.0 / masked);

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) =>
        OnlyMasks.Refusal(setup)
            ?? (setup.Hyperschedule.HasContinuousLimit ? null : $"steps cannot become infinitely short along {setup.Hyperschedule.Name}");

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var (wait, which, choice) = (state.Draws.Split("wait"), state.Draws.Split("which"), state.Draws.Split("word"));
        double[] shares = state.Kept(new double[state.Count]); // of each sequence: when its next token is revealed, relative to the start
        int onset = -1;
        return step =>
        {
            int[] active = [.. state.Active(step)];
            if (active.Length == 0)
                return;
            var masked = active.Where(state.IsMasked).GroupBy(state.Row).ToDictionary(row => row.Key, row => row.ToList());
            if (onset != (onset = state.Setup.Hyperschedule.OnsetOf(state.Position(active[0]))))
            {
                foreach (var (row, those) in masked)
                    shares[row] = Next(1, those.Count, Draw(state, wait, those));
            }

            // All sequences take their turns together: those that are ahead of the step have times of their own.
            double until = state.MasksLeft(step, active[0]);
            while (masked.Keys.Any(row => shares[row] >= until))
            {
                // Candidates are compared at the step, so that none is ahead of it.
                int[] revealed = [.. masked.Where(entry => state.Candidates == 1 || shares[entry.Key] >= until)
                    .Select(entry => entry.Value[(int)(Draw(state, which, entry.Value) * entry.Value.Count)])];
                Reveal(state, step, revealed, shares, choice);
                foreach (int at in revealed)
                {
                    var (row, those) = (state.Row(at), masked[state.Row(at)]);
                    those.Remove(at);
                    if (those.Count == 0)
                        masked.Remove(row);
                    else
                        shares[row] = Next(shares[row], those.Count, Draw(state, wait, those));
                }
            }
        };
    }

    // A number for as many masked tokens of a group.
    private static double Draw(GenerationState state, RandomStream draws, List<int> masked) =>
        state.Uniform(draws.Split((ulong)state.Setup.Hyperschedule.OnsetOf(state.Position(masked[0]))), masked.Count,
            state.Row(masked[0]) * state.Length);

    private static void Reveal(GenerationState state, int step, int[] revealed, double[] shares, RandomStream choice)
    {
        int size = state.Setup.Vocabulary.Size;
        double[]? times = state.Setup.View.IsNoiseConditioned
            ? Array.ConvertAll(shares, share => NoiseTime.Where(state.Setup, Math.Min(1, share)))
            : null;
        double[] distributions = state.Predict(step, revealed, times);
        foreach (var (m, at) in revealed.Index())
        {
            var distribution = distributions.AsSpan(m * size, size);
            state.Decoding.Apply(distribution, settles: false); // no step is the one to the clean end
            state.Tokens[at] = Categorical.Draw(distribution, state.Uniform(choice, 0, at)); // drawn once, in whatever step the others are
        }
    }
}
