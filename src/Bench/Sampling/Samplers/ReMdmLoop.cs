using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Generates up to a share of the tokens, stays there for a while, masking and revealing, and then generates the rest (ReMDM, arXiv
/// 2503.00307, loop).
/// </summary>
/// <remarks>
/// With time t falling along a flat hyperschedule, α rises linearly from 0 to α_on until t_on, rests until t_off, where tokens are masked
/// at the rate min(η, σ_max), and rises to 1 until t = 0: these marginals take the place of those of the noise schedule, and a
/// noise-conditioned network is given the time that has them.
/// </remarks>
/// <param name="Eta">η in [0, 1].</param>
/// <param name="On">t_on: when resting begins.</param>
/// <param name="Off">t_off, before it in time: when resting ends.</param>
/// <param name="Alpha">α_on: the share of tokens meanwhile.</param>
public sealed record ReMdmLoop(double Eta, double On = 0.55, double Off = 0.05, double Alpha = 0.9) : ITokenwise
{
    /// <inheritdoc cref="ReMdmLoop" path="/param[@name='Eta']"/>
    public double Eta { get; } = Require.UnitInterval(Eta);

    /// <inheritdoc cref="ReMdmLoop" path="/param[@name='On']"/>
    public double On { get; } = Require.OpenUnitInterval(On);

    /// <inheritdoc cref="ReMdmLoop" path="/param[@name='Off']"/>
    public double Off { get; } = Require.Within(Require.OpenUnitInterval(Off), 0, On);

    /// <inheritdoc cref="ReMdmLoop" path="/param[@name='Alpha']"/>
    public double Alpha { get; } = Require.OpenUnitInterval(Alpha);

    /// <inheritdoc/>
    public string Name => $"ReMDM loop {Eta}" + ((On, Off, Alpha) == (0.55, 0.05, 0.9) ? "" : $", {Alpha} from {On} to {Off}");

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) =>
        OnlyMasks.Refusal(setup)
            ?? (setup.Hyperschedule.NeedsContext
                ? $"all tokens rest together, but along {setup.Hyperschedule.Name} some settle before others"
                : null);

    /// <summary>The marginal at a time.</summary>
    public Marginal At(double time)
    {
        double masked = time > On ? 1 - (Alpha * (1 - time) / (1 - On)) : (1 - Alpha) * Math.Min(1, time / Off);
        return Absorbing.WhereMasked(masked);
    }

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment)
    {
        var hyperschedule = moment.Setup.Hyperschedule;
        double now = hyperschedule.TimeAt(moment.Step, 0);
        Marginal t = At(now), s = At(hyperschedule.TimeAt(moment.Step + 1, 0));
        double rate = now > Off && now <= On ? Math.Min(Eta, Remasking.Most(s, t)) : 0;
        return MoveProbabilities.WithRemasking(moment.IsMasked, rate, s, t);
    }

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding) =>
        decoding.Apply(distribution, moment.Settles);

    /// <inheritdoc/>
    public double? ConditioningTime(DiffusionSetup setup, int step) =>
        setup.View.IsNoiseConditioned ? NoiseTime.Where(setup, At(setup.Hyperschedule.TimeAt(step, 0)).MaskProbability) : null;
}
