using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokens;
using Bench.Metrics;
using Bench.Noise;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Bench.Tests.Training;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Metrics;

/// <summary>Every reported likelihood against the truth, on a source whose entropy is known.</summary>
public sealed class LikelihoodTests
{
    private const int Length = 8;

    private static readonly MarkovSource Source = TinyTask.Corpus.Source;

    [Fact]
    public void The_exact_objective_with_the_exact_distribution_is_the_exact_likelihood()
    {
        var chunks = Chunks(limit: 40);
        var estimate = new Likelihood(new NextToken(4), 8, RandomStream.Root(1), CPU).Of(new MarkovOracle(Source, shifted: true), chunks);
        Close.Assert(Truth(chunks), estimate.Nats, 1e-9);
        Assert.Equal(1, estimate.Draws);
        Assert.Equal(0, estimate.DrawError);
    }

    [Fact]
    public void The_masked_bound_with_the_exact_distribution_is_tight()
    {
        var chunks = Chunks(limit: 300);
        var estimate = new Likelihood(new MaskedNelbo(TinyTask.Masked(Length)), 8, RandomStream.Root(1), CPU).Of(
            new MarkovOracle(Source, shifted: false), chunks);
        // The mean over orders of an exact sequential likelihood is the likelihood; what is left is the error of the draws.
        Assert.InRange(estimate.Nats - Truth(chunks), -4 * estimate.DrawError, 4 * estimate.DrawError);
        Assert.InRange(estimate.DrawError, 1e-6, estimate.StandardError);
    }

    [Fact]
    public void A_network_is_never_better_than_the_source()
    {
        var chunks = Chunks(limit: 200);
        using var network = TinyTask.Network();
        var masked = new MaskedNelbo(TinyTask.Masked(16));
        using (var trainer = TinyTask.Trainer(network, masked, TinyTask.Plan with { Steps = 200, LearningRate = 1e-2 }))
            trainer.Run(new Recorder(), default);
        var estimate = new Likelihood(new MaskedNelbo(TinyTask.Masked(Length)), 8, RandomStream.Root(1), CPU).Of(network, chunks);
        Assert.InRange(estimate.Nats, Truth(chunks) - (3 * estimate.DrawError), Math.Log(4)); // and better than a uniform model
    }

    [Fact]
    public void A_sequence_is_scored_alike_whatever_is_evaluated_with_it()
    {
        var tokens = TinyTask.Corpus.Draw(Split.Test);
        var (all, few) = (Scores(tokens), Scores(tokens[..(10 * Length)]));
        Assert.Equal(30, few.Count); // 10 sequences, 3 draws of each
        Assert.All(few, row => Assert.Equal(row.Value, all[row.Key]));

        static Dictionary<long, double> Scores(int[] tokens)
        {
            var recorder = new RecordingObjective(new MaskedNelbo(TinyTask.Masked(Length), Masking: Masking.ExactCount));
            new Likelihood(recorder, 3, RandomStream.Root(1), CPU).Of(new MarkovOracle(Source, shifted: false),
                new EvaluationChunks(new TokenArray(TinyTask.Vocabulary, tokens), Length));
            return recorder.Nats;
        }
    }

    [Fact]
    public void Examples_of_which_a_part_is_given_count_by_their_other_tokens()
    {
        var oracle = new MarkovOracle(Source, shifted: true);
        var examples = new Lengthening(Chunks(limit: 7));
        var estimate = new Likelihood(new NextToken(4), 1, RandomStream.Root(1), CPU).Of(oracle, examples);
        var batch = examples.Read(0, 7);
        double[] nats = new NextToken(4).PerPosition(oracle, batch, default, default, CPU).data<double>().ToArray();
        Assert.Equal(8 + 7 + 6 + 5 + 4 + 3 + 2, estimate.Targets);
        Close.Assert(nats.Sum() / estimate.Targets, estimate.Nats, 1e-12);
        double all = Enumerable.Range(0, 7).Sum(i => estimate.PerSequence[i] * batch.TargetsOf(i));
        Close.Assert(estimate.Nats, all / estimate.Targets, 1e-12);
        // A ratio of sums: residuals over the mean number of targets.
        double mean = estimate.Targets / 7.0;
        double[] residuals = [.. nats.Chunk(Length).Select((row, i) => (row.Sum() - (estimate.Nats * (Length - i))) / mean)];
        Close.Assert(Math.Sqrt(residuals.Sum(residual => residual * residual) / 6 / 7), estimate.StandardError, 1e-12);
    }

