using Bench.Backbone;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Mends finished sequences: of proposals for all tokens at little noise and low temperature, the most confident one that differs replaces
/// its token. A sequence is done when no proposal differs, or when the share of tokens that the network would choose itself has not grown
/// for a while (GIDD, arXiv 2503.04482).
/// </summary>
/// <param name="Inner">What generates the sequences.</param>
/// <param name="Time">The noise time that the network is given, in (0, 1).</param>
/// <param name="Temperature">Of the proposals.</param>
/// <param name="Patience">Steps without progress until a sequence is done.</param>
/// <param name="Most">Steps at most.</param>
public sealed record SelfCorrection(ISampler Inner, double Time = 0.01, double Temperature = 0.1, int Patience = 32, int Most = 1024)
    : ISampler
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
    public string? Refuses(DiffusionSetup setup) =>
        setup.Hyperschedule.NeedsContext ? $"all tokens are mended together, but along {setup.Hyperschedule.Name} some settle before others"
        : setup.OnlyMasks ? $"a network of {setup.Process.Name} noise has never seen a replaced token"
        : Inner.Refuses(setup);

    /// <inheritdoc/>
    public Action<int> Begin(GenerationState state)
    {
        var inner = Inner.Begin(state);
        return step =>
        {
            inner(step);
            if (step == state.Setup.Hyperschedule.Steps - 1)
                Mend(state, step);
        };
    }

    private void Mend(GenerationState state, int step)
    {
        var draws = state.Draws.Split("proposal");
        int[] all = [.. state.Active(step)];
        var open = Enumerable.Range(0, state.Count).ToDictionary(row => row, _ => (Best: -1.0, Since: 0));
        for (int n = 0; n < Most && open.Count > 0; n++)
        {
            int[] asked = [.. all.Where(at => open.ContainsKey(state.Row(at)))];
            if (asked.Length == 0)
                return;
            double[] distributions = state.Predict(step, asked, Time);
            foreach (var row in asked.Index().GroupBy(entry => state.Row(entry.Item)))
            {
                var (best, since) = open[row.Key];
                double agreed = Agreement(state, distributions, [.. row]);
                (best, since) = agreed > best ? (agreed, 0) : (best, since + 1);
                if (since < Patience && Change(state, distributions, [.. row], draws, n))
                    open[row.Key] = (best, since);
                else
                    open.Remove(row.Key);
            }
        }
    }

    // The share of tokens that are the most probable ones.
    private static double Agreement(GenerationState state, double[] distributions, (int Index, int Item)[] row)
    {
        int size = state.Setup.Vocabulary.Size;
        return row.Average(entry =>
        {
            var distribution = distributions.AsSpan(entry.Index * size, size);
            return distribution[(int)state.Tokens[entry.Item]] == Max(distribution) ? 1.0 : 0;
        });
    }

    // Whether any proposal differed.
    private bool Change(GenerationState state, double[] distributions, (int Index, int Item)[] row, RandomStream draws, int n)
    {
        int size = state.Setup.Vocabulary.Size;
        var cold = new DecodingOptions(Temperature);
        (int At, int Token, double Probability) change = (-1, -1, -1);
        foreach (var (m, at) in row)
        {
            var distribution = distributions.AsSpan(m * size, size);
            cold.Apply(distribution, settles: false);
            int token = Categorical.Draw(distribution, state.Uniform(draws, n, at));
            if (token != state.Tokens[at] && distribution[token] > change.Probability)
                change = (at, token, distribution[token]);
        }

        if (change.At >= 0)
            state.Tokens[change.At] = change.Token;
        return change.At >= 0;
    }

    private static double Max(ReadOnlySpan<double> distribution)
    {
        double most = 0;
        foreach (double p in distribution)
            most = Math.Max(most, p);
        return most;
    }
}
