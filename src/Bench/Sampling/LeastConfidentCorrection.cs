using Bench.Models;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>
/// Ancestral steps in whose calls as many words are drawn anew as in those of <see cref="AdaptiveCorrection"/>, on average, but those first to which the network, not looking
/// at them, gives the least probability (HDLM, arXiv 2504.06416, as it is described there).
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
    public string? Refuses(Denoising problem) => AdaptiveCorrection.Refusal(problem);

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var (reveal, word, correct) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"), canvas.Draws.Split("correct"));
        int size = canvas.Problem.Words.Size;
        return step =>
        {
            Dictionary<int, Moment> active = canvas.Active(step).ToDictionary(at => at, at => Moment.Of(canvas, step, at));
            int[] corrections = [.. Enumerable.Range(0, canvas.Count).Select(row => Corrections(canvas, step, row, active, correct))];
            HashSet<int> drawn = [.. active.Keys.Where(at => canvas.Uniform(reveal, step, at) >= 1 - Predictor.OddsOf(active[at]).Drawn)];
            // Where something is to be corrected, all words have to be looked at.
            int[] asked = [.. active.Keys.Where(at => drawn.Contains(at) || (!active[at].IsMasked && corrections[canvas.Row(at)] > 0))];
            if (asked.Length == 0)
                return;
            double[] laws = canvas.Predict(step, asked);
            HashSet<int> corrected =
            [
                .. from at in asked.Index()
                   where !active[at.Item].IsMasked
                   group at by canvas.Row(at.Item) into row
                   from least in row.OrderBy(at => laws[(at.Index * size) + (int)canvas.Tokens[at.Item]]).Take(corrections[row.Key])
                   select least.Item,
            ];
            foreach (var (m, at) in asked.Index().Where(entry => drawn.Contains(entry.Item) || corrected.Contains(entry.Item)))
            {
                var law = laws.AsSpan(m * size, size);
                if (corrected.Contains(at))
                    AdaptiveCorrection.Redraw(law, active[at], canvas.Choice);
                else
                    Predictor.Weigh(law, active[at], canvas.Choice);
                canvas.Tokens[at] = Categorical.Draw(law, canvas.Uniform(word, step, at));
            }
        };
    }

    // The expected number, rounded up or down at random.
    private int Corrections(Canvas canvas, int step, int row, Dictionary<int, Moment> active, RandomStream correct)
    {
        double expected = active.Where(entry => canvas.Row(entry.Key) == row && !entry.Value.IsMasked).Sum(entry => AdaptiveCorrection.Rate(Eta, entry.Value));
        return (int)(expected + canvas.Uniform(correct, step, row * canvas.Length));
    }
}
