namespace Bench.Attention;

/// <summary>What a column of a network call is to the other columns.</summary>
internal enum SlotRole
{
    /// <summary>It predicts what is settled already: nobody waits for its output, but the others look at it.</summary>
    Context,

    /// <summary>It takes part in a step: it predicts an active position, or holds an active token that the others look at.</summary>
    Active,

    /// <summary>Behind all that is active.</summary>
    Later,

    /// <summary>Nothing: it fills a row up to the length of the others.</summary>
    Idle,
}
