using Bench.Attention;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Predicts clean tokens from noisy ones.</summary>
public interface IDenoiser
{
    /// <summary>Unnormalised log-probabilities of the clean token.</summary>
    /// <param name="tokens">[B, C] int64, as the network sees them.</param>
    /// <param name="sigma">[B] total noise, or [B, C] where tokens differ in it; null where the network is not told.</param>
    /// <param name="wanted">[M] int64 indices into the B·C columns, the only ones computed by the vocabulary head; null for all.</param>
    /// <param name="layout">Where the columns stand and whom they see; null for a sequence in order in which everybody sees everybody.</param>
    /// <returns>[M, V] or, without <paramref name="wanted"/>, [B, C, V]; V counts the mask.</returns>
    Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? wanted = null, SequenceLayout? layout = null);

    /// <summary>−ln of the probability of given clean tokens, among words alone.</summary>
    /// <param name="tokens">As for <see cref="Logits"/>.</param>
    /// <param name="sigma">As for <see cref="Logits"/>.</param>
    /// <param name="targets">[M] words.</param>
    /// <param name="maskId">The mask's number.</param>
    /// <param name="wanted">As for <see cref="Logits"/>.</param>
    /// <param name="layout">As for <see cref="Logits"/>.</param>
    /// <returns>[M] or, without <paramref name="wanted"/>, [B, C] nats.</returns>
    Tensor NegativeLogLikelihood(Tensor tokens, Tensor? sigma, Tensor targets, long maskId, Tensor? wanted = null, SequenceLayout? layout = null)
    {
        using var scope = NewDisposeScope();
        return Subs.NegativeLogLikelihood(Logits(tokens, sigma, wanted, layout), targets, maskId).MoveToOuterDisposeScope();
    }
}
