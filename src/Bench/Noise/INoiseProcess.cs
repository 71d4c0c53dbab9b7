namespace Bench.Noise;

/// <summary>A token-wise corruption, known by its marginal q(x_σ | x_0) at total noise σ ≥ 0.</summary>
public interface INoiseProcess
{
    /// <summary>The process's name and parameters, in tables and in what a run's results depend on.</summary>
    string Name { get; }

    /// <summary>What the process corrupts.</summary>
    ProcessFamily Family => ProcessFamily.Discrete;

    /// <summary>Which of the two chains with these marginals the process is.</summary>
    Chain Chain { get; }

    /// <summary>
    /// q(x_σ | x_0). At σ = 0 nothing has happened, except where <see cref="IsCleanAtZero"/> denies it; σ = ∞ is the prior.
    /// </summary>
    Marginal At(double sigma);

    /// <summary>Jumps per unit of σ; never negative.</summary>
    JumpRates RatesAt(double sigma);

    /// <summary>The distribution at full noise, from which generation starts.</summary>
    Marginal Prior => At(double.PositiveInfinity);

    /// <summary>Whether σ = 0 is the clean token. Where it is not, a bound owes the reconstruction −E ln p(x_0 | x_σ) at σ = 0.</summary>
    bool IsCleanAtZero => At(0) == Marginal.Clean;
}

/// <summary>
/// What a chain with given marginals does to a token that is masked already. The marginals do not determine it; the posterior depends on
/// it.
/// </summary>
public enum Chain
{
    /// <summary>[MASK] is never left on the way to noise: SEDD, MDLM, HDLM.</summary>
    MaskAbsorbs,

    /// <summary>Every token jumps to a draw from one common, moving distribution; a masked one may be unmasked again: GIDD, XDLM.</summary>
    CommonDirection,
}

/// <summary>
/// Jumps per unit of total noise σ: from a token to a uniformly drawn one (itself included), from a token to [MASK], and from [MASK] to a
/// uniformly drawn token.
/// </summary>
public readonly record struct JumpRates(double Uniform, double Mask, double Unmask = 0)
{
    internal double Uniform { get; } = Uniform;

    internal double Mask { get; } = Mask;

    internal double Unmask { get; } = Unmask;

    /// <summary>r(y → x), the rate into a state from any one token y ≠ x.</summary>
    /// <param name="masked">Whether x is [MASK].</param>
    /// <param name="tokenCount">N.</param>
    public double Into(bool masked, int tokenCount) => masked ? Mask : Uniform / tokenCount;
}
