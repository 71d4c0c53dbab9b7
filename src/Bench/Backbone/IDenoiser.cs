using Bench.Attention;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>
/// Predicts clean tokens from noisy ones: the one interface through which objectives, scorers and samplers ask a network.
/// </summary>
/// <remarks>
/// Guidance stands between them and the network as a denoiser around a denoiser: it passes <see cref="NewCache"/> on, and changes what
/// <see cref="Logits"/> answers or what it is asked. It may take gradients with respect to its input, which then holds distributions
/// over tokens;
/// generation runs without gradients, so that it enables them itself.
/// </remarks>
public interface IDenoiser
{
    /// <summary>Unnormalised log-probabilities of the clean token.</summary>
    /// <returns>[M, V] or, where all are wanted, [B, C, V]; V counts the mask.</returns>
    Tensor Logits(DenoiserInput input);

    /// <summary>−ln of the probability of given clean tokens, the mask left out.</summary>
    /// <remarks>The same numbers as from <see cref="Logits"/>; a network may have a faster way to them.</remarks>
    /// <param name="input">The input.</param>
    /// <param name="targets">[M] or, where all are wanted, [B, C] tokens.</param>
    /// <param name="maskId">The mask's number.</param>
    /// <returns>[M] or [B, C] nats.</returns>
    Tensor NegativeLogLikelihood(DenoiserInput input, Tensor targets, long maskId)
    {
        using var scope = NewDisposeScope();
        return Subs.NegativeLogLikelihood(Logits(input), targets, maskId).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Numbers that follow from the logits of each wanted slot by itself, such as terms of a bound. A network may compute them part by
    /// part, so that the logits of all slots never exist at once.
    /// </summary>
    /// <param name="input">The input, with M wanted slots.</param>
    /// <param name="of">
    /// From the logits [m, V] of wanted slots and the number of the first of them, 0 .. M − 1, to their numbers: [m, ..].
    /// </param>
    /// <returns>[M, ..]</returns>
    Tensor PerSlot(DenoiserInput input, Func<Tensor, int, Tensor> of)
    {
        WantedOf(input);
        using var scope = NewDisposeScope();
        return of(Logits(input), 0).MoveToOuterDisposeScope();
    }

    /// <summary>An empty KV cache; null for a network that keeps none.</summary>
    /// <param name="rows">B.</param>
    /// <param name="slots">At most so many slots.</param>
    /// <param name="device">Where the network is.</param>
    KeyValueCache? NewCache(int rows, int slots, Device device) => null;

    /// <summary>Whether <see cref="NewCache"/> makes one.</summary>
    bool IsCaching => false;

    /// <summary>The wanted slots.</summary>
    /// <exception cref="ArgumentException">None are named.</exception>
    internal static Tensor WantedOf(DenoiserInput input) =>
        input.Wanted ?? throw new ArgumentException("PerSlot takes an input that names the slots it wants", nameof(input));
}

/// <summary>The input of a denoiser.</summary>
/// <param name="Tokens">
/// [B, C] int64, as the network sees them; or [B, C, V] distributions over tokens, one-hot where a token is known, with respect to which
/// gradients can be taken.
/// </param>
/// <param name="Sigma">[B] total noise, or [B, C] where tokens differ in it; null without noise conditioning.</param>
/// <param name="Wanted">[M] int64 indices into the B·C slots, the only ones computed by the vocabulary head; null for all.</param>
/// <param name="Layout">Positions of the slots and their attention mask; null for a sequence in order with full attention.</param>
public sealed record DenoiserInput(Tensor Tokens, Tensor? Sigma = null, Tensor? Wanted = null, SequenceLayout? Layout = null)
{
    /// <summary>
    /// The decoding step behind cached slots, in place of the layout; null where all slots are computed. Those of this call
    /// stand behind
    /// the kept ones until the next, and the first of them can be kept.
    /// </summary>
    public (DecodeStep Step, KeyValueCache Cache)? Kept { get; init; }

    /// <summary>The levels in <see cref="Sigma"/>, which then are not read back from a device; null where they are not known.</summary>
    public NoiseLevels? Levels { get; init; }

    /// <summary>The type that products are computed in, where they need not be in the network's own; null for that.</summary>
    public ScalarType? ProductType { get; init; }
}

/// <summary>Questions in a line.</summary>
public static class DenoiserQuestions
{
    /// <inheritdoc cref="IDenoiser.Logits"/>
    public static Tensor Logits(
        this IDenoiser network, Tensor tokens, Tensor? sigma, Tensor? wanted = null, SequenceLayout? layout = null) =>
        network.Logits(new DenoiserInput(tokens, sigma, wanted, layout));
}
