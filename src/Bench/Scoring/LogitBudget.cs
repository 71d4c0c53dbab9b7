namespace Bench.Scoring;

/// <summary>How many sequences go through a network at once where nobody trains: logits take most of the memory, and with 50,000 words few sequences are many logits.</summary>
internal static class LogitBudget
{
    private const long Logits = 1L << 27; // half a gibibyte in single precision, of which an objective holds a few at a time

    /// <summary>Sequences at once.</summary>
    /// <param name="most">Where memory is no concern, as with the words of small alphabets.</param>
    /// <param name="length">L.</param>
    /// <param name="symbols">V, the mask included.</param>
    public static int Rows(int most, int length, int symbols) => (int)Math.Clamp(Logits / ((long)length * symbols), 1, most);
}
