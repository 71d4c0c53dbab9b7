using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>What a method minimises: a loss per position, and the bound on −ln p(x) that its likelihood is reported with.</summary>
public interface IObjective
{
    /// <summary>The objective's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>The family of noise processes that it is made for.</summary>
    ProcessFamily Family => ProcessFamily.Discrete;

    /// <summary>Whether the value is −ln p(x) itself and needs no random draw.</summary>
    bool IsExact { get; }

    /// <summary>
    /// The loss. Of <see cref="ForLikelihood"/> it is an unbiased estimate of the bound: the expectation of the sum over positions, with
    /// what is
    /// named below, bounds the sequence's −ln p from above; where a part is given, −ln of the probability with which the method's
    /// generation
    /// completes it.
    /// </summary>
    /// <remarks>
    /// Given positions have no loss and are seen clean: by all positions that are denoised together, and by those that come behind. So
    /// along a
    /// flat hyperschedule all that is given is looked at; along blocks, slides and token by token not what is given further ahead,
    /// neither here nor
    /// in generation: the bound is then one on a distribution of the targets that ignores it.
    /// </remarks>
    /// <param name="network">The denoiser.</param>
    /// <param name="batch">B examples of L tokens.</param>
    /// <param name="levels">B numbers in (0, 1): where in the noise range each example is put. Stratified by the caller.</param>
    /// <param name="noise">Draws of the corruption, by example.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[B, L] nats; 0 where a position is given, or padding.</returns>
    Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device);

    /// <summary>
    /// Draws the noise of <see cref="PerPosition"/> without a network or a tensor, so that another thread can do it while a device is busy.
    /// </summary>
    /// <returns>The loss of the noisy examples: the same numbers as from <see cref="PerPosition"/>.</returns>
    DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        double[] kept = levels.ToArray();
        return (network, device) => PerPosition(network, batch, kept, noise, device);
    }

    /// <summary>What the estimate is a mean over, as text for protocols.</summary>
    string Draws => "stratified draws";

    /// <summary>Parts of the bound that need no network, in nats per token that is not given.</summary>
    ConstantTerms Constants { get; }

    /// <summary>
    /// The part of the bound that takes a network call of its own: the step from what is still noisy at time 0 to clean tokens. Null where
    /// nothing is owed.
    /// </summary>
    IObjective? Reconstruction => null;

    /// <summary>
    /// The bound with the estimator of least variance: what likelihoods are reported with. Training keeps to the published loss, which need
    /// not be a bound.
    /// </summary>
    IObjective ForLikelihood => this;

    /// <summary>
    /// The same for sequences whose first token is given and read where a mask would stand in front of it, as published autoregressive
    /// networks do; the objective itself where no mask stands there.
    /// </summary>
    IObjective ReadingFirst => this;
}

/// <summary>A bound that is an integral over noise times, or a sum over steps, and can be asked for a term of it.</summary>
public interface IBoundOfTimes : IObjective
{
    /// <summary>The bound by the schedule, hyperschedule and noise of another setup, in which sequences were made noisy.</summary>
    IBoundOfTimes In(DiffusionSetup setup);

    /// <summary>The bound's estimate from given noisy sequences, which were made noisy in its own setup.</summary>
    /// <returns>[B, L] nats.</returns>
    Tensor Of(IDenoiser network, NoisyBatch batch, Device device);
}

/// <summary>The loss of examples whose noise has been drawn.</summary>
/// <param name="network">The denoiser.</param>
/// <param name="device">Where the network is.</param>
/// <returns>[B, L] nats.</returns>
public delegate Tensor DrawnLoss(IDenoiser network, Device device);

/// <summary>Losses of examples of which a part is given.</summary>
internal static class Targets
{
    /// <summary>The same losses, and 0 for what is given or padding.</summary>
    /// <param name="nats">[B, L]</param>
    /// <param name="batch">B examples of L tokens.</param>
    /// <returns>[B, L]</returns>
    public static Tensor Only(Tensor nats, ExampleBatch batch)
    {
        if (!batch.IsConditional)
            return nats;
        using var scope = NewDisposeScope();
        bool[] given = [.. Enumerable.Range(0, batch.Tokens.Length).Select(batch.IsGiven)];
        return nats.masked_fill(tensor(given, [batch.Rows, batch.Length]).On(nats.device), 0).MoveToOuterDisposeScope();
    }
}

/// <summary>What a bound owes at its ends whatever the network, in nats per token; infinite where there is no bound.</summary>
/// <param name="Prior">KL(q(x_1 | x_0) ‖ the distribution that generation starts from).</param>
/// <param name="Reconstruction">
/// −E ln p(x_0 | x_t) at the cleanest level, where it is known beforehand; what a network has to be asked for is
/// <see cref="IObjective.Reconstruction"/>.
/// </param>
public readonly record struct ConstantTerms(double Prior, double Reconstruction);
