using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class NextTokenTests
{
    private static readonly DditShape Shape = new(Vocabulary: 4, Blocks: 2, Width: 16, Heads: 2, ConditionWidth: 8, Conditioning.Absent);

    [Fact]
    public void Costs_of_a_prefix_and_of_the_rest_add_up_to_the_whole()
    {
        var network = new ToyDenoiser();
        double[] Nats(bool[]? given) => new NextToken(MaskId: 3)
            .PerPosition(network, new ExampleBatch([0, 2, 1, 1], [0]) { Given = given }, default, default, CPU).data<double>().ToArray();
        double[] whole = Nats(null), rest = Nats([true, true, false, false]);
        Assert.Equal(whole[2..], rest[2..]);
        Assert.Equal([0, 0], rest[..2]);
    }

    [Fact]
    public void Probabilities_of_all_strings_sum_to_one()
    {
        using var scope = NewDisposeScope();
        using var network = Random();
        long[][] strings = [.. Enumerable.Range(0, 27).Select(n => (long[])[n / 9, n / 3 % 3, n % 3])];
        var nats = new NextToken(MaskId: 3).PerPosition(network, new ExampleBatch([.. strings.SelectMany(s => s)], new long[27]), default,
            default, CPU);
        Close.Assert(1, nats.sum([1]).neg().exp().sum().item<double>(), 1e-12);
    }

    [Fact]
    public void Where_the_first_token_is_read_probabilities_of_all_continuations_sum_to_one()
    {
        using var scope = NewDisposeScope();
        using var network = Random();
        var objective = new NextToken(MaskId: 3) { FirstIsRead = true };
        long[][] strings = [.. Enumerable.Range(0, 9).Select(n => (long[])[1, n / 3, n % 3])];
        var batch = new ExampleBatch([.. strings.SelectMany(s => s)], new long[9])
        {
            Given = [.. Enumerable.Range(0, 27).Select(at => at % 3 == 0)],
        };
        var nats = objective.PerPosition(network, batch, default, default, CPU);
        Close.Assert(1, nats.sum([1]).neg().exp().sum().item<double>(), 1e-12);
        Close.Assert(0, nats.select(1, 0).abs().max().item<double>());
        Assert.Throws<ArgumentException>(() => objective.PerPosition(network, batch with { Given = null }, default, default, CPU));
    }

    [Fact]
    public void A_position_is_scored_by_what_lies_before_it_alone()
    {
        using var scope = NewDisposeScope();
        using var network = Random();
        var objective = new NextToken(MaskId: 3);
        double[] one =
            objective.PerPosition(network, new ExampleBatch([0, 1, 2, 0, 1], [0]), default, default, CPU).data<double>().ToArray();
        double[] other =
            objective.PerPosition(network, new ExampleBatch([0, 1, 2, 2, 2], [0]), default, default, CPU).data<double>().ToArray();
        Close.Assert(one.AsSpan(0, 3), other.AsSpan(0, 3), 1e-12);
        Assert.NotEqual(one[4], other[4]);
    }

    // Weights that are not zero in head and modulation, or every prediction would be uniform.
    private static Ddit Random()
    {
        var network = TorchSharp.ModuleExtensionMethods.to(new Ddit(Shape, RandomStream.Root(1)), float64);
        network.Scatter(RandomStream.Root(2));
        return network;
    }
}
