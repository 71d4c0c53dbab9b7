using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Tests.Objectives;
using Bench.Tests.Sampling;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Noise;

/// <summary>Objectives and samplers of one family of noise refuse processes of another.</summary>
public sealed class ProcessFamilyTests
{
    private static readonly DiffusionSetup Foreign = new(
        new Vocabulary("toy", ToyDenoiser.TokenCount),
        new Vectors(),
        new LogLinear(0),
        Hyperschedule.Flat(4, 4),
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));

    [Fact]
    public void Every_sampler_names_the_family_that_it_is_made_for()
    {
        foreach (var sampler in EverySampler.All)
        {
            Assert.Equal($"{sampler.Name} is made for discrete noise, not for vectors, which is gaussian", sampler.Misfit(Foreign));
            var generator = new Generator(new ToyDenoiser(), Foreign, sampler, CPU);
            Assert.Contains("gaussian", Assert.Throws<NotSupportedException>(() => generator.Generate(1, RandomStream.Root(1))).Message);
        }
    }

    [Fact]
    public void An_objective_is_not_made_for_noise_of_another_family()
    {
        var refused = Assert.Throws<ArgumentException>(() => ObjectiveChoice.Nelbo(continuous: true).Of(Foreign));
        Assert.Contains("NELBO is made for discrete noise, not for vectors, which is gaussian", refused.Message);
        _ = ObjectiveChoice.Nelbo(continuous: true).Of(Foreign with { Process = new Absorbing() });
    }

    private sealed class Vectors : INoiseProcess
    {
        public string Name => "vectors";

        public ProcessFamily Family => new("gaussian");

        public Chain Chain => Chain.MaskAbsorbs;

        public Marginal At(double sigma) => new Absorbing().At(sigma);

        public JumpRates RatesAt(double sigma) => new Absorbing().RatesAt(sigma);
    }
}
