using System.Reflection;
using Bench.Experiments;
using Bench.Kernels;
using Bench.Methods;
using Bench.Reference.Sampling;
using Bench.Reporting;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>The arrows of the design: who may use whom.</summary>
public sealed class ArrowTests
{
    private static readonly Arrows Assemblies = new("""
        Bench.Cli -> Bench.Experiments -> Bench -> Bench.Kernels
        Bench.Cli -> Bench.Reporting -> Bench.Results
        Bench.Experiments, Bench -> Bench.Results
        Bench.Reference -> Bench
        """);

    private static readonly Arrows Namespaces = new("""
        Training, Metrics -> Methods -> Objectives, Sampling -> Backbone -> Attention -> Hyperschedules -> Noise -> Numerics
        Metrics, Pretrained -> Scoring -> Objectives, NGrams -> Numerics
        Metrics -> Statistics -> Numerics
        Noise -> Data -> Numerics
        """);

    private static readonly Assembly Library = typeof(MethodTable).Assembly;

    private static readonly Assembly[] Product =
    [
        typeof(Bench.Cli.Application).Assembly, typeof(Plan).Assembly, typeof(MethodTable).Assembly, typeof(Engine).Assembly,
        typeof(Report).Assembly, typeof(RunStore).Assembly, typeof(ReleasedNetwork).Assembly,
    ];

    [Fact]
    public void No_arrow_leads_back_to_where_it_came_from() => Assert.Equal((null, null), (Assemblies.Cycle(), Namespaces.Cycle()));

    [Fact]
    public void Assemblies_use_only_what_their_arrows_lead_to()
    {
        Assert.Equal(Assemblies.Parts.Order(StringComparer.Ordinal), Product.Select(NameOf).Order(StringComparer.Ordinal));
        Nothing.In(
            from assembly in Product
            from used in assembly.GetReferencedAssemblies()
            where Assemblies.Parts.Contains(used.Name) && !Assemblies.Allow(NameOf(assembly), used.Name!)
            select $"{NameOf(assembly)} uses {used.Name}");
    }

    [Fact]
    public void Reports_need_no_libtorch() => Assert.False(Assemblies.Allow("Bench.Reporting", "Bench.Kernels"));

    [Fact]
    public void Namespaces_of_the_library_use_only_what_their_arrows_lead_to()
    {
        Assert.Equal(
            Namespaces.Parts.Order(StringComparer.Ordinal),
            Library.GetTypes().Select(Part).Where(part => part.Length > 0).Distinct().Order(StringComparer.Ordinal));
        Nothing.In(Forbidden().Select(use => $"{use.User.FullName} uses {use.Used.FullName}"));
    }

    private static IEnumerable<(Type User, Type Used)> Forbidden() =>
        from user in Library.GetTypes()
        where Part(user).Length > 0
        from used in UsedTypes.Of(user)
        where used.Assembly == Library && Part(used).Length > 0 && !Namespaces.Allow(Part(user), Part(used))
        select (user, used);

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;

    // Bench.Noise.Absorbing belongs to Noise; what the compiler adds lies in no namespace.
    private static string Part(Type type) => type.Namespace?.Split('.') is ["Bench", var part, ..] ? part : "";
}
