namespace Bench.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something went wrong while working; what had been written is kept.</summary>
    public const int Failure = 1;

    /// <summary>The input is wrong; nothing was run and nothing written.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
