using System.Reflection;
using Bench.Noise;
using Xunit;

namespace Bench.Tests.Noise;

/// <summary>
/// Every implementation of <see cref="INoiseProcess"/>, at several values of every parameter: a new process is tested as soon as its file
/// exists.
/// </summary>
internal static class EveryProcess
{
    private static readonly double[] Candidates = [0, 1e-3, 0.1, 0.5, 0.9, 1, 2];

    public static IEnumerable<Type> Types =>
        typeof(INoiseProcess).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(INoiseProcess)));

    /// <summary>For theories. What cannot be constructed is missing here, and a test of its own says so.</summary>
    public static TheoryData<INoiseProcess> Data => [.. Types.SelectMany(Of)];

    /// <summary>The parameters of the fullest constructor.</summary>
    public static ParameterInfo[] Parameters(Type type) => Constructor(type)?.GetParameters() ?? [];

    /// <summary>All combinations of candidate values that the type does not refuse; none if it takes anything but numbers.</summary>
    public static INoiseProcess[] Of(Type type)
    {
        var parameters = Parameters(type);
        if (Constructor(type) is null || parameters.Any(parameter => parameter.ParameterType != typeof(double)))
            return [];
        IEnumerable<object[]> combinations = [[]];
        foreach (var _ in parameters)
            combinations = combinations.SelectMany(head => Candidates.Select(value => (object[])[.. head, value]));
        return [.. combinations.Select(values => Construct(type, values)).OfType<INoiseProcess>()];
    }

    /// <summary>Null if the type refuses the values as out of range.</summary>
    public static INoiseProcess? Construct(Type type, object[] values)
    {
        try
        {
            return (INoiseProcess)Constructor(type)!.Invoke(values);
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static ConstructorInfo? Constructor(Type type) =>
        type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length);
}
