namespace Bench.Results;

/// <summary>What a number is called in <c>generation.csv</c>. The runner writes these, reports read them.</summary>
public static class GenerationMetricNames
{
    /// <summary>e to the power of all nats over all tokens under a judge, in <see cref="Units.PerplexityPerCharacter"/>: corpus perplexity.</summary>
    public const string Perplexity = "generative-perplexity";

    /// <summary>The mean over sequences of e to the power of a sequence's nats per token under a judge: long tails weigh more.</summary>
    public const string MeanPerplexity = "generative-perplexity-mean";

    /// <summary>Entropy of the token histogram within one sequence, averaged over sequences, in <see cref="Units.Nats"/>.</summary>
    public const string Entropy = "sample-entropy";

    /// <summary>The share of distinct ones among all n-grams of words of all sequences; followed by n, as in <c>distinct-2</c>.</summary>
    public const string Distinct = "distinct-";

    /// <summary>The share of a sequence's n-grams of words that occurred in it before, averaged over sequences; followed by n, as in <c>repetition-4</c>.</summary>
    public const string Repetition = "repetition-";

    /// <summary>BLEU-4 of each sequence's words against all others, averaged: 1 when all are alike.</summary>
    public const string SelfBleu = "self-bleu";

    /// <summary>MAUVE of the sequences against as many of the test text, with features of a judge: 1 when the two cannot be told apart.</summary>
    public const string Mauve = "mauve";

    /// <summary>The share of words that the training text knows.</summary>
    public const string KnownWords = "known-words";

    /// <summary>Calls of the network for one batch of sequences (NFE).</summary>
    public const string NetworkCalls = "network-calls";

    /// <summary>Columns of tokens that went through the network, per generated token.</summary>
    public const string NetworkTokens = "network-tokens";

    /// <summary>Generated tokens per second, in <see cref="Units.TokensPerSecond"/>.</summary>
    public const string TokensPerSecond = "tokens-per-second";

    /// <summary>Generated sequences per second.</summary>
    public const string SequencesPerSecond = "sequences-per-second";

    /// <summary>Time until the first token of every sequence is settled, in <see cref="Units.Seconds"/>.</summary>
    public const string FirstToken = "first-token";

    /// <summary>The peak resident memory while generating, beyond what was resident before, in <see cref="Units.Mebibytes"/>: 0 where memory that the process had kept was enough.</summary>
    public const string PeakMemory = "peak-memory";

    /// <summary>What the buffers of kept keys and values take, in <see cref="Units.Mebibytes"/>.</summary>
    public const string CacheMemory = "cache-memory";
}