    [Theory, InlineData(2), InlineData(5), InlineData(16)]
    public void The_error_of_the_draws_covers_what_repeated_draws_show(int draws)
    {
        var oracle = new MarkovOracle(Source, shifted: false);
        var chunks = Chunks(limit: 40);
        LikelihoodEstimate[] repeated = [.. Enumerable.Range(1, 24).Select(seed =>
            new Likelihood(new MaskedNelbo(TinyTask.Masked(Length)), draws, RandomStream.Root((ulong)seed), CPU).Of(oracle, chunks))];
        double mean = repeated.Average(estimate => estimate.Nats);
        double spread = Math.Sqrt(repeated.Sum(estimate => Math.Pow(estimate.Nats - mean, 2)) / (repeated.Length - 1));
        // Of 24 repeats the spread is known to about 15 %.
        Assert.InRange(repeated.Average(estimate => estimate.DrawError) / spread, 0.6, 3);
    }

    [Fact]
    public void The_reconstruction_term_at_time_0_is_computed_and_reported_separately()
    {
        // Tokens that are uniform and independent, and the exact network: the bound is tight, and the last step costs the entropy of the
        // replaced tokens.
        const double epsilon = 0.3;
        var chunks = Chunks(limit: 200);
        var setup = TinyTask.Masked(Length) with { Process = new EpsilonHybrid(epsilon) };
        var estimate = new Likelihood(new Nelbo(setup, Continuous: true), 8, RandomStream.Root(1), CPU).Of(new UniformNetwork(), chunks);
        double same = 1 - epsilon + (epsilon / 4), other = epsilon / 4;
        double hidden = -(same * Math.Log(same)) - (3 * other * Math.Log(other));
        Close.Assert(estimate.Nats, estimate.Diffusion + estimate.Reconstruction, 1e-12);
        // 12,800 tokens: their mean is within 0.04 of the expectation but for one time in a hundred thousand.
        Assert.Equal(hidden, estimate.Reconstruction, 0.04);
        Assert.Equal(Math.Log(4), estimate.Nats, 5 * estimate.StandardError);
        Assert.InRange(estimate.StandardError, 1e-3, 0.1);
    }

    [Fact]
    public void An_exact_likelihood_behind_a_loss_that_is_none_takes_one_draw() =>
        Assert.Equal(1,
            new Likelihood(
                new DiffusionForcing(
                    TinyTask.Masked(Length) with { View = new BackboneView(Shifted: false, AttentionKind.Causal, Conditioning.Constant) }),
                    8, RandomStream.Root(1), CPU).Draws);

    [Fact]
    public void Bits_and_perplexity_are_the_same_number()
    {
        var estimate = new LikelihoodEstimate(Math.Log(2), 0.1, 0.05, 0.5 * Math.Log(2), 0, 10, 8, 4);
        Close.Assert([1.5, 0.1 / Math.Log(2), Math.Pow(2, 1.5)], [estimate.Bits, estimate.BitsError, estimate.Perplexity], 1e-12);
    }

    private static EvaluationChunks Chunks(int limit) => new(TinyTask.Tokens(Split.Test), Length, limit);

    private static double Truth(EvaluationChunks chunks) =>
        -Enumerable.Range(0, chunks.Count).Average(i => Source.LogLikelihood(chunks.Read(i))) / Length;

    // The first i tokens of example i are given.
    private sealed class Lengthening(EvaluationChunks chunks) : IExamples
    {
        public Vocabulary Vocabulary => chunks.Vocabulary;

        public int Length => chunks.Length;

        public long Count => chunks.Count;

        public ExampleBatch Read(long first, int count) =>
            chunks.Read(first, count) with
            {
                Given = [.. Enumerable.Range(0, count * Length).Select(at => at % Length < first + (at / Length))],
            };
    }

    private sealed class UniformNetwork() : SequenceDenoiser(tokenCount: 4)
    {
        protected override double[] Answer(int position, long[] seen) => new double[4];
    }
}
