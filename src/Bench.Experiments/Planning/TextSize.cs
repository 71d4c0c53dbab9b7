using Bench.Data;

namespace Bench.Experiments.Planning;

/// <summary>How long a text is, in tokens.</summary>
/// <param name="Train">The training part.</param>
/// <param name="Validation">The validation part.</param>
/// <param name="Test">The test part.</param>
public sealed record TextSize(long Train, long Validation, long Test)
{
    /// <summary>That of a dataset.</summary>
    public static TextSize Of(Dataset data) => new(data.Train.Count, data.Validation.Count, data.Test.Count);

    /// <summary>That of a part.</summary>
    public long this[Split part] => part switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        _ => Test,
    };
}
