using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;

namespace Bench.Tests.Sampling;

/// <summary>All samplers, found by reflection, and setups that each of them accepts.</summary>
internal static class EverySampler
{
    public static IReadOnlyList<ISampler> All { get; } =
    [
        .. from type in typeof(ISampler).Assembly.GetTypes()
           where type.IsClass && type.IsAssignableTo(typeof(ISampler)) && type.Namespace == typeof(Ancestral).Namespace
           from arguments in Arguments([.. type.GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType)])
           select (ISampler)Activator.CreateInstance(type, arguments)!,
    ];

    /// <summary>Setups over three tokens that a sampler does not refuse, with processes and hyperschedules of all kinds.</summary>
    public static IEnumerable<DiffusionSetup> Setups(ISampler sampler, int length, bool conditioned = true) =>
        from process in new INoiseProcess[] { new Absorbing(), new Uniform(), new GammaHybrid(0.3), new EpsilonHybrid(0.2), new Gidd(0.3),
            new ConstantMix(0.3), new Scdd(0.3) }
        from path in new[] { Hyperschedule.Flat(length, 6), Hyperschedule.Block(length, 2, 3), Hyperschedule.Slide(length, 2, 1),
            Hyperschedule.Autoregressive(length) }
        let setup = Setup(process, path, conditioned)
        where sampler.Refuses(setup) is null
        select setup;

    public static DiffusionSetup Setup(INoiseProcess process, Hyperschedule hyperschedule, bool conditioned = true) => new(
        new Vocabulary("toy", ToyDenoiser.TokenCount), process, new LogLinear(1e-3), hyperschedule,
        new BackboneView(Shifted: false, AttentionKind.Full, conditioned ? Conditioning.Sigma : Conditioning.Constant));

    private static IEnumerable<object[]> Arguments(Type[] types) => types.Aggregate(
        (IEnumerable<object[]>)[[]],
        (lists, type) => lists.SelectMany(list => Values(type).Select(value => (object[])[.. list, value])));

    private static IEnumerable<object> Values(Type type) =>
        type == typeof(bool) ? [true, false]
        : type == typeof(int) ? [3]
        : type == typeof(double) ? [0.3]
        : type.IsEnum ? Enum.GetValues(type).Cast<object>()
        : type == typeof(ISampler) ? [new Ancestral()]
        : throw new NotSupportedException($"no example of {type}");
}
