namespace Bench.Results;

/// <summary>Which part of the corpus a number was measured on; a number that belongs to none has <see cref="None"/>.</summary>
public static class Splits
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";
    public const string None = "";
}
