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

/// <summary>All samplers, found by reflection, and problems that each of them accepts.</summary>
internal static class EverySampler
{
    public static IReadOnlyList<ISampler> All { get; } =
    [
        .. from type in typeof(ISampler).Assembly.GetTypes()
           where type.IsClass && type.IsAssignableTo(typeof(ISampler)) && type.Namespace == typeof(Ancestral).Namespace
           from arguments in Arguments([.. type.GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType)])
           select (ISampler)Activator.CreateInstance(type, arguments)!,
    ];

    /// <summary>Problems over three words and so many positions that a sampler does not refuse, with processes of all kinds along paths of all kinds.</summary>
    public static IEnumerable<DiffusionSetup> Problems(ISampler sampler, int length, bool told = true) =>
        from process in new INoiseProcess[] { new Absorbing(), new Uniform(), new GammaHybrid(0.3), new EpsilonHybrid(0.2), new Gidd(0.3) }
        from path in new[] { Hyperschedule.Flat(length, 6), Hyperschedule.Block(length, 2, 3), Hyperschedule.Slide(length, 2, 1), Hyperschedule.Autoregressive(length) }
        let problem = Problem(process, path, told)
        where sampler.Refuses(problem) is null
        select problem;

    public static DiffusionSetup Problem(INoiseProcess process, Hyperschedule hyperschedule, bool told = true) => new(
        new Vocabulary("toy", ToyDenoiser.Words), process, new LogLinear(1e-3), hyperschedule, new BackboneView(Shifted: false, AttentionKind.Full, told ? Conditioning.Sigma : Conditioning.Constant));

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
