using Bench.Models;
using Bench.Numerics;

namespace Bench.Sampling;

/// <summary>
/// Mends finished sequences: of proposals for all tokens at little noise and low temperature, the most confident one that differs replaces its token. A sequence is done when no
/// proposal differs, or when the share of tokens that the network would choose itself has not grown for a while (GIDD, arXiv 2503.04482).
/// </summary>
/// <param name="Inner">What generates the sequences.</param>
/// <param name="Time">The noise time that the network is told, in (0, 1).</param>
/// <param name="Temperature">Of the proposals.</param>
/// <param name="Patience">Steps without progress until a sequence is done.</param>
/// <param name="Most">Steps at most.</param>
public sealed record SelfCorrection(ISampler Inner, double Time = 0.01, double Temperature = 0.1, int Patience = 32, int Most = 1024) : ISampler
{
    /// <inheritdoc cref="SelfCorrection" path="/param[@name='Time']"/>
    public double Time { get; } = Require.OpenUnitInterval(Time);

    /// <inheritdoc cref="SelfCorrection" path="/param[@name='Temperature']"/>
    public double Temperature { get; } = Require.NonNegative(Temperature);

    /// <inheritdoc cref="SelfCorrection" path="/param[@name='Patience']"/>
    public int Patience { get; } = Require.Positive(Patience);

    /// <inheritdoc cref="SelfCorrection" path="/param[@name='Most']"/>
    public int Most { get; } = Require.Positive(Most);

    /// <inheritdoc/>
    public string Name => (Time, Temperature, Patience, Most) == (0.01, 0.1, 32, 1024)
        ? $"self-correction({Inner.Name})"
        : $"self-correction({Inner.Name}, time {Time}, temperature {Temperature}, patience {Patience}, at most {Most})";

    /// <inheritdoc/>
    public string? Refuses(Denoising problem) =>
        problem.Path.NeedsContext ? $"all tokens are mended together, but along {problem.Path.Name} some settle before others"
        : problem.At(0.5).Uniform == 0 ? $"a network of {problem.Process.Name} noise has never seen a wrong word"
        : Inner.Refuses(problem);

    /// <inheritdoc/>
    public Action<int> Begin(Canvas canvas)
    {
        var inner = Inner.Begin(canvas);
        return step =>
        {
            inner(step);
            if (step == canvas.Problem.Path.Steps - 1)
                Mend(canvas, step);
        };
    }

    private void Mend(Canvas canvas, int step)
    {
        var draws = canvas.Draws.Split("proposal");
        int[] all = [.. canvas.Active(step)];
        var open = Enumerable.Range(0, canvas.Count).ToDictionary(row => row, _ => (Best: -1.0, Since: 0));
        for (int n = 0; n < Most && open.Count > 0; n++)
        {
            int[] asked = [.. all.Where(at => open.ContainsKey(canvas.Row(at)))];
            if (asked.Length == 0)
                return;
            double[] laws = canvas.Predict(step, asked, Time);
            foreach (var row in asked.Index().GroupBy(entry => canvas.Row(entry.Item)))
            {
                var (best, since) = open[row.Key];
                double agreed = Agreement(canvas, laws, [.. row]);
                (best, since) = agreed > best ? (agreed, 0) : (best, since + 1);
                if (since < Patience && Change(canvas, laws, [.. row], draws, n))
                    open[row.Key] = (best, since);
                else
                    open.Remove(row.Key);
            }
        }
    }

    // The share of tokens that are the most probable ones.
    private static double Agreement(Canvas canvas, double[] laws, (int Index, int Item)[] row)
    {
        int size = canvas.Problem.Words.Size;
        return row.Average(entry =>
        {
            var law = laws.AsSpan(entry.Index * size, size);
            return law[(int)canvas.Tokens[entry.Item]] == Max(law) ? 1.0 : 0;
        });
    }

    // Whether any proposal differed.
    private bool Change(Canvas canvas, double[] laws, (int Index, int Item)[] row, RandomStream draws, int n)
    {
        int size = canvas.Problem.Words.Size;
        var cold = new Choice(Temperature);
        (int At, int Token, double Probability) change = (-1, -1, -1);
        foreach (var (m, at) in row)
        {
            var law = laws.AsSpan(m * size, size);
            cold.Apply(law, settles: false);
            int token = Categorical.Draw(law, canvas.Uniform(draws, n, at));
            if (token != canvas.Tokens[at] && law[token] > change.Probability)
                change = (at, token, law[token]);
        }

        if (change.At >= 0)
            canvas.Tokens[change.At] = change.Token;
        return change.At >= 0;
    }

    private static double Max(ReadOnlySpan<double> law)
    {
        double most = 0;
        foreach (double p in law)
            most = Math.Max(most, p);
        return most;
    }
}
