using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Backbone;
using Bench.Tests.Sampling;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

/// <summary>Any-order autoregression, by enumeration of orders, texts and sets of tokens.</summary>
public sealed class AnyOrderTests
{
    private const int Length = 4;
    private const double Bound = 4.795869807218; // that of absorbing noise on the toy; see MaskedNelboTests

    private static readonly long[] X0 = [0, 2, 1, 1];
    private static readonly int[][] Orders = RandomOrder.Orders(Length);
    private static readonly Vocabulary Toy = new("toy", ToyDenoiser.TokenCount);
    private static readonly Vocabulary Letters = new("letters", 5);

    [Fact]
    public void Along_an_order_it_is_the_chain_rule()
    {
        Close.Assert([.. Orders.Select(order => RandomOrder.Nats(order, X0))], Nats(new ToyDenoiser(), Toy, Repeated(X0), Orders), 1e-12);
    }

    // The toy depends on the set of visible tokens, whatever the order in which they were read.
    [Fact]
    public void The_mean_over_orders_is_the_bound_of_absorbing_noise()
    {
        double subsets = 0;
        for (int set = 0; set < (1 << Length) - 1; set++)
        {
            long[] z = [.. X0.Select((token, i) => (set >> i & 1) == 1 ? token : ToyDenoiser.TokenCount)];
            int seen = z.Count(token => token < ToyDenoiser.TokenCount);
            double weight = Factorial(seen) * Factorial(Length - seen - 1) / Factorial(Length);
            subsets += weight * Enumerable.Range(0, Length).Where(i => z[i] == ToyDenoiser.TokenCount)
                .Sum(i => ToyDenoiser.Nats(i, X0[i], z));
        }

        double mean = Nats(new ToyDenoiser(), Toy, Repeated(X0), Orders).Average();
        Close.Assert(subsets, mean, 1e-12);
        Close.Assert(Bound, mean, 1e-11);

        static double Factorial(int n) => Enumerable.Range(1, n).Aggregate(1.0, (product, i) => product * i);
    }

    [Fact]
    public void Random_orders_estimate_the_bound_without_bias()
    {
        using var scope = NewDisposeScope();
        const int Rows = 1 << 13;
        var batch = new ExampleBatch(Repeated(X0, Rows), [.. Enumerable.Range(0, Rows).Select(i => (long)i)]);
        double[] nats = Objective(Toy, Length)
            .PerPosition(new ToyDenoiser(), batch, Strata.Of(Rows, _ => 0.5), RandomStream.Root(3), CPU).sum([1]).data<double>().ToArray();
        double deviation = Math.Sqrt(nats.Select(value => Math.Pow(value - nats.Average(), 2)).Sum() / (Rows - 1));
        Assert.InRange((nats.Average() - Bound) / (deviation / Math.Sqrt(Rows)), -4.5, 4.5);
        Assert.Equal(Orders.Length, nats.Select(value => Math.Round(value, 9)).Distinct().Count());
    }

    [Fact]
    public void In_every_order_the_probabilities_of_all_texts_sum_to_one()
    {
        using var network = Network();
        long[][] texts = AllStrings.Of(Letters.TokenCount, 3);
        double[][] nats = [.. RandomOrder.Orders(3).Select(order =>
            Nats(network, Letters, [.. texts.SelectMany(x => x)], [.. texts.Select(_ => order)]))];
        Assert.All(nats, each => Close.Assert(1, each.Sum(value => Math.Exp(-value)), 1e-10));
        Assert.True(nats[0].Zip(nats[^1], (a, b) => Math.Abs(a - b)).Max() > 1e-3, "all orders have the same distribution");
    }

