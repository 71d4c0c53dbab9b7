using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Reporting.Validity;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Reporting.Validity;

/// <summary>Unusual but possible values are shown.</summary>
public sealed class ValueRulesTests : IDisposable
{
    private static readonly GenerationSetting Setting = new("ancestral", 32);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Numbers_as_a_sound_run_leaves_them_are_possible()
    {
        SyntheticResults.Write(folder["results"]);
        SyntheticGeneration.Write(folder["results"]);
        Assert.Empty(ValueRules.Violations(new RunStore(folder["results"]).ReadAll()));
    }

    [Fact]
    public void A_likelihood_below_the_entropy_by_chance_is_possible() => AssertPossible(
        [
            new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, 1.93, 0.02),
            new(LikelihoodMetrics.TrueEntropy.Name, Splits.Test, Units.BitsPerCharacter, 2, 0.01),
            new(LikelihoodMetrics.KlFromTruth.Name, Splits.Test, Units.NatsPerCharacter, -0.0039, 0.001),
        ]);

    // One chunk has no error; whether its likelihood is below by chance is unknown.
    [Fact]
    public void A_likelihood_without_an_error_is_not_compared_with_the_entropy() => AssertPossible(
        [
            new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, 1.5),
            new(LikelihoodMetrics.TrueEntropy.Name, Splits.Test, Units.BitsPerCharacter, 2),
        ]);

    [Fact]
    public void An_infinite_generative_perplexity_and_a_number_with_a_reason_to_be_missing_are_results() => AssertPossible(
        [],
        new(Setting, ScoredText.Perplexity.Name, "truth", Units.PerplexityPerCharacter, double.PositiveInfinity, double.NaN),
        GenerationMetric.NotDefined(Setting, SelfBleu.Metric.Name, "", Units.None, 1, "one sequence has no others"));

    [Fact]
    public void Bits_of_characters_are_not_compared_with_perplexities_of_tokens() => AssertPossible(
        [
            new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerToken, 5, 0.1),
            new(LikelihoodMetrics.Perplexity.Name, Splits.Test, Units.PerplexityPerCharacter, 4),
        ]);

    [Fact]
    public void A_run_that_has_not_ended_is_not_looked_at()
    {
        var definition = SyntheticResults.Definition("likelihood", "text", "mdlm", "MDLM", "", seed: 1);
        using (var run = new RunStore(folder["results"]).Open(definition))
        {
            run.Begin(definition, SyntheticResults.Place);
            run.Write([new Metric(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, double.NaN)]);
        }

        Assert.Empty(ValueRules.Violations(new RunStore(folder["results"]).ReadAll()));
    }

    [Fact]
    public void Vocabularies_have_the_sizes_that_their_tokenizers_have() => Assert.All(
        new ITokenizer[]
        {
            Alphabet27.Instance, BytePairTokenizer.Gpt2, WithPadding.Gpt2, BytePairTokenizer.OfSize(1025), new MarkovCorpus().Tokenizer,
        },
        tokenizer =>
        {
            ImpossibleRuns.Write(folder[tokenizer.Name], [], [], tokenizer.Name);
            Assert.Equal(tokenizer.Vocabulary.TokenCount,
                VocabularySize.Of(new RunStore(folder[tokenizer.Name]).ReadAll().Single().Definition));
        });

    private void AssertPossible(IEnumerable<Metric> metrics, params GenerationMetric[] generation)
    {
        ImpossibleRuns.Write(folder["results"], metrics, generation);
        Assert.Empty(ValueRules.Violations(new RunStore(folder["results"]).ReadAll()));
    }
}
