using Bench.Backbone;
using Bench.Experiments.Planning;

namespace Bench.Experiments.Speed;

/// <summary>
/// Floating-point operations as papers count them, whatever the implementation: 6 N a trained token and 12·blocks·L·D for attention, a third of
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
    /// Whether texts are read as [clean | noisy]: twice the positions, all of which attend to all, and one head for both.
    /// </param>
    public static double OfTraining(DditShape shape, int batch, int length, bool doubled)
    {
        double slots = doubled ? 2.0 * length : length;
        return RunCost.PassesOfAStep * (batch * new Pass(slots, slots * slots, Asked: length, Conditioned: 0)).Flops(shape);
    }

    /// <summary>Of positions that go through the network, forward alone.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="slots">How many, all texts and calls together.</param>
    /// <param name="keys">How many positions each of them attends to, on average.</param>
    public static double OfSampling(DditShape shape, double slots, double keys) =>
        new Pass(slots, slots * keys, Asked: slots, Conditioned: 0).Flops(shape);
}
