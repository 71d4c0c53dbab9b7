using Bench.Results;
using Bench.Results.Metrics;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Reporting.Validity;

/// <summary>Impossible numbers are in no report.</summary>
public sealed class ImpossibleReportTests : IDisposable
{
    private const string Of = "of mdlm, seed 1, is", Way = "ancestral, 32 steps, temperature 1";

    private static readonly GenerationSetting Setting = new("ancestral", 32);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(double.NaN, "NaN"), InlineData(double.PositiveInfinity, "Infinity"), InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_likelihood_is_finite(double bits, string shown) =>
        AssertRefused($"likelihood (test) {Of} {shown} bits/char, but it is a finite number", Bits(bits));

    [Fact]
    public void A_likelihood_is_not_negative() =>
        AssertRefused($"likelihood (test) {Of} -0.5 bits/char, but no token is more probable than 1", Bits(-0.5));

    [Theory, InlineData(-0.01, "-0.01"), InlineData(double.NaN, "NaN")]
    public void A_standard_error_is_not_negative(double error, string shown) =>
        AssertRefused($"likelihood (test) {Of} 2 bits/char, but its standard error is {shown}", Bits(2, error));

    [Fact]
    public void The_line_and_the_column_are_named_behind_a_text_of_several_lines()
    {
        AssertRefused($"metrics.csv:4, column standard_error: likelihood (test) {Of} 2 bits/char, but its standard error is -1",
            Bits(2) with { Split = Splits.Validation, Protocol = "one\ntwo" }, Bits(2, -1));
        AssertRefused(
            $"generation.csv:3, column low: mauve ({Way}) {Of} 0.5",
            [Bits(2)],
            [
                new(Setting, SelfBleu.Metric.Name, "", Units.None, 0.5),
                new(Setting, ScoredText.Mauve.Name, "", Units.None, 0.5, 0.1, Low: 0.6, High: 0.4),
            ]);
    }

    [Fact]
    public void Perplexity_is_2_to_the_power_of_the_bits_of_the_same_run() => AssertRefused(
        $"perplexity (test) {Of} 4.01 ppl/char, but 2 to the power of 2 bits/char",
        Bits(2),
        new(LikelihoodMetrics.Perplexity.Name, Splits.Test, Units.PerplexityPerCharacter, 4.01));

    [Fact]
    public void Nats_are_bits_times_ln_2() => AssertRefused(
        $"likelihood-nats (test) {Of} 2 nats/char, but 2 bits/char",
        Bits(2),
        new(LikelihoodMetrics.Nats.Name, Splits.Test, Units.NatsPerCharacter, 2));

    [Fact]
    public void A_likelihood_over_four_errors_below_the_entropy_of_its_text_is_a_leak() => AssertRefused(
        $"likelihood (test) {Of} 1.9 bits/char, but the text has an entropy of 2 bits/char",
        Bits(1.9, 0.02),
        new(LikelihoodMetrics.TrueEntropy.Name, Splits.Test, Units.BitsPerCharacter, 2, 0.01));

    [Fact]
    public void A_negative_divergence_from_the_true_distribution_is_a_leak() => AssertRefused(
        $"likelihood (test) {Of} 1.99 bits/char, but the distribution that the text was drawn from takes 0.007 nats/char more",
        Bits(1.99, 0.02),
        new(LikelihoodMetrics.KlFromTruth.Name, Splits.Test, Units.NatsPerCharacter, -0.007, 0.001));

    [Fact]
    public void The_entropy_of_a_text_is_at_most_that_of_uniform_tokens() => AssertRefused(
        $"true-entropy (test) {Of} 5 bits/char, but the vocabulary has 27 tokens",
        [Bits(5), new(LikelihoodMetrics.TrueEntropy.Name, Splits.Test, Units.BitsPerCharacter, 5, 0.01)],
        [],
        "alphabet27");

    [Theory, InlineData("alphabet27", 3.4, 27), InlineData("gpt2", 4.9, 128), InlineData("symbols4", 1.4, 4)]
    public void The_entropy_of_a_generated_sequence_is_at_most_that_of_as_many_different_tokens(string tokenizer, double nats,
        int different) => AssertRefused(
        $"sample-entropy ({Way}) {Of} {CsvFormat.Field(nats)} nats, but a sequence has at most {different} different tokens",
        [Bits(2)],
        [new(Setting, SampleEntropy.Metric.Name, "", Units.Nats, nats)],
        tokenizer);

    [Theory, InlineData("mauve", 1.2), InlineData("known-words", -0.1), InlineData("distinct-2", 1.01)]
    [InlineData("repetition-4", -1), InlineData("self-bleu", 2)]
    public void A_share_of_generated_text_lies_between_0_and_1(string name, double value) => AssertRefused(
        $"{name} ({Way}) {Of} {CsvFormat.Field(value)}, but it is a share", [Bits(2)], [new(Setting, name, "", Units.None, value)]);

    [Theory, InlineData("accuracy"), InlineData("next-token-accuracy")]
    public void An_accuracy_lies_between_0_and_1(string name) =>
        AssertRefused($"{name} (test) {Of} 1.5, but it is a share", Bits(2), new(name, Splits.Test, Units.None, 1.5));

