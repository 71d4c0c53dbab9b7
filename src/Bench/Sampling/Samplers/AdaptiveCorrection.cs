using Bench.Backbone;
using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Ancestral steps in whose calls tokens are drawn anew, too, each with probability η u_s/u_t, u being the masked share: HDLM's adaptive
/// correction in the form that was released (arXiv 2504.06416). The step that settles corrects nothing.
/// </summary>
/// <remarks>
/// A token is drawn anew from what the released network says at it, which sees the token: its training weighs replaced and kept tokens as
/// two classes, so that the token counts N (1 − e + e/N)/(1 − e) times as much as another, e being the share of tokens that are replaced.
/// The share of masks keeps to its schedule. <see cref="LeastConfidentCorrection"/> picks the tokens by confidence.
/// </remarks>
/// <param name="Eta">η in [0, 1]: how often; 0 is <see cref="Ancestral"/>.</param>
public sealed record AdaptiveCorrection(double Eta) : ITokenwise
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc cref="AdaptiveCorrection" path="/param"/>
    public double Eta { get; } = Require.UnitInterval(Eta);

    /// <inheritdoc/>
    public string Name => $"ACS {Eta}";

    /// <summary>The probability that a token is drawn anew in a step.</summary>
    public static double Rate(double eta, TokenState moment) =>
        moment.T.MaskProbability == 0 ? 0 : eta * moment.S.MaskProbability / moment.T.MaskProbability;

    /// <summary>
    /// Turns a prediction, which leaves the token out, into the distribution of a token that is drawn anew; it sums to 1.
    /// </summary>
    /// <inheritdoc cref="ITokenwise.Weigh"/>
    public static void Redraw(Span<double> distribution, TokenState moment, DecodingOptions decoding)
    {
        double right = moment.T.Retained, total = 0;
        int tokenCount = distribution.Length - 1;
        if (right > 0)
            distribution[(int)moment.Token] *= tokenCount * (right + ((1 - right) / tokenCount)) / right;
        foreach (double weight in distribution[..tokenCount])
            total += weight;
        for (int y = 0; y < tokenCount; y++)
            distribution[y] /= total;
        decoding.Apply(distribution, moment.Settles);
    }

    /// <summary>Why there is nothing to correct; null where there is.</summary>
    internal static string? Refusal(DiffusionSetup setup) =>
        setup.OnlyMasks ? $"with {setup.Process.Name} noise a visible token is always right"
        : setup.Process.Chain != Chain.MaskAbsorbs
            ? $"with {setup.Process.Name} noise steps mask tokens again, which drawing them anew would hinder"
        : setup.Start.MaskProbability == 0
            ? $"tokens are drawn anew at the rate at which masks are revealed, but {setup.Process.Name} noise masks nothing"
        : null;

    /// <inheritdoc/>
    public string? Refuses(DiffusionSetup setup) => Refusal(setup);

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment)
    {
        var predicted = Predictor.ProbabilitiesOf(moment);
        return moment.IsMasked ? predicted : new(0, Math.Max(predicted.Drawn, Rate(Eta, moment)));
    }

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding)
    {
        // Tokens that the ancestral step may replace are drawn either way.
        bool replaced = Predictor.ProbabilitiesOf(moment).Drawn > 0;
        double rate = Rate(Eta, moment);
        if (moment.IsMasked || (replaced && rate == 0))
        {
            Predictor.Weigh(distribution, moment, decoding);
            return;
        }

        double[] predicted = replaced ? distribution.ToArray() : [];
        Redraw(distribution, moment, decoding);
        if (!replaced)
            return;
        Predictor.Weigh(predicted, moment, decoding);
        double total = predicted.Sum();
        for (int y = 0; y < distribution.Length; y++)
            distribution[y] = (rate * distribution[y]) + ((1 - rate) * predicted[y] / total);
    }
}
