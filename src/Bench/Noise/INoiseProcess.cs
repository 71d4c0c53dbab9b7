namespace Bench.Noise;

/// <summary>A token-wise corruption, known by its marginal q(x_σ | x_0) at total noise σ ≥ 0.</summary>
public interface INoiseProcess
{
    /// <summary>The process's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>Which of the two chains with these marginals the process is.</summary>
    Chain Chain { get; }

    /// <summary>q(x_σ | x_0). At σ = 0 nothing has happened; σ = ∞ is the prior.</summary>
    Marginal At(double sigma);

    /// <summary>Jumps per unit of σ from a word: to a uniformly drawn word, and to [MASK].</summary>
    JumpRates RatesAt(double sigma);

    /// <summary>The law at full noise, from which generation starts.</summary>
    Marginal Prior => At(double.PositiveInfinity);
}
