using Bench.Models;

namespace Bench.Sampling;

/// <summary>A sampler whose step moves every active token by a law of its own, given the sequence before the step.</summary>
/// <remarks>
/// Whether a token moves is drawn before its word: one that stays as it is needs no logits, and a step in which all do needs no call. The draws are in float64, where
/// rare words are not cut off (arXiv 2409.02908).
/// </remarks>
public interface ITokenwise : ISampler
{
    /// <inheritdoc/>
    Action<int> ISampler.Begin(Canvas canvas)
    {
        var (move, word) = (canvas.Draws.Split("reveal"), canvas.Draws.Split("word"));
        int size = canvas.Problem.Words.Size;
        return step =>
        {
            var (masked, drawn) = (new List<int>(), new List<int>());
            (Moment Moment, Odds Odds) known = default; // most tokens of a step are masks, as noisy as each other
            foreach (int at in canvas.Active(step))
            {
                var moment = Moment.Of(canvas, step, at);
                if (moment != known.Moment)
                    known = (moment, OddsOf(moment));
                var odds = known.Odds;
                if (odds is (0, 0))
                    continue;
                double u = canvas.Uniform(move, step, at);
                if (u < odds.Masked)
                    masked.Add(at);
                else if (u >= 1 - odds.Drawn)
                    drawn.Add(at);
            }

            double[] laws = drawn.Count == 0 ? [] : canvas.Predict(step, drawn, TimeTold(canvas.Problem, step));
            foreach (var (m, at) in drawn.Index())
            {
                var law = laws.AsSpan(m * size, size);
                Weigh(law, Moment.Of(canvas, step, at), canvas.Choice);
                canvas.Tokens[at] = Categorical.Draw(law, canvas.Uniform(word, step, at));
            }

            // After the call: the network sees the sequence as it was before the step.
            foreach (int at in masked)
                canvas.Tokens[at] = canvas.Problem.Words.MaskId;
        };
    }

    /// <summary>What becomes of a token, whatever the network says.</summary>
    Odds OddsOf(Moment moment);

    /// <summary>Turns a prediction into the law of the next token, given that it is drawn.</summary>
    /// <param name="law">In: π over the N words as it is predicted, and 0 for the mask. Out: weights over N + 1 states.</param>
    /// <param name="moment">The token.</param>
    /// <param name="choice">How words are chosen from laws.</param>
    void Weigh(Span<double> law, Moment moment, Choice choice);

    /// <summary>The noise time that the network is told in a step; null for that of the hyperschedule.</summary>
    double? TimeTold(Denoising problem, int step) => null;
}
