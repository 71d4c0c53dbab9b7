namespace Bench.Experiments.Components;

/// <summary>Why something does not go together, and what to do about it.</summary>
/// <param name="What">The reason.</param>
/// <param name="Fix">What to do; null where the reason does not say.</param>
internal readonly record struct Refusal(string What, string? Fix)
{
    /// <summary>Takes a reason apart: what to do stands behind its last semicolon.</summary>
    public static Refusal Of(string reason)
    {
        int end = reason.LastIndexOf("; ", StringComparison.Ordinal);
        return end < 0 ? new(reason, null) : new(reason[..end], $"{char.ToUpperInvariant(reason[end + 2])}{reason[(end + 3)..]}.");
    }

    /// <summary>What an exception says, without the names of the code.</summary>
    public static string Reason(ArgumentException refused) => refused.Message.Split(" (Parameter")[0];
}
