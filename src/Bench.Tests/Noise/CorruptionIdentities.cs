using Bench.Data;
using Bench.Noise;
using Bench.Numerics;
using MathNet.Numerics.Distributions;
using Xunit;

namespace Bench.Tests.Noise;

/// <summary>Drawn tokens follow the marginals, for every process.</summary>
public sealed class CorruptionIdentities
{
    private const int Draws = 50_000;

    // Two levels of some seventy processes: one false alarm in 70,000 suites, if the seeds were not fixed.
    private const double FalseAlarm = 1e-7;

    public static TheoryData<INoiseProcess> Processes() => EveryProcess.Data;

    [Theory, MemberData(nameof(Processes))]
    public void Drawn_tokens_follow_the_marginal(INoiseProcess process)
    {
        var vocabulary = new Vocabulary("four", 4);
        var (x0, xt) = (new long[Draws], new long[Draws]);
        Array.Fill(x0, 2);
        foreach (double sigma in new[] { 0.3, 1.5 })
        {
            var marginal = process.At(sigma);
            Corruption.Draw(x0, [.. Enumerable.Repeat(marginal, Draws)], vocabulary, RandomStream.Root(11).Split(process.ToString()!),
                example: 0, xt);
            var expected = Chains.Distribution(marginal, x0: 2, vocabulary.TokenCount) * Draws;
            double[] found = new double[vocabulary.Size];
            foreach (long token in xt)
                found[token]++;
            Assert.All(found.Index(), state => Assert.True(expected[state.Index] > 0 || state.Item == 0, $"{state} has no probability"));

            // States too rare for the chi-square distribution are left to the sum.
            int[] frequent = [.. Enumerable.Range(0, vocabulary.Size).Where(state => expected[state] >= 20)];
            double statistic = frequent.Sum(state => Math.Pow(found[state] - expected[state], 2) / expected[state]);
            Assert.InRange(statistic, 0, ChiSquared.InvCDF(frequent.Length, 1 - FalseAlarm));
        }
    }
}
