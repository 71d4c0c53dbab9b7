using Bench.Numerics;

namespace Bench.Noise.Schedules;

/// <summary>Total noise σ(t), increasing in t ∈ [0, 1]; 0 is clean.</summary>
public interface INoiseSchedule
{
    /// <summary>The schedule's name and parameters, in tables and in what a run's results depend on.</summary>
    string Name { get; }

    /// <summary>σ(t).</summary>
    double Sigma(double t);

    /// <summary>σ'(t), exact.</summary>
    double Rate(double t);

    /// <summary>1 − e^{−σ(t)}, the probability that a token has jumped.</summary>
    double Jumped(double t) => Exponential.Jumped(Sigma(t));

    /// <summary>σ'/(e^σ − 1), the weight of a masked token in MDLM's bound (arXiv 2406.07524, equation 10).</summary>
    double MaskedWeight(double t) => Rate(t) * Math.Exp(-Sigma(t)) / Jumped(t);
}
