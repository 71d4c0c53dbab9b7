namespace Bench.Results;

/// <summary>Which part of the corpus a number was measured on; a number that belongs to none has <see cref="None"/>.</summary>
public static class Splits
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";
    public const string None = "";

    /// <summary>
    /// Whether a number was measured on text of another kind than the training text; the split is then the name of that text.
    /// </summary>
    public static bool IsZeroShot(string split) => split is not (Train or Validation or Test or None);
}
