using System.Collections.Immutable;
using System.Globalization;

namespace Bench.Results.Claims;

/// <summary>A claim of a paper and the test that decides it: a file of <c>experiments/claims</c>, read.</summary>
public sealed record Claim
{
    /// <summary>The name of its file, without the extension.</summary>
    public required string Name { get; init; }

    /// <summary>What is claimed, in a sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>The papers that it is of, by their keys in the bibliography.</summary>
    public required ImmutableArray<string> Cites { get; init; }

    /// <summary>Where it is in them, and how that is known.</summary>
    public required string Where { get; init; }

    /// <summary>What is to be seen here if it holds, written before the runs were.</summary>
    public required string Prediction { get; init; }

    /// <summary>The claim's file.</summary>
    public required string File { get; init; }

    /// <summary>What decides it; null where nothing here does, which <see cref="Untested"/> explains.</summary>
    public DecidedBy? Decision { get; init; }

    /// <summary>Why it cannot be tested here; empty where it is.</summary>
    public string Untested { get; init; } = "";

    /// <summary>All that the claim's verdict depends on beside the results of runs, as text.</summary>
    public string Fingerprint => string.Join('\n',
        [Name, Statement, .. Cites, Where, Prediction, File, Untested, .. Decision?.Parts ?? []]);
}

/// <summary>The runs and the effect that decide a claim.</summary>
/// <param name="File">The definition's file.</param>
/// <param name="Experiment">Its name.</param>
/// <param name="Runs">The ids of its runs on a text of a given hash.</param>
/// <param name="Effect">What is measured in them.</param>
public sealed record DecidedBy(string File, string Experiment, Func<string, IReadOnlySet<string>> Runs, ClaimedEffect Effect)
{
    internal IEnumerable<string> Parts =>
        [File, Experiment, .. Runs("").Order(StringComparer.Ordinal), Effect.Claimed.ToString(), Effect.Fingerprint];
}

/// <summary>The values that a claim allows an effect, an open interval.</summary>
/// <param name="Low">Its lower end; −∞ for none.</param>
/// <param name="High">Its upper end; ∞ for none.</param>
public readonly record struct Region(double Low, double High)
{
    /// <summary>Such as <c>below 0.05</c>, <c>above 1</c> or <c>between −0.05 and 0.05</c>.</summary>
    public override string ToString() => (double.IsFinite(Low), double.IsFinite(High)) switch
    {
        (true, true) => $"between {Text(Low)} and {Text(High)}",
        (true, false) => $"above {Text(Low)}",
        _ => $"below {Text(High)}",
    };

    private static string Text(double end) =>
        end.ToString("R", CultureInfo.InvariantCulture).Replace('-', '−').Replace("E−0", "E−", StringComparison.Ordinal);
}
