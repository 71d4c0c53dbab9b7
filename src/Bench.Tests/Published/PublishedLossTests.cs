using System.Text.Json;
using Bench.Backbone;
using Bench.Published;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Objectives;
using Bench.Reference.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Published;

/// <summary>The suite's objectives on a published network give the losses of its public code, at a fixed corruption.</summary>
public sealed class PublishedLossTests
{
    private const double ReleasedMostWeight = 2;

    public static TheoryData<string> Cases() => [.. CheckpointFiles.Cases().Where(HasLoss)];

    [Theory, MemberData(nameof(Cases))]
    public void A_checkpoint_gives_the_losses_of_its_public_code(string folder)
    {
        using var scope = NewDisposeScope();
        using var json = Read(folder);
        var expected = new Expectations(json.RootElement, folder);
        using var checkpoint = Checkpoint.Open(Path.Combine(CheckpointFiles.Root, folder));
        var published = PublishedNetworkTests.Understood(checkpoint);
        foreach (bool averages in published.HasAverages ? [false, true] : new[] { false })
        {
            using var network = published.Load(averages, float64);
            var loss = expected.Part("loss");
            loss.Skip("kind");
            AssertLoss(published, network, loss, expected, json.RootElement, published.HasAverages ? averages ? "ema" : "raw" : null);
            loss.AssertAllRead();
        }
    }

