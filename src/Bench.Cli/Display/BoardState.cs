namespace Bench.Cli.Display;

/// <summary>Where a run on the board stands.</summary>
internal enum BoardState
{
    Ahead,
    Waiting,
    AtWork,
    Interrupted,
    Failed,
    Finished,
}
