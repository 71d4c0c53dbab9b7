using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>Asserts that a list of complaints is empty, and shows all of them when it is not.</summary>
internal static class Nothing
{
    public static void In(IEnumerable<string> complaints)
    {
        string all = string.Join('\n', complaints.Distinct(StringComparer.Ordinal));
        Assert.True(all.Length == 0, all);
    }
}
