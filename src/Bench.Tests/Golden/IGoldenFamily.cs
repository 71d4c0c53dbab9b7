namespace Bench.Tests.Golden;

/// <summary>Knows which of our functions a family of golden vectors speaks of. Found by reflection: a new family is a new file.</summary>
public interface IGoldenFamily
{
    string Family { get; }

    /// <summary>Compares, and fails the test when numbers differ.</summary>
    /// <returns>Null when the case was compared; otherwise why it says nothing about this suite.</returns>
    string? Check(GoldenCase golden);
}
