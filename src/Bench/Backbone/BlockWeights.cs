using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>The parameters of a block, as a pass over all of it takes them.</summary>
/// <param name="Norm1">[D] scale of the normalisation in front of the attention.</param>
/// <param name="Qkv">[3·D, D]</param>
/// <param name="AttentionOut">[D, D]</param>
/// <param name="Norm2">[D] scale of the normalisation in front of the MLP.</param>
/// <param name="Up">[4·D, D]</param>
/// <param name="UpBias">[4·D]</param>
/// <param name="Down">[D, 4·D]; its bias belongs to the branch.</param>
internal sealed record BlockWeights(Tensor Norm1, Tensor Qkv, Tensor AttentionOut, Tensor Norm2, Tensor Up, Tensor UpBias, Tensor Down);
