using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Sampling;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Text in tokens that are not characters, from the definition to the numbers.</summary>
public sealed partial class TokenTests
{
    private const string Yaml =
        """
        name: tokens
        data: { corpus: TEXT, tokenizer: gpt2, length: 16 }
        methods: [text, ngram-2, ar, mdlm, gamma]
        model: { blocks: 1, width: 16, heads: 2, condition-width: 16 }
        training: { steps: 4, batch-size: 4, learning-rate: 3e-3, precision: float32, log-every: 1, validate-every: 2, checkpoint-every: 2 }
        evaluation: { sequences: 20, draws: 2, zero-shot: [TEXT] }
        sampling: { count: 2, steps: 4 }
        """;

    [Theory, InlineData("text"), InlineData("ngram-2"), InlineData("ar"), InlineData("mdlm"), InlineData("gamma")]
    public void Nats_of_tokens_are_nats_of_characters(string method)
    {
        using var place = new Workplace();
        var spec = Read(place).Single(run => run.Method.Name == method);
        var run =
            Plan.Of([spec with { Data = spec.Data with { Tokenizer = TinyMerges.Tokenizer } }], place.Library, place.Store).Runs.Single();
        var record = place.Finish(run);
        Assert.Equal(RunState.Finished, record.Status.State);
        Assert.Equal(2, record.Samples.Length);
        Assert.Contains(
            record.Generation,
            row => row.Name == ScoredText.Perplexity.Name && row is { Scorer: "ngram-3", Unit: Units.PerplexityPerToken });
        if (method == "text")
            return;

        using var data = run.Spec.Data.Open(place.Library);
        foreach (string split in new[] { Splits.Validation, Splits.Test, "text.txt" })
        {
            var (tokens, characters) = (record.Find(LikelihoodMetrics.Nats, split)!, record.Find(LikelihoodMetrics.PerCharacter, split)!);
            Assert.Equal(
                (Units.NatsPerToken, Units.BitsPerToken, Units.PerplexityPerToken),
                (
                    tokens.Unit,
                    record.Find(LikelihoodMetrics.Likelihood, split)!.Unit,
                    record.Find(LikelihoodMetrics.Perplexity, split)!.Unit));
            Assert.Contains($"of 16 {TinyMerges.Tokenizer.Name} tokens, ", tokens.Protocol, StringComparison.Ordinal);
            var chunks = new EvaluationChunks(
                split == "text.txt" ? Spec.ZeroShot(run.Spec, place.Library) : split == Splits.Test ? data.Test : data.Validation, 16,
                split == "text.txt" ? run.Spec.Evaluation.ZeroShotSequences : 20);
            // the text is ASCII
            int counted = Enumerable.Range(0, chunks.Count).Sum(i => TinyMerges.Tokenizer.Decode(chunks.Read(i)).Length);
            Assert.Equal(counted, int.Parse(Counted().Match(characters.Protocol).Groups["count"].Value, CultureInfo.InvariantCulture));
            Assert.Equal(tokens.Value * 16 * chunks.Count, characters.Value * Math.Log(2) * counted, 1e-6);
            Assert.True(characters.StandardError > 0);
        }
    }

    [Fact]
    public void A_definition_names_the_tokenizer_and_downloads_nothing()
    {
        using var place = new Workplace();
        var runs = Read(place);
        Assert.All(runs, run => Assert.Equal(("gpt2", 50_257), (run.Data.Tokenizer.Name, run.Data.Tokenizer.Vocabulary.TokenCount)));
        Assert.Equal("gpt2", runs[^1].Definition("").Text("data.tokenizer"));
        Assert.False(Directory.Exists(place["cache"]));
    }

