using static TorchSharp.torch;

namespace Bench.Models;

/// <summary>Predicts clean tokens from noisy ones.</summary>
public interface IDenoiser
{
    /// <summary>Unnormalised log-probabilities of the clean token.</summary>
    /// <param name="tokens">[B, L] int64, as the network sees them.</param>
    /// <param name="sigma">[B] total noise, or null where the network is not told.</param>
    /// <param name="positions">[M] int64 indices into the B·L positions, the only ones computed by the vocabulary head; null for all.</param>
    /// <returns>[M, V] or, without <paramref name="positions"/>, [B, L, V]; V counts the mask.</returns>
    Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? positions = null);
}
