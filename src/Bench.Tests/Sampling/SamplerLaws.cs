using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>What holds for every sampler, found by reflection: a new one is put to it without being listed.</summary>
public sealed class SamplerLaws
{
    public static TheoryData<ISampler> Samplers() =>
    [
        .. from type in typeof(ISampler).Assembly.GetTypes()
           where type.IsClass && type.IsAssignableTo(typeof(ISampler))
           let parameters = type.GetConstructors().Single().GetParameters()
           from flag in parameters.Any(parameter => parameter.ParameterType == typeof(bool)) ? new[] { true, false } : [true]
           select (ISampler)Activator.CreateInstance(type, [.. parameters.Select(parameter => parameter.ParameterType == typeof(bool) ? (object)flag : 0.3)])!,
    ];

    [Theory, MemberData(nameof(Samplers))]
    public void Samples_are_words_and_the_same_however_many_are_drawn(ISampler sampler)
    {
        foreach (var path in new[] { Hyperschedule.Flat(4, 6), Hyperschedule.Block(4, 2, 3), Hyperschedule.Slide(4, 2, 1), Hyperschedule.Autoregressive(4) })
        {
            var problem = new Denoising(
                new Vocabulary("toy", ToyDenoiser.Words), new Absorbing(), new LogLinear(1e-3), path, new BackboneView(Shifted: false, Attention.Full, Conditioning.Sigma));
            int[][] Draw(int count) => sampler.Generate(new ToyDenoiser(), problem, count, RandomStream.Root(2)).Sequences;
            int[][] many = Draw(12);
            Assert.All(many, sequence => Assert.All(sequence, token => Assert.InRange(token, 0, ToyDenoiser.Words - 1)));
            Assert.Equal(many[..5], Draw(5));
            Assert.True(many.Select(sequence => string.Join(' ', sequence)).Distinct().Count() > 1, "all samples are the same");
        }
    }
}