    [Fact]
    public void A_misspelt_tokenizer_is_guessed()
    {
        using var place = new Workplace();
        var problem = Assert.Single(
            place.Read(
                Yaml.Replace("TEXT", Text(place), StringComparison.Ordinal).Replace("gpt2", "gtp2", StringComparison.Ordinal)).Problems);
        Assert.Contains("unknown tokenizer 'gtp2'", problem.What, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'gpt2'?", problem.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2-256", "lies in [257, 50257]"), InlineData("gpt2-60000", "lies in [257, 50257]")]
    [InlineData("gpt2-01024", "without leading zeros"), InlineData("gpt2-x", "unknown tokenizer 'gpt2-x'")]
    public void A_size_of_vocabulary_that_there_is_not_is_refused_with_the_sizes_that_there_are(string written, string reason)
    {
        using var place = new Workplace();
        var problem = Assert.Single(
            place.Read(
                Yaml.Replace("TEXT", Text(place), StringComparison.Ordinal).Replace("gpt2", written, StringComparison.Ordinal)).Problems);
        Assert.Contains(reason, problem.What, StringComparison.Ordinal);
        Assert.Contains("gpt2-", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_that_is_cut_short_is_that_of_runs_of_networks_and_n_grams_and_of_what_is_loaded()
    {
        using var place = new Workplace();
        var reading = place.Read(Yaml.Replace("TEXT", Text(place), StringComparison.Ordinal)
            .Replace("tokenizer: gpt2", "tokenizer: gpt2-300", StringComparison.Ordinal)
            .Replace("[text, ngram-2, ar, mdlm, gamma]", "[ngram-2, mdlm]", StringComparison.Ordinal));
        Assert.Empty(reading.Problems);
        var runs = Plan.Of(reading.Runs, place.Library, place.Store).Runs;
        Assert.All(runs.Select(run => run.Spec.Data.Tokenizer),
            tokenizer => Assert.Equal(("gpt2-300", 300), (tokenizer.Name, tokenizer.Vocabulary.TokenCount)));
        foreach (var run in runs)
        {
            var record = place.Finish(run);
            Assert.Equal(RunState.Finished, record.Status.State);
            Assert.Equal(Units.BitsPerToken, record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!.Unit);
            Assert.Equal(300, VocabularySize.Of(record.Definition));
            // The text is short words: a token has more than one character, and a character less of the bits.
            Assert.InRange(
                record.Find(LikelihoodMetrics.PerCharacter, Splits.Test)!.Value, 0,
                record.Find(LikelihoodMetrics.Likelihood, Splits.Test)!.Value / 1.2);
        }

        using var model = TrainedModel.Load(runs[1].Folder);
        Assert.Same(BytePairTokenizer.OfSize(300), model.Tokenizer);
        Assert.Equal(301, model.Network.Shape.Vocabulary);
    }

    [Theory]
    [InlineData("the war and the", false, "the war and the")]
    [InlineData("the war and ", false, "the war and")]
    [InlineData("the war_ and the", true, "the war\uFFFD and the")]
    [InlineData("the war _ _", true, "the war\uFFFD\uFFFD")]
    [InlineData("_ and", true, "\uFFFD and")]
    [InlineData("Éa_", false, "Éa_")]
    public void A_prompt_is_byte_pairs_and_a_space_before_a_gap_is_the_gaps_own(string typed, bool gaps, string read)
    {
        var tokenizer = TinyMerges.Tokenizer;
        Assert.Equal(read,
            tokenizer.Decode([.. GivenText.Tokens(tokenizer, typed, gaps).Select(token => token ?? tokenizer.Vocabulary.MaskId)]));
    }

    [Fact]
    public void With_the_published_tokens_a_network_is_trained_scored_and_sampled_from()
    {
        using var place = new Workplace();
        var reading = place.Read(
            Yaml.Replace("TEXT", Text(place), StringComparison.Ordinal)
                .Replace("methods: [text, ngram-2, ar, mdlm, gamma]",
                    "methods: [ar]\nscorer: { model: { blocks: 1, width: 16, heads: 2 }, training: { steps: 2, batch-size: 2, precision: "
                        + "float32 } }", StringComparison.Ordinal));
        var runs = Plan.Of(reading.Runs, place.Library, place.Store).Runs;
        place.Finish(runs[0]);
        var record = place.Finish(runs[1]);
        Assert.Equal(
            ["judge-ar", "ngram-3"], // stored name
            record.Generation.Where(row => row.Name == ScoredText.Perplexity.Name).Select(row => row.Scorer).Distinct().Order());

        using var model = TrainedModel.Load(runs[1].Folder);
        Assert.Equal([262, 1175], GivenText.Tokens(model.Tokenizer, " the war", gaps: false).Select(token => token!.Value));
        var written = TextGenerator.Of(model, new() { Prompt = "the war and" }).Writer!.Write(count: 1, seed: 1);
        Assert.StartsWith("the war and", model.Tokenizer.Decode(written.Sequences[0]), StringComparison.Ordinal);
    }

    private static ImmutableArray<RunSpec> Read(Workplace place)
    {
        var reading = place.Read(Yaml.Replace("TEXT", Text(place), StringComparison.Ordinal));
        Assert.Empty(reading.Problems);
        return reading.Runs;
    }

    private static string Text(Workplace place) =>
        place.Write("text.txt",
            string.Concat(
                Enumerable.Range(0, 2000)
                    .Select(i => $"the {(i * i % 7 < 3 ? "king" : "winter")} and the {(i % 5 == 0 ? "sea" : "singing stone")}\n")));

    [GeneratedRegex(@"over their (?<count>\d+) characters$", RegexOptions.ExplicitCapture)]
    private static partial Regex Counted();

    private static class Spec
    {
        public static ITokens ZeroShot(RunSpec spec, DataLibrary library) => spec.Evaluation.ZeroShot[0].Open(library, spec.Data.Tokenizer);
    }
}
