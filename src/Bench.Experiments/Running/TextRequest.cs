using Bench.Sampling;

namespace Bench.Experiments.Running;

/// <summary>What texts are asked of a trained network. What is left out is as the run has it.</summary>
public sealed record TextRequest
{
    /// <summary>The beginning of each text.</summary>
    public string? Prompt { get; init; }

    /// <summary>The whole of each text but for its gaps, an underscore a token.</summary>
    public string? Infill { get; init; }

    /// <summary>Texts end behind this.</summary>
    public string? Until { get; init; }

    /// <summary>Tokens in a text; more than the network's window holds make it slide.</summary>
    public int? Length { get; init; }

    /// <summary>Steps along the hyperschedule.</summary>
    public int? Steps { get; init; }

    /// <summary>A name in <see cref="SamplerTable"/>.</summary>
    public string? Sampler { get; init; }

    /// <summary>A way of guiding, as in a definition: <c>{ kind: svdd, candidates: 8, reward: lipogram }</c>.</summary>
    public string? Guidance { get; init; }

    /// <summary>Decoding options.</summary>
    public DecodingOptions Choice { get; init; } = DecodingOptions.AsPredicted;

    /// <summary>Whether keys and values are kept where that is possible.</summary>
    public bool Caches { get; init; } = true;
}
