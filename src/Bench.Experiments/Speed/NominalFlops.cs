using Bench.Backbone;
using Bench.Experiments.Planning;

namespace Bench.Experiments.Speed;

/// <summary>
/// Floating-point operations as papers count them, whoever does the work: 6 N a trained token and 12·blocks·L·D for attention, a third of
/// it for a token that goes through the network once (Kaplan et al. 2020, arXiv 2001.08361). N is the parameters that multiply every token,
/// 12·blocks·D² + D·V: no embedding, which is looked up, and no modulation, which runs once a text.
/// </summary>
public static class NominalFlops
{
    /// <summary>Of a training step.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="batch">Texts.</param>
    /// <param name="length">Tokens in a text.</param>
    /// <param name="doubled">
    /// Whether texts are read as [clean | noisy]: twice the columns, all of which attend to all, and one head for both.
    /// </param>
    public static double OfTraining(DditShape shape, int batch, int length, bool doubled)
    {
        double columns = doubled ? 2.0 * length : length;
        return RunCost.PassesOfAStep * (batch * new Pass(columns, columns * columns, Asked: length, Conditioned: 0)).Flops(shape);
    }

    /// <summary>Of columns that go through the network, forward alone.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="columns">How many, all texts and calls together.</param>
    /// <param name="keys">How many columns each of them attends to, on average.</param>
    public static double OfSampling(DditShape shape, double columns, double keys) =>
        new Pass(columns, columns * keys, Asked: columns, Conditioned: 0).Flops(shape);
}
