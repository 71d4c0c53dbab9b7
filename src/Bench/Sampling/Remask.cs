namespace Bench.Sampling;

/// <summary>Fills all masks from one call and masks again those just filled, each with probability u_s/u_t, u being the masked share: the law of <see cref="Ancestral"/>, and its very sequences, for the price of all logits.</summary>
/// <remarks>The form that was released with HDLM masks the words of earlier steps again, too, and falls far behind its schedule.</remarks>
public sealed record Remask : ISampler
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc/>
    public string Name => "remask";

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var (remask, word) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"));
        int size = canvas.Problem.Words.Size;
        return step =>
        {
            int[] asked = [.. canvas.Active(step).Where(at => Predictor.OddsOf(Moment.Of(canvas, step, at)).Drawn > 0)];
            if (asked.Length == 0)
                return;
            double[] laws = canvas.Predict(step, asked);
            foreach (var (m, at) in asked.Index())
            {
                var law = laws.AsSpan(m * size, size);
                var moment = Moment.Of(canvas, step, at);
                Predictor.Weigh(law, moment, canvas.Choice);
                canvas.Tokens[at] = Categorical.Draw(law, canvas.Uniform(word, step, at));
                if (moment.IsMasked && canvas.Uniform(remask, step, at) < 1 - Predictor.OddsOf(moment).Drawn)
                    canvas.Tokens[at] = canvas.Problem.Words.MaskId;
            }
        };
    }
}