    [Fact]
    public void A_generative_perplexity_is_1_or_more() => AssertRefused(
        $"generative-perplexity ({Way}, scored by ngram-6) {Of} 0.5 ppl/char",
        [Bits(2)],
        [new(Setting, ScoredText.Perplexity.Name, "ngram-6", Units.PerplexityPerCharacter, 0.5)]);

    [Fact]
    public void A_number_of_generated_text_that_is_missing_has_a_reason() => AssertRefused(
        $"self-bleu ({Way}) {Of} NaN, but it is a finite number",
        [Bits(2)],
        [new(Setting, SelfBleu.Metric.Name, "", Units.None, double.NaN)]);

    [Fact]
    public void An_interval_begins_before_it_ends() => AssertRefused(
        "but its interval begins at 0.6 and ends below that, at 0.4",
        [Bits(2)],
        [new(Setting, ScoredText.Mauve.Name, "", Units.None, 0.5, 0.1, Low: 0.6, High: 0.4)]);

    [Theory, InlineData("training-speed", Units.TokensPerSecond), InlineData("wall-time", Units.Seconds)]
    public void A_throughput_and_a_time_are_not_negative(string name, string unit)
    {
        AssertRefused($"{name} {Of} -3 {unit}, but it is 0 or more", Bits(2), new(name, Splits.None, unit, -3));
        AssertRefused(
            $"tokens-per-second ({Way}) {Of} -3 tokens/s, but it is 0 or more",
            [Bits(2)],
            [new(Setting, GenerationCosts.TokensPerSecond.Name, "", Units.TokensPerSecond, -3)]);
    }

    [Theory]
    [InlineData("20,16,1,NaN,1,1,1,", "training.csv:3: loss (step 20) of mdlm, seed 1, is NaN, but it is a finite number")]
    [InlineData("20,16,1,1,Infinity,1,1,", "training.csv:3: gradient_norm (step 20) of mdlm, seed 1, is Infinity, but it is a finite")]
    [InlineData("20,16,1,1,1,-1,1,", "training.csv:3: learning_rate (step 20) of mdlm, seed 1, is -1, but it is 0 or more")]
    [InlineData("20,16,1,1,1,1,-1,", "training.csv:3: tokens_per_second (step 20) of mdlm, seed 1, is -1, but it is 0 or more")]
    [InlineData("20,16,1,1,1,1,1,-2", "training.csv:3: validation_bits (step 20) of mdlm, seed 1, is -2, but no token is more probable")]
    [InlineData("10,16,1,1,1,1,1,", "training.csv:3: step (step 10) of mdlm, seed 1, is 10, but the row before it is of step 10")]
    [InlineData("20,4,1,1,1,1,1,", "training.csv:3: tokens (step 20) of mdlm, seed 1, is 4, but 8 had been seen before")]
    [InlineData("20,16,0.25,1,1,1,1,", "training.csv:3: seconds (step 20) of mdlm, seed 1, is 0.25, but 0.5 had gone by before")]
    public void Impossible_values_in_a_training_log_are_refused(string row, string message)
    {
        ImpossibleRuns.Write(folder["results"], [Bits(2)], [], log: ["10,8,0.5,1,1,1,1,2", row]);
        var refused = Assert.Throws<SuiteException>(() => BuiltReport.Build(folder["results"], folder["reports"]));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["reports"]));
    }

    [Theory]
    [InlineData("steps is -3, and it is 0 or more", -3, 1, 1, 1), InlineData("temperature is NaN, and not finite", 3, double.NaN, 1, 1)]
    [InlineData("temperature is -1, and it is 0 or more", 3, -1, 1, 1)]
    [InlineData("nucleus is 2, and a probability lies in [0, 1]", 3, 1, 2, 1)]
    [InlineData("batch is 0, and it is 1 or more", 3, 1, 1, 0)]
    public void A_setting_of_generation_is_one_that_there_is(string message, int steps, double temperature, double nucleus, int batch)
    {
        var setting = new GenerationSetting("ancestral", steps, temperature, nucleus, Batch: batch);
        ImpossibleRuns.Write(folder["results"], [Bits(2)], [new(setting, ScoredText.Mauve.Name, "", Units.None, 0.5)]);
        var refused = Assert.Throws<SuiteException>(() => BuiltReport.Build(folder["results"], folder["reports"]));
        Assert.Contains($"generation.csv:2: this file is damaged: {message}", refused.Message, StringComparison.Ordinal);
    }

    private static Metric Bits(double bits, double? error = 0.01) =>
        new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, bits, error, 256);

    private void AssertRefused(string message, params Metric[] metrics) => AssertRefused(message, metrics, []);

    private void AssertRefused(string message, Metric[] metrics, GenerationMetric[] generation, string tokenizer = "characters")
    {
        string results = folder[Guid.NewGuid().ToString("N")];
        ImpossibleRuns.Write(results, metrics, generation, tokenizer);
        var refused = Assert.Throws<SuiteException>(() => BuiltReport.Build(results, folder["reports"]));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains(generation.Length > 0 ? "generation.csv" : "metrics.csv", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["reports"]));
    }
}
