namespace Bench.Results;

/// <summary>What the likelihoods of a run are per: characters, or the tokens of a vocabulary whose tokens are not characters.</summary>
/// <param name="One">The name of one of them.</param>
/// <param name="Short">The same in units.</param>
public sealed record LikelihoodUnits(string One, string Short)
{
    public static LikelihoodUnits Character { get; } = new("character", "char");

    public static LikelihoodUnits Token { get; } = new("token", "token");

    /// <summary>Of a likelihood's row.</summary>
    /// <param name="unit">Its unit, such as <see cref="Units.BitsPerToken"/>.</param>
    public static LikelihoodUnits Of(string? unit) => unit == Units.BitsPerToken ? Token : Character;

    /// <summary>The name of several of them.</summary>
    public string Many => $"{One}s";

    /// <summary>One of <see cref="Units"/>.</summary>
    public string Bits => $"bits/{Short}";

    /// <inheritdoc cref="Bits"/>
    public string Nats => $"nats/{Short}";

    /// <inheritdoc cref="Bits"/>
    public string Perplexity => $"ppl/{Short}";
}

/// <summary>How the units of <c>metrics.csv</c> are spelt.</summary>
public static class Units
{
    public const string BitsPerCharacter = "bits/char";
    public const string NatsPerCharacter = "nats/char";
    public const string PerplexityPerCharacter = "ppl/char";
    public const string BitsPerToken = "bits/token";
    public const string NatsPerToken = "nats/token";
    public const string PerplexityPerToken = "ppl/token";
    public const string TokensPerSecond = "tokens/s";
    public const string SequencesPerSecond = "sequences/s";
    public const string Seconds = "s";
    public const string Mebibytes = "MiB";
    public const string Nats = "nats";
    public const string Tokens = "tokens";
    public const string Steps = "steps";
    public const string None = "";
}
