using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

public sealed class EvenInTimeTests
{
    private const int N = 3, Length = 4;

    private static readonly double[] Guess = [0.2, 0.5, 0.3];
    private static readonly ExampleBatch Batch = new([0, 2, 1, 1, 2, 2, 0, 1, 0, 0, 0, 2], [7, 8, 9]);
    private static readonly double[] Levels = [0.2, 0.55, 0.9];

    public static TheoryData<string> Schedules() => ["log-linear", "cosine", "polynomial"];

    [Theory, MemberData(nameof(Schedules))]
    public void A_masked_token_counts_the_rate_at_which_the_masked_share_grows(string name)
    {
        using var scope = NewDisposeScope();
        INoiseSchedule schedule = name switch { "cosine" => new Cosine(1, 0, 0), "polynomial" => new Polynomial(2), _ => new LogLinear(0) };
        var setup = Setup(new Absorbing(), Hyperschedule.Flat(Length, 3)) with { Schedule = schedule };
        double[] nats = Values(new EvenInTime(new MaskedNelbo(setup), setup));
        Assert.Contains(0, nats);
        Assert.Contains(nats, value => value > 0);
        for (int at = 0; at < nats.Length; at++)
        {
            // −α'(t): 1 where the masked share is t itself.
            double time = Levels[at / Length], h = 1e-6, rate = (schedule.Jumped(time + h) - schedule.Jumped(time - h)) / (2 * h);
            if (nats[at] != 0)
                Close.Assert(-Math.Log(Guess[Batch.Tokens[at]]) * rate, nats[at], 1e-6);
        }
    }

    [Fact]
    public void Of_any_noise_it_is_the_bound_times_the_probability_of_a_jump()
    {
        using var scope = NewDisposeScope();
        var setup = Setup(new GammaHybrid(0.3), Hyperschedule.Flat(Length, 3));
        var bound = new Nelbo(setup, Continuous: true);
        double[] whole = Values(bound), even = Values(new EvenInTime(bound, setup));
        for (int at = 0; at < whole.Length; at++)
            Close.Assert(whole[at] * Levels[at / Length], even[at], 1e-9);
    }

    [Fact]
    public void Likelihoods_are_measured_by_the_bound()
    {
        var setup = Setup(new Absorbing(), Hyperschedule.Flat(Length, 3));
        var bound = new MaskedNelbo(setup);
        var even = new EvenInTime(bound, setup);
        Assert.Equal(bound.ForLikelihood, even.ForLikelihood);
        Assert.Equal((bound.Constants, bound.Reconstruction), (even.Constants, even.Reconstruction));
    }

    [Fact]
    public void Where_a_text_has_several_noise_times_or_none_it_is_refused()
    {
        var blocks = Setup(new Absorbing(), Hyperschedule.Block(Length, 2, 3));
        Assert.Contains("several noise times", Assert.Throws<ArgumentException>(() => new EvenInTime(new MaskedNelbo(blocks), blocks))
            .Message, StringComparison.Ordinal);
        var flat = Setup(new Absorbing(), Hyperschedule.Flat(Length, 3));
        Assert.Contains("draws no noise time", Assert.Throws<ArgumentException>(() => new EvenInTime(new NextToken(N), flat)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_keeps_what_it_is_made_of()
    {
        var view = new BackboneView(Shifted: true, AttentionKind.Full, Conditioning.Constant, AttentionKind.Causal);
        var setup = Setup(new Absorbing(), Hyperschedule.Flat(Length, 3)) with { View = view };
        var choice = ObjectiveChoice.MaskedNelbo().EvenInTime().AndSettledTokens(0.5);
        Assert.IsType<MaskedNelbo>(choice.Diffusion!.Of(setup));
        Assert.IsType<EvenInTime>(Assert.IsType<WithSettledTokens>(choice.Of(setup)).Diffusion);
    }

    private static double[] Values(IObjective objective) => objective.PerPosition(
        new Golden.FixedLogits(tensor(
            [.. Enumerable.Repeat(Guess.Select(p => Math.Log(p)).Append(0), Batch.Tokens.Length).SelectMany(row => row)],
            [Batch.Rows, Length, N + 1])),
        Batch, Levels, RandomStream.Root(5), CPU).to(float64).data<double>().ToArray();

    private static DiffusionSetup Setup(INoiseProcess process, Hyperschedule along) => new(
        new Vocabulary("toy", N), process, new LogLinear(0), along,
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
