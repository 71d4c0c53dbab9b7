using Bench.Models;

namespace Bench.Sampling;

/// <summary>
/// <see cref="Ancestral"/> for absorbing noise that asks for all masked tokens at once and keeps their laws until a token of the sequence changes (MDLM, arXiv 2406.07524): the same
/// sequences from fewer calls, where sequences are generated together. A network that is told the time has to be asked in every step.
/// </summary>
public sealed record MdlmCached : ISampler
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc/>
    public string Name => "MDLM cached";

    /// <inheritdoc/>
    public string? Refuses(Denoising problem) => OnlyMasks.Refusal(problem);

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var (reveal, word) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"));
        var known = new Dictionary<int, ArraySegment<double>>();
        int knownSince = 0;
        return step =>
        {
            int[] revealed = [.. canvas.Active(step).Where(at => canvas.IsMasked(at) && canvas.Uniform(reveal, step, at) >= 1 - Predictor.OddsOf(Moment.Of(canvas, step, at)).Drawn)];
            if (revealed.Length == 0)
                return;
            if (step != knownSince && !IsSameCall(canvas.Problem, step, knownSince))
                known.Clear();
            if (!revealed.All(known.ContainsKey))
            {
                knownSince = step;
                Ask(canvas, step, known);
            }

            foreach (int at in revealed)
            {
                double[] law = [.. known[at]];
                Predictor.Weigh(law, Moment.Of(canvas, step, at), canvas.Choice);
                canvas.Tokens[at] = Categorical.Draw(law, canvas.Uniform(word, step, at));
            }

            var changed = revealed.Select(canvas.Row).ToHashSet();
            foreach (int at in known.Keys.Where(at => changed.Contains(canvas.Row(at))).ToArray())
                known.Remove(at);
        };
    }

    private static void Ask(Canvas canvas, int step, Dictionary<int, ArraySegment<double>> known)
    {
        int[] asked = [.. canvas.Active(step).Where(at => canvas.IsMasked(at) && !known.ContainsKey(at))];
        int size = canvas.Problem.Words.Size;
        double[] laws = canvas.Predict(step, asked);
        foreach (var (m, at) in asked.Index())
            known[at] = new(laws, m * size, size);
    }

    // Whether two steps differ in nothing that the network learns.
    private static bool IsSameCall(Denoising problem, int step, int other) =>
        !problem.View.IsTold && Enumerable.Range(0, problem.Path.Length).All(i => problem.Path.RegionAt(step, i) == problem.Path.RegionAt(other, i));
}
