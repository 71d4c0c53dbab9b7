using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// D3PM-absorb (arXiv 2107.03006; the form of arXiv 2406.07524's baseline): Σ_steps KL(q(x_s | x_t, x_0) ‖ q(x_s | x_t, x_0 = x_θ)) where
/// the prediction x_θ may put mass p on [MASK] itself, in the steps of the hyperschedule.
/// </summary>
/// <remarks>
/// A masked token adds (u_t − u_s)/u_t (A − ln x_θ[x_0]) + u_s/u_t (A − B) with the masked share u = 1 − α, A = ln(1 + p α_t/u_t) and B =
/// ln(1 + p α_s/u_s). Without mass on the mask A = B = 0: that is <see cref="Nelbo"/> in steps.
/// </remarks>
/// <param name="Setup">Absorbing noise, hyperschedule and view.</param>
/// <param name="Reconstructs">
/// Whether tokens are read from the settled sequence through the network, as published: −ln x_θ[x_0] given x_0, in a second pass. Else a
/// settled token is taken as it is, and the reconstruction costs nothing.
/// </param>
public sealed record D3pm(DiffusionSetup Setup, bool Reconstructs = true) : IObjective
{
    /// <inheritdoc cref="D3pm" path="/param[@name='Setup']"/>
    public DiffusionSetup Setup { get; } = Setup.Process is Absorbing
        ? Setup
        : throw new ArgumentException($"D3PM's bound is written for absorbing noise, not for {Setup.Process.Name}", nameof(Setup));

    /// <inheritdoc/>
    public string Name => $"D3PM bound, {Setup.Hyperschedule.Depth} steps a position";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => new(Setup.At(1).KullbackLeibler(Setup.Start, Setup.Vocabulary.TokenCount), Reconstruction: 0);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var noisy = NoisyBatch.Draw(Setup, batch, levels, continuous: false, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <summary>The bound's estimate from given noisy sequences.</summary>
    /// <returns>[B, L] nats.</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var nats = Steps(network, batch, device);
        return (Reconstructs ? nats + Reconstruction(network, batch, device) : nats).MoveToOuterDisposeScope();
    }

    /// <summary>The divergences of the drawn steps, each for all the steps that its draw stands for.</summary>
    /// <returns>[B, L] nats; zero where nothing is masked.</returns>
    public Tensor Steps(IDenoiser network, NoisyBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        int[] masked = [.. Enumerable.Range(0, batch.Tokens.Length)
            .Where(i => batch.Tokens[i] == Setup.Vocabulary.MaskId && batch.IsTarget(i))];
        var steps = Array.ConvertAll(masked,
            i => MaskedStep.Of(Setup.At(Drawn(i).Next!.Value[Position(i)]), Setup.At(Drawn(i).Times[Position(i)]), Drawn(i).Weight));
        var targets = tensor(Array.ConvertAll(masked, i => batch.Clean.Tokens[i])).On(device).unsqueeze(-1);              // [M, 1]
        // ln x_θ of the clean token and ln p of the mask, which the distribution includes
        var predicted = batch.PerPosition(network, masked, device, (logits, first) =>                                            // [M, 2]
        {
            var distribution = logits.log_softmax(-1);
            return cat([distribution.gather(-1, targets.narrow(0, first, logits.size(0))),
                distribution.narrow(-1, Setup.Vocabulary.MaskId, 1)], -1);
        });
        var (clean, mask) = (predicted.select(-1, 0), predicted.select(-1, 1));                                                       // [M]
        var (now, before) = (Filled(step => step.Now), Filled(step => step.Before));                       // A and B
        var nats = (PerPosition(step => step.Revealed) * (now - clean)) + (PerPosition(step => step.Stays) * (now - before));
        return zeros([batch.Tokens.Length], nats.dtype, device)
            .scatter(0, tensor(Array.ConvertAll(masked, i => (long)i)).On(device), nats)
            .view(batch.Clean.Rows, batch.Clean.Length).MoveToOuterDisposeScope();

        LevelDraw Drawn(int at) => batch.LevelDraws[at / batch.Clean.Length];

        int Position(int at) => at % batch.Clean.Length;

        Tensor PerPosition(Func<MaskedStep, double> value) => tensor([.. steps.Select(value)], mask.dtype).On(device);

        // ln(1 + p e^{ratio})
        Tensor Filled(Func<MaskedStep, double> ratio) => zeros_like(mask).logaddexp(mask + PerPosition(ratio));
    }

    /// <summary>−ln x_θ[x_0] of the targets, given the settled sequence x_0.</summary>
    /// <returns>[B, L] nats; zero where x_0 is given.</returns>
    public Tensor Reconstruction(IDenoiser network, NoisyBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var settled = NoisyBatch.Of(Setup, batch.Clean, batch.Clean.Tokens,
            [.. batch.LevelDraws.Select(draw => draw with { Times = [.. draw.Times.Select(_ => 0.0)] })]);
        var targets = tensor(batch.Clean.Tokens).On(device).unsqueeze(-1);                                                // [B·L, 1]
        var nats = settled.PerPosition(network, [.. Enumerable.Range(0, batch.Tokens.Length)], device, (logits, first) =>
            logits.log_softmax(-1).gather(-1, targets.narrow(0, first, logits.size(0))).neg())                            // [B·L, 1]
            .view(batch.Clean.Rows, batch.Clean.Length);
        return Targets.Only(nats, batch.Clean).MoveToOuterDisposeScope();
    }

    // What a step does to a masked token, weighted: the shares that it reveals and leaves, and ln(α/u) at its two ends.
    private readonly record struct MaskedStep(double Revealed, double Stays, double Now, double Before)
    {
        public static MaskedStep Of(Marginal s, Marginal t, double weight)
        {
            var (before, now) = (s.MaskProbability, t.MaskProbability); // u_s, u_t
            return new(
                weight * (now - before) / now,
                weight * before / now,
                Math.Log(t.Alpha / now),
                before == 0 ? 0 : Math.Log(s.Alpha / before)); // B belongs to what stays, and at the clean end nothing does
        }
    }
}