    // One pass over tokens sorted by their order, and the pass over tokens in their places that the hyperschedule asks for.
    [Fact]
    public void Along_an_order_it_is_the_exact_likelihood_of_the_hyperschedule_that_goes_along_it()
    {
        using var network = Network();
        using var scope = NewDisposeScope();
        var batch = new ExampleBatch([3, 1, 0, 4, 2], [7]);
        foreach (int[] order in new int[][] { [0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3] })
        {
            var along = new Nelbo(Setup(Letters, Along(order)), Continuous: false);
            Assert.True(along.IsExact);
            double[] expected = along.PerPosition(network, batch, [0.5], RandomStream.Root(1), CPU).flatten().data<double>().ToArray();
            Close.Assert(expected, Objective(Letters, 5).Of(network, batch, [order], CPU).flatten(), 1e-10);
            Close.Assert(expected, new AnyOrder(Setup(Letters, Along(order))).Of(network, batch, [order], CPU).flatten(), 1e-10);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void It_is_the_probability_with_which_text_is_generated_along_the_order(bool caches)
    {
        using var network = Network();
        int[] order = [2, 0, 4, 1, 3];
        long[] texts = [3, 1, 0, 4, 2, 0, 0, 1, 3, 3];
        var generator = new Generator(network, Setup(Letters, Along(order)), new ByConfidence(ConfidenceOrder.LeftToRight), CPU)
        {
            Caches = caches,
        };
        Assert.Equal(caches, generator.KeepsKeys);
        Close.Assert(Nats(network, Letters, texts, [order, order]), generator.NegativeLogLikelihoods(texts), 1e-10);
    }

    [Fact]
    public void Text_is_the_same_with_and_without_a_cache_and_a_call_has_two_slots()
    {
        using var network = Network();
        var generator = new Generator(network, Setup(Letters, Along([2, 0, 4, 1, 3])), new Ancestral(), CPU);
        var (cached, whole) = (generator.Generate(50, RandomStream.Root(4)),
            (generator with { Caches = false }).Generate(50, RandomStream.Root(4)));
        Assert.Equal(whole.Sequences, cached.Sequences);
        Assert.Equal(5, cached.NetworkCalls);
        Assert.Equal(50 * (1 + (4 * 2)), cached.NetworkTokens); // the token that was settled last, and the mask of the next one
    }

    [Fact]
    public void A_token_changes_the_predictions_behind_it_in_the_order_and_no_other_bit()
    {
        using var network = new Ddit(Shape, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        network.eval();
        int[] order = [2, 0, 4, 1, 3];
        long[] x = [3, 1, 0, 4, 2];
        double[] before = PerPosition(x);
        foreach (var (rank, position) in order.Index())
        {
            double[] after = PerPosition([.. x.Select((token, i) => i == position ? (token + 1) % 5 : token)]);
            Assert.All(order[..rank], i => Assert.Equal(before[i], after[i]));
            Assert.All(order[(rank + 1)..], i => Assert.NotEqual(before[i], after[i]));
        }

        double[] PerPosition(long[] text)
        {
            using var scope = NewDisposeScope();
            return Objective(Letters, 5).Of(network, new ExampleBatch(text, [0]), [order], CPU).to(float64).data<double>().ToArray();
        }
    }

    // One attention mask serves all rows, and each has rotary angles of its own: in the fused kernels as in the operators.
    [Fact]
    public void Rows_of_several_orders_have_the_losses_and_gradients_that_the_plain_network_has_of_each()
    {
        int[][] orders = [[2, 0, 4, 1, 3], [0, 1, 2, 3, 4], [4, 1, 3, 2, 0]];
        long[] tokens = [3, 1, 0, 4, 2, 0, 0, 1, 3, 3, 2, 4, 1, 1, 0];
        double[][] fused = All(float32, [[0, 1, 2]]), plain = All(float64, [[0], [1], [2]]);
        foreach (var (found, expected) in fused.Zip(plain))
            Assert.InRange(found.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 2e-5 * expected.Max(Math.Abs));

        // The losses, and the gradients of their sum by parameter.
        double[][] All(ScalarType type, int[][] calls)
        {
            using var scope = NewDisposeScope();
            using var network = TorchSharp.ModuleExtensionMethods.to(new Ddit(Shape, RandomStream.Root(1)), type);
            network.Scatter(RandomStream.Root(2));
            var batch = new ExampleBatch(tokens, [0, 1, 2]);
            var nats = cat([.. calls.Select(rows => Objective(Letters, 5).Of(
                network, batch.Select(rows), [.. rows.Select(row => orders[row])], CPU))]);
            Backpropagation.Run(nats.sum());
            return [.. network.parameters().Select(parameter => parameter.grad!).Prepend(nats)
                .Select(tensor => tensor.detach().to(float64).contiguous().data<double>().ToArray())];
        }
    }

    [Fact]
    public void Padding_behind_a_text_changes_nothing_in_it()
    {
        using var network = Network();
        using var scope = NewDisposeScope();
        var padded = new ExampleBatch([3, 1, 0, 4, 2, 3, 1, 0, 4, 2], [7, 8]) { Lengths = [3, 4] };
        double[] nats = Of(padded, [2, 4, 0, 3, 1], [3, 4, 1, 0, 2]);
        double[] first = Of(new ExampleBatch([3, 1, 0], [7]), [2, 0, 1]), second = Of(new ExampleBatch([3, 1, 0, 4], [8]), [3, 1, 0, 2]);
        Close.Assert([.. first, 0, 0, .. second, 0], nats, 1e-10);

        double[] Of(ExampleBatch batch, params int[][] orders) =>
            Objective(Letters, batch.Length).Of(network, batch, orders, CPU).flatten().data<double>().ToArray();
    }

    [Fact]
    public void Setups_that_it_is_not_made_for_are_refused_with_the_reason()
    {
        var good = Setup(Letters, Along([0, 1, 2]));
        Refused(good with { Process = new Uniform() }, "noise that only masks");
        Refused(good with { View = good.View with { Shifted = true } }, "aligned view");
        Refused(good with { View = good.View with { Context = AttentionKind.Causal } }, "block-causal");
        Refused(good with { View = good.View with { Conditioning = Conditioning.Sigma } }, "nothing to condition on");
        Refused(good with { Hyperschedule = Hyperschedule.Flat(3, 3) }, "one a step");

        static void Refused(DiffusionSetup setup, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new AnyOrder(setup)).Message, StringComparison.Ordinal);
    }

    private static DditShape Shape => TinyNetwork.Conditioned with { Conditioning = Conditioning.Absent };

    private static Ddit Network() => TinyNetwork.Of(Shape);

    private static AnyOrder Objective(Vocabulary vocabulary, int length) =>
        new(Setup(vocabulary, Hyperschedule.Autoregressive(length)));

    private static DiffusionSetup Setup(Vocabulary vocabulary, Hyperschedule hyperschedule) => new(
        vocabulary, new Absorbing(), new LogLinear(0), hyperschedule,
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Absent));

    // A position a step.
    private static Hyperschedule Along(int[] order) => Hyperschedule.FromTable(
        [.. Enumerable.Range(0, order.Length + 1).Select(step => Enumerable.Range(0, order.Length)
            .Select(position => Array.IndexOf(order, position) < step ? 0 : 1).ToArray())]);

    private static long[] Repeated(long[] x, int rows = 24) => [.. Enumerable.Range(0, rows).SelectMany(_ => x)];

    // −ln p(x | o) of each row.
    private static double[] Nats(IDenoiser network, Vocabulary vocabulary, long[] tokens, int[][] orders)
    {
        using var scope = NewDisposeScope();
        var batch = new ExampleBatch(tokens, [.. orders.Select((_, row) => (long)row)]);
        return Objective(vocabulary, batch.Length).Of(network, batch, orders, CPU).sum([1]).data<double>().ToArray();
    }
}