    private static JsonDocument Read(string folder) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(CheckpointFiles.Root, folder, "expected.json")));

    // The losses of AR stand under outputs.
    private static bool HasLoss(string folder)
    {
        using var json = Read(folder);
        return json.RootElement.TryGetProperty("loss", out var loss) && loss.TryGetProperty("x0", out _);
    }

    private static void AssertLoss(
        PublishedNetwork published, Ddit network, Expectations loss, Expectations expected, JsonElement root, string? set)
    {
        long[] sizes = GoldenNumbers.Shape(loss.Of("x0"));
        var (rows, length) = ((int)sizes[0], (int)sizes[1]);
        var setup = new DiffusionSetup(
            new Vocabulary("published", published.Shape.Vocabulary - 1), published.Process!, published.Schedule!,
            published.BlockSize is { } width ? Hyperschedule.Block(length, width, 1) : Hyperschedule.Flat(length, 1), published.View);
        long[] x0 = loss.Integers("x0"), xt = loss.Integers(loss.Has("zt") ? "zt" : "xt");
        if (published.Family.Name == "hdlm-epsilon")
        {
            Epsilon(setup, network, loss, set, x0, xt, rows, length);
            return;
        }

        double[] times = loss.Numbers("t");
        times = times.Length == rows ? GivenNoise.Repeated(times, length) : times;
        if (loss.Has("sigma"))
            Close.Assert(loss.Numbers("sigma"), [.. Each(times, loss.Numbers("sigma").Length).Select(setup.Schedule.Sigma)], what: "sigma");
        if (loss.Has("dsigma"))
            Close.Assert(loss.Numbers("dsigma"), [.. Each(times, loss.Numbers("dsigma").Length).Select(setup.Schedule.Rate)],
                what: "dsigma");
        if (loss.Has("alpha"))
            Close.Assert(loss.Numbers("alpha"), [.. Each(times, loss.Numbers("alpha").Length).Select(t => setup.At(t).Keep)],
                what: "alpha");
        var steps = setup.Hyperschedule.Draw(0.5, _ => 0.5, continuous: true).Steps;
        var batch = NoisyBatch.Of(setup, new ExampleBatch(x0, new long[rows]), xt,
            [.. times.Chunk(length).Select(row => new LevelDraw(steps, [.. row], Next: null, Weight: 1))]);
        switch (published.Family.Name)
        {
            case "mdlm" or "bd3lm":
                Compare(new MaskedNelbo(setup).Of(network, batch, CPU));
                break;
            case "sedd" or "sedd-uniform":
                Compare(new ScoreEntropy(setup, ScaledBySigma: published.Family.HasMask).Of(network, batch, CPU));
                break;
            case "duo":
                Compare(new Nelbo(setup, Continuous: true).Of(network, batch, CPU));
                break;
            case "gidd":
                Gidd(setup, network, loss, batch, times);
                if (loss.Has("all_rows"))
                    GiddOverAllRows(setup, published, network, loss.Part("all_rows"), batch, times);
                break;
            case "hdlm-gamma":
                var calls = new KnownCalls(published, network, expected.Part("inputs"), expected.Part("shape"));
                var (_, scores, compared) = calls.Masked();
                var masks = setup with { Process = new Absorbing() }; // the released rule knows its noise by γ and σ alone
                var nats = new ReleasedScoreEntropy(masks, published.Shape.EmbeddingMix!.Value, ScaledBySigma: false)
                    .Of(new FixedLogits(scores!), GivenNoise.Batch(masks, x0, xt, times), CPU);
                KnownCalls.AssertSome(Set(loss, "per_position", set), nats, compared, "score entropy");
                break;
            default:
                Assert.Fail($"no loss of {published.Family.Name} is compared: {root.GetProperty("loss").GetProperty("kind")}");
                break;
        }

        void Compare(Tensor nats) => Close.Assert(Set(loss, "per_position", set), nats, what: "per position");
    }

    private static void Gidd(DiffusionSetup setup, Ddit network, Expectations loss, NoisyBatch batch, double[] times)
    {
        loss.Skip("p_uniform");
        var objective = new GiddLoss(setup, new ReleasedDynamicWeights(ReleasedMostWeight));
        var numbers = loss.Has("words_only") ? loss.Part("words_only") : loss;
        Close.Assert(numbers.Numbers("elbo_weight"), Weights(objective.BoundWeight), what: "weights of the bound");
        Close.Assert(numbers.Numbers("loss_weight"), Weights(objective.Weight), what: "weights of the loss");
        Close.Assert(numbers.Numbers("elbo"), new Nelbo(setup, Continuous: true).Of(network, batch, CPU), what: "bound");
        Close.Assert(numbers.Numbers("loss"), objective.Of(network, batch, CPU), what: "loss");

        double[] Weights(Func<double, bool, bool, double> of) =>
            [.. batch.Tokens.Select((token, at) => of(times[at], token == setup.Vocabulary.MaskId, token == batch.Clean.Tokens[at]))];
    }

    // GIDD's own code has the rows that no token has share in the prediction, which then does not add up to one over the tokens. Uniform
    // noise is over the tokens alone, so that these rows add nothing themselves.
    private static void GiddOverAllRows(
        DiffusionSetup setup, PublishedNetwork published, Ddit network, Expectations numbers, NoisyBatch batch, double[] times)
    {
        var (rows, length, mask) = (batch.Clean.Rows, batch.Clean.Length, setup.Vocabulary.MaskId);
        using var whole = KnownCalls.OverAllRows(published, network);
        var logits = whole.Logits(tensor(batch.Tokens, [rows, length]), tensor([.. Each(times, rows).Select(setup.Schedule.Sigma)]));
        var own = logits.narrow(-1, 0, mask);                                                                     // [B, L, N]
        var others = logits.narrow(-1, mask + 1, logits.size(-1) - mask - 1);
        var distribution = (own - cat([own, others], -1).logsumexp(-1, keepdim: true)).flatten(0, 1);             // [B·L, N] ln π
        Assert.All(distribution.exp().sum(-1).data<double>().ToArray(), share => Assert.InRange(share, 0.01, 0.99));
        var objective = new GiddLoss(setup, new ReleasedDynamicWeights(ReleasedMostWeight));
        Close.Assert(numbers.Numbers("elbo_weight"), Weights(objective.BoundWeight), what: "weights of the bound over all rows");
        Close.Assert(numbers.Numbers("loss_weight"), Weights(objective.Weight), what: "weights of the loss over all rows");
        var bound = BoundEvaluator.OfDistributions(
            distribution, PositionTerms.Of(setup, batch), batch.Clean.Tokens, batch.Tokens).view(rows, length);
        Close.Assert(numbers.Numbers("elbo"), bound, what: "bound over all rows");
        var weights = tensor(Weights(objective.Weight), [rows, length]) / tensor(Weights(objective.BoundWeight), [rows, length]);
        Close.Assert(numbers.Numbers("loss"), bound * weights, what: "loss over all rows");
        numbers.AssertAllRead();

        double[] Weights(Func<double, bool, bool, double> of) =>
            [.. batch.Tokens.Select((token, at) => of(times[at], token == mask, token == batch.Clean.Tokens[at]))];
    }

    private static void Epsilon(
        DiffusionSetup setup, Ddit network, Expectations loss, string? set, long[] x0, long[] xt, int rows, int length)
    {
        double epsilon = loss.Has("epsilon") ? loss.Of("epsilon").GetDouble() : 0,
            lambda = loss.Has("lambda") ? loss.Of("lambda").GetDouble() : 0;
        Assert.Equal(setup.Process, new EpsilonHybrid(epsilon));
        var released = new ReleasedHybridLoss(
            new HybridCrossEntropy(setup, lambda, PerVisible: true, Continuous: true), epsilon, IsHybrid: true);
        long[][] noisy = [.. xt.Chunk(length)];
        // The file says by its weights alone which tokens were drawn anew; a draw may give the same token.
        double[] stated = loss.Numbers("weight");
        double[] kept = Weights(new bool[xt.Length]);
        bool[] redrawn =
        [
            .. xt.Select((token, at) => token != setup.Vocabulary.MaskId && (token != x0[at] || Math.Abs(stated[at] - kept[at]) > 1e-9)),
        ];
        double[] weights = Weights(redrawn);
        Close.Assert(stated, weights, what: "weight");
        var nats = ReleasedHybridLoss.CrossEntropy(network.Logits(tensor(xt, [rows, length]), null), tensor(x0, [rows, length]));
        Close.Assert(Set(loss, "per_position", set), nats * tensor(weights, nats.shape), what: "per position");

        double[] Weights(bool[] drawn) =>
            [.. released.Aligned(loss.Numbers("p_mask"), noisy, [.. drawn.Chunk(length)]).SelectMany(row => row)
                .Select(weight => weight * xt.Length)];
    }

    private static double[] Set(Expectations loss, string name, string? set) =>
        set is null ? loss.Numbers(name) : loss.Part(name).Numbers(set);

    // One number a row, or one a position.
    private static IEnumerable<double> Each(double[] times, int count) => times.Where((_, at) => at % (times.Length / count) == 0);
}
