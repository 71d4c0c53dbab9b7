namespace Bench.Results;

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
