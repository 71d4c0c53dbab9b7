namespace Bench.Tests.Cli;

/// <summary>Experiments that take a second: a Markov source, small networks, few steps.</summary>
internal static class TinyExperiment
{
    public static string Counting(string corpus = "markov-3-1-1-1") => $"""
        name: counting
        data: {Open} corpus: {corpus}, length: 16 {Close}
        methods: [ngram-1, ngram-2]
        evaluation: {Open} sequences: 4 {Close}
        sampling: {Open} count: 1 {Close}

        """;

    public static string Network(long steps = 4, string method = "mdlm") => $"""
        name: network
        data: {Open} corpus: markov-3-1-1-1, length: 16 {Close}
        methods: [{method}]
        model: {Open} blocks: 1, width: 8, heads: 1, condition-width: 4 {Close}
        training: {Open} steps: {steps}, batch-size: 2, precision: float32, log-every: 1, validate-every: 0, checkpoint-every: 2 {Close}
        evaluation: {Open} sequences: 2, draws: 1 {Close}
        sampling: {Open} count: 1, steps: 2 {Close}

        """;

    /// <summary>The same, given time.</summary>
    public static string Timed(string minutes) => Network().Replace("steps: 4,", $"minutes: {minutes},", StringComparison.Ordinal);

    private const string Open = "{";
    private const string Close = "}";
}
