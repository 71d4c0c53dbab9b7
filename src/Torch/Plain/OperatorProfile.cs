using Bench.Results;

namespace TorchSharp;

/// <summary>Stands in where the suite is compiled against TorchSharp's packages, which do not tell of operators.</summary>
public static class OperatorProfile
{
    /// <summary>Refuses.</summary>
    /// <exception cref="SuiteException">Always.</exception>
    public static IReadOnlyList<OperatorTime> Of(Action work) => throw new SuiteException("TorchSharp does not tell when operators begin and end.", "Build without -p:UseTorchSharp=true for profiles.");
}
