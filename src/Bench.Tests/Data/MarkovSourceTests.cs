using Bench.Data;
using Bench.Data.Corpora;
using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Data;

public sealed class MarkovSourceTests
{
    [Theory, InlineData(2, 1), InlineData(3, 1), InlineData(3, 2), InlineData(2, 3)]
    public void The_likelihoods_of_all_strings_of_a_length_sum_to_one(int tokenCount, int order)
    {
        var source = new MarkovSource(tokenCount, order, sharpness: 2, seed: 5);
        for (int length = 0; length <= 6; length++)
            Assert.Equal(1, Strings(tokenCount, length).Sum(text => Math.Exp(source.LogLikelihood(text))), 1e-12);
    }

    [Theory, InlineData(3, 1), InlineData(3, 2), InlineData(2, 3)]
    public void A_string_is_as_likely_at_any_place_of_the_text(int tokenCount, int order)
    {
        var source = new MarkovSource(tokenCount, order, sharpness: 2, seed: 5);
        foreach (var text in Strings(tokenCount, 4))
        {
            double p = Math.Exp(source.LogLikelihood(text));
            Assert.Equal(p, Enumerable.Range(0, tokenCount).Sum(before => Math.Exp(source.LogLikelihood([before, .. text]))), 1e-12);
            Assert.Equal(p, Enumerable.Range(0, tokenCount).Sum(after => Math.Exp(source.LogLikelihood([.. text, after]))), 1e-12);
        }
    }

    [Theory, InlineData(3, 1), InlineData(3, 2), InlineData(2, 3)]
    public void The_entropy_of_chunks_is_the_expected_loss_over_all_of_them_and_grows_by_the_rate(int tokenCount, int order)
    {
        var source = new MarkovSource(tokenCount, order, sharpness: 2, seed: 5);
        for (int length = 0; length <= 6; length++)
            Assert.Equal(-Strings(tokenCount, length).Sum(text => Math.Exp(source.LogLikelihood(text)) * source.LogLikelihood(text)),
                source.ChunkEntropy(length), 1e-12);
        Assert.Equal(source.EntropyRate, source.ChunkEntropy(order + 1) - source.ChunkEntropy(order), 1e-12);
        Assert.True(source.ChunkEntropy(order) / order >= source.EntropyRate);
    }

    [Fact]
    public void Sharpness_0_is_pure_noise_and_more_of_it_means_less_entropy()
    {
        Assert.Equal(Math.Log(8), new MarkovSource(8, 2, sharpness: 0, seed: 1).EntropyRate, 1e-12);
        double[] rates = [.. new[] { 0.0, 1, 2, 4, 8 }.Select(sharpness => new MarkovSource(8, 2, sharpness, seed: 1).EntropyRate)];
        Assert.Equal(rates.OrderDescending(), rates);
    }

    [Theory, InlineData(4, 1), InlineData(4, 3), InlineData(16, 2)]
    public void The_negative_log_likelihood_of_a_long_sample_approaches_the_entropy_rate(int tokenCount, int order)
    {
        const int n = 200_000;
        var source = new MarkovSource(tokenCount, order, sharpness: 2, seed: 9);
        var text = new int[n];
        source.Sample(RandomStream.Root(1), 0, text);

        Assert.Equal(source.EntropyRate, -source.LogLikelihood(text) / n, 0.015);
    }

    [Fact]
    public void Sampled_chunks_start_with_the_stationary_distribution_and_follow_the_rows()
    {
        const int n = 40_000;
        var source = new MarkovSource(2, 2, sharpness: 1, seed: 2);
        var counts = new int[16];
        var text = new int[4];
        for (int example = 0; example < n; example++)
        {
            source.Sample(RandomStream.Root(1), example, text);
            counts[(text[0] * 8) + (text[1] * 4) + (text[2] * 2) + text[3]]++;
        }
        foreach (var (string4, i) in Strings(2, 4).Select((string4, i) => (string4, i)))
        {
            double p = Math.Exp(source.LogLikelihood(string4));
            Assert.Equal(p, (double)counts[i] / n, 5 * Math.Sqrt(p * (1 - p) / n));
        }
    }

    [Theory, InlineData(3, 1, 5), InlineData(2, 2, 5), InlineData(2, 3, 5), InlineData(3, 3, 2), InlineData(3, 2, 1)]
    public void The_distribution_of_a_symbol_given_any_others_agrees_with_enumeration(int tokenCount, int order, int length)
    {
        var source = new MarkovSource(tokenCount, order, sharpness: 2, seed: 5);
        var all = Strings(tokenCount, length).Select(text => (Text: text, P: Math.Exp(source.LogLikelihood(text)))).ToList();
        foreach (var observed in Strings(tokenCount + 1, length)) // the last symbol is the mask
        {
            var agreeing = all.Where(
                entry => Enumerable.Range(0, length).All(i => observed[i] == tokenCount || observed[i] == entry.Text[i])).ToList();
            double total = agreeing.Sum(entry => entry.P);
            var posterior = new MarkovPosterior(source, observed);

            Assert.Equal(Math.Log(total), posterior.LogLikelihood, 1e-10);
            for (int i = 0; i < length; i++)
            {
                for (int token = 0; token < tokenCount; token++)
                    Assert.Equal(agreeing.Where(entry => entry.Text[i] == token).Sum(entry => entry.P) / total, posterior[i, token], 1e-12);
            }
        }
    }

    [Fact]
    public void Denoising_in_any_order_spends_exactly_the_likelihood()
    {
        // ln p(x) = Σ_j ln p(x_{π(j)} | x_{π(1)}, ..., x_{π(j−1)}) for every order π: why the bound of a perfect masked diffusion model is
        // tight.
        var source = new MarkovSource(5, 2, sharpness: 2, seed: 5);
        var text = new int[20];
        source.Sample(RandomStream.Root(1), 0, text);
        for (int example = 0; example < 5; example++)
        {
            var observed = Enumerable.Repeat(5, text.Length).ToArray();
            double sum = 0;
            foreach (int i in RandomStream.Root(2).Permutation(text.Length, example))
            {
                sum += Math.Log(new MarkovPosterior(source, observed)[i, text[i]]);
                observed[i] = text[i];
            }
            Assert.Equal(source.LogLikelihood(text), sum, 1e-10);
        }
    }

    [Fact]
    public void A_dataset_of_known_entropy_is_drawn_once_and_written_with_numbers()
    {
        using var folder = new TemporaryFolder();
        var corpus = new MarkovCorpus(tokenCount: 4, order: 1, sharpness: 2, seed: 3, trainTokens: 5000, heldOutTokens: 1000);
        using var data = new DataLibrary(folder.Path).Open(corpus);
        using var again = new DataLibrary(folder.Path).Open(new MarkovCorpus(4, 1, 2, 3, 5000, 1000));

        Assert.Equal((5000, 1000, 1000), (data.Train.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal(data.Hash, again.Hash);
        Assert.NotEqual(data.Validation.Hash, data.Test.Hash);
        Assert.Equal(corpus.Draw(Split.Test), data.Test.ToArray());
        Assert.Equal("3 _ 0", data.Tokenizer.Decode([3, 4, 0]));
        Assert.Equal([3, 0], data.Tokenizer.Encode("3 0"));
    }

    private static IEnumerable<int[]> Strings(int tokenCount, int length)
    {
        for (int number = 0; number < (int)Math.Pow(tokenCount, length); number++)
        {
            var text = new int[length];
            for (int i = length - 1, rest = number; i >= 0; i--, rest /= tokenCount)
                text[i] = rest % tokenCount;
            yield return text;
        }
    }
}
