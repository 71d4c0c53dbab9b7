namespace Bench.Attention;

/// <summary>One token of a network call.</summary>
/// <param name="Position">The position that it predicts, which is also its rotary angle. It holds the token of that position or, in a shifted view, of the one before.</param>
/// <param name="Role">What it is to the others.</param>
/// <param name="Step">The step that it belongs to, or <see cref="Every"/>.</param>
internal readonly record struct InputSlot(int Position, SlotRole Role, int Step)
{
    /// <summary>The step of columns that serve all steps.</summary>
    public const int Every = -1;
}
