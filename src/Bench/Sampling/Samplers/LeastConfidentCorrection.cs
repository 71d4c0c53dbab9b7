using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Ancestral steps in whose calls as many tokens are drawn anew as in those of <see cref="AdaptiveCorrection"/>, on average, but those
/// first to which the network, not looking at them, gives the least probability (HDLM, arXiv 2504.06416, as it is described there).
/// </summary>
/// <param name="Eta">η in [0, 1]: how many; 0 is <see cref="Ancestral"/>.</param>
public sealed record LeastConfidentCorrection(double Eta) : ISampler
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc cref="LeastConfidentCorrection" path="/param"/>
    public double Eta { get; } = Require.UnitInterval(Eta);

    /// <inheritdoc/>
    public string Name => $"ACS {Eta}, least confident";

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => AdaptiveCorrection.Refusal(setup);

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var (reveal, choice, correct) = (state.Draws.Split("reveal"), state.Draws.Split("word"), state.Draws.Split("correct"));
        int size = state.Setup.Vocabulary.Size;
        return step =>
        {
            Dictionary<int, TokenState> active = state.Active(step).ToDictionary(at => at, at => TokenState.Of(state, step, at));
            int[] corrections = [.. Enumerable.Range(0, state.Count).Select(row => Corrections(state, step, row, active, correct))];
            HashSet<int> drawn =
                [.. active.Keys.Where(at => state.Uniform(reveal, step, at) >= 1 - Predictor.ProbabilitiesOf(active[at]).Drawn)];
            // Where something is to be corrected, all tokens have to be looked at.
            int[] asked = [.. active.Keys.Where(at => drawn.Contains(at) || (!active[at].IsMasked && corrections[state.Row(at)] > 0))];
            if (asked.Length == 0)
                return;
            double[] distributions = state.Predict(step, asked);
            HashSet<int> corrected =
            [
                .. from at in asked.Index()
                   where !active[at.Item].IsMasked
                   group at by state.Row(at.Item) into row
                   from least in row.OrderBy(at => distributions[(at.Index * size) + (int)state.Tokens[at.Item]]).Take(corrections[row.Key])
                   select least.Item,
            ];
            foreach (var (m, at) in asked.Index().Where(entry => drawn.Contains(entry.Item) || corrected.Contains(entry.Item)))
            {
                var distribution = distributions.AsSpan(m * size, size);
                if (corrected.Contains(at))
                    AdaptiveCorrection.Redraw(distribution, active[at], state.Decoding);
                else
                    Predictor.Weigh(distribution, active[at], state.Decoding);
                state.Tokens[at] = Categorical.Draw(distribution, state.Uniform(choice, step, at));
            }
        };
    }

    // The expected number, rounded up or down at random.
    private int Corrections(GenerationState state, int step, int row, Dictionary<int, TokenState> active, RandomStream correct)
    {
        double expected = active.Where(entry => state.Row(entry.Key) == row && !entry.Value.IsMasked)
            .Sum(entry => AdaptiveCorrection.Rate(Eta, entry.Value));
        return (int)(expected + state.Uniform(correct, step, row * state.Length));
    }
}
