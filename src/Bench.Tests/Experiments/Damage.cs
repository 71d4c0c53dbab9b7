namespace Bench.Tests.Experiments;

/// <summary>What can happen to a file on a disk, in a copy, or in an editor.</summary>
public enum Damage
{
    FirstByteFlipped,
    MiddleByteFlipped,
    LastByteFlipped,
    LastByteCut,
    HalfCut,
    Emptied,
    Deleted,
    Swapped,
    LineDoubled,
    DigitChanged,
    Renamed,
}
