using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Methods;
using Bench.Numerics;
using Bench.Objectives;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Backbone;

/// <summary>Where no gradient is needed, the logits of a large vocabulary exist in parts: the numbers are those of all at once.</summary>
public sealed class LogitBudgetTests
{
    private const int Tokens = 39_999, Rows = 3, Length = 64; // 52 positions are a part

    public static TheoryData<string> Methods() => [.. MethodTable.All.OfType<NetworkMethod>().Select(method => method.Name)];

    [Fact]
    public void A_part_is_a_whole_number_of_positions_and_one_at_least()
    {
        Assert.Equal(1, LogitBudget.Positions(int.MaxValue));
        Assert.InRange((long)LogitBudget.Positions(50_258) * 50_258, 1, 1 << 21);
        Assert.Equal(64, LogitBudget.Rows(64, 256, 28));
        Assert.Equal(1, LogitBudget.Rows(64, 1024, 50_258));
        Assert.Equal(10, LogitBudget.Rows(64, 128, 50_258));
        Assert.Equal(1, LogitBudget.Rows(64, 1 << 20, 50_258));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(9), InlineData(10), InlineData(11)]
    public void Parts_are_joined_in_their_order(int count)
    {
        const int Symbols = 1 << 20; // two positions are a part
        using var scope = NewDisposeScope();
        List<(int, int)> asked = [];
        var joined = count == 0 ? zeros([0], int64) : LogitBudget.Join(count, Symbols, (first, m) =>
        {
            asked.Add((first, m));
            return arange(first, first + m, int64);
        });
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), joined.data<long>().ToArray());
        Assert.Equal(Enumerable.Range(0, (count + 1) / 2).Select(part => (2 * part, Math.Min(2, count - (2 * part)))), asked);
    }

    [Theory, InlineData(Conditioning.Absent, 40), InlineData(Conditioning.Sigma, 150), InlineData(Conditioning.Sigma, 192)]
    public void Numbers_of_each_slot_are_those_of_all_logits_and_no_part_is_larger_than_the_budget(Conditioning conditioning, int count)
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        using var network = Network(conditioning);
        var wanted = tensor([.. Enumerable.Range(0, count).Select(m => (long)(m * 5 % (Rows * Length)))]);
        var input = new DenoiserInput(Drawn(), Sigma(), wanted);
        List<(int First, long Count)> parts = [];
        var found = network.PerSlot(input, (logits, first) =>
        {
            parts.Add((first, logits.size(0)));
            return Numbers(logits);
        });
        Assert.Equal([count, 2], found.shape);
        Assert.True(allclose(Numbers(network.Logits(input)), found, 1e-5, 1e-5));
        Assert.All(parts, part => Assert.InRange(part.Count, 1, LogitBudget.Positions(Tokens + 1)));
        Assert.Equal(count, parts.Sum(part => part.Count));
        Assert.Equal((count + LogitBudget.Positions(Tokens + 1) - 1) / LogitBudget.Positions(Tokens + 1), parts.Count);
        Assert.Equal(parts.Select((_, i) => parts.Take(i).Sum(part => part.Count)), parts.Select(part => (long)part.First));

        static Tensor Numbers(Tensor logits) => stack([logits.logsumexp(-1), logits.select(-1, 7)], -1);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Negative_log_likelihoods_are_those_of_all_logits(bool ofAll)
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        using var network = Network(Conditioning.Sigma);
        var tokens = Drawn();
        var wanted = ofAll ? null : tensor([.. Enumerable.Range(0, 130).Select(m => (long)(m * 7 % (Rows * Length)))]);
        var targets = wanted is null ? tokens : tokens.flatten().index_select(0, wanted);
        var input = new DenoiserInput(tokens, Sigma(), wanted);
        var found = network.NegativeLogLikelihood(input, targets, Tokens);
        Assert.Equal(targets.shape, found.shape);
        Assert.True(allclose(Subs.NegativeLogLikelihood(network.Logits(input), targets, Tokens), found, 1e-5, 1e-5));
    }

    [Fact]
    public void With_a_gradient_there_is_one_part()
    {
        using var scope = NewDisposeScope();
        using var network = Network(Conditioning.Sigma);
        var input = new DenoiserInput(Drawn(), Sigma(), arange(Rows * Length, int64));
        List<long> parts = [];
        var sum = network.PerSlot(input, (logits, _) =>
        {
            parts.Add(logits.size(0));
            return logits.logsumexp(-1);
        }).sum();
        Assert.Equal([Rows * Length], parts);
        Backpropagation.Run(sum);
        Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Slots_have_to_be_named()
    {
        using var scope = NewDisposeScope();
        using var network = Network(Conditioning.Sigma);
        Assert.Throws<ArgumentException>(() => network.PerSlot(new(Drawn(), Sigma()), (logits, _) => logits));
        Assert.Throws<ArgumentException>(() => ((IDenoiser)new AllAtOnce(network)).PerSlot(new(Drawn(), Sigma()), (logits, _) => logits));
    }

    // Training's loss, the bound that is reported, and the last step: those that ask for many positions do so in parts.
    [Theory, MemberData(nameof(Methods))]
    public void The_losses_of_every_method_are_those_of_all_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        var method = (NetworkMethod)MethodTable.Find(name)!;
        using var network = Network(method.View.Conditioning);
        var objective = method.Objective(method.Setup(new Vocabulary("large", Tokens), Length));
        long[] tokens = Drawn().data<long>().ToArray();
        var batch = new ExampleBatch(tokens, [0, 1, 2]);
        foreach (var loss in new[] { objective, objective.ForLikelihood, objective.Reconstruction }.OfType<IObjective>())
        {
            var (expected, found) = (Loss(loss, new AllAtOnce(network)), Loss(loss, network));
            Assert.True(allclose(expected, found, 1e-4, 1e-4), $"{loss.Name}: {(expected - found).abs().max().ToDouble()}");
            Assert.True(expected.abs().max().ToDouble() > 0, loss.Name);
        }

        Tensor Loss(IObjective loss, IDenoiser denoiser) =>
            loss.PerPosition(denoiser, batch, [0.2, 0.55, 0.9], RandomStream.Root(4), CPU).to(float64);
    }

    private static Tensor Drawn() =>
        tensor([.. Enumerable.Range(0, Rows * Length).Select(at => (long)RandomStream.Root(1).Below(Tokens, 0, at))], [Rows, Length]);

    private static Tensor Sigma() => tensor(new[] { 0.1, 0.7, 2.5 });

    private static Ddit Network(Conditioning conditioning)
    {
        var shape = new DditShape(Tokens + 1, Blocks: 1, Width: 8, Heads: 2, ConditionWidth: 4, conditioning);
        var network = new Ddit(shape, RandomStream.Root(2));
        network.Scatter(RandomStream.Root(3));
        network.eval();
        return network;
    }

    // As a network that knows nothing of parts.
    private sealed class AllAtOnce(IDenoiser network) : IDenoiser
    {
        public Tensor Logits(DenoiserInput input) => network.Logits(input);
    }
}
