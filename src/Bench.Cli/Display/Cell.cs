namespace Bench.Cli.Display;

/// <summary>What stands at a position.</summary>
/// <param name="Text">The word, a dot for a mask; behind it whatever stands between words.</param>
/// <param name="Noise">0 settled ... 1 pure noise.</param>
internal readonly record struct Cell(string Text, double Noise)
{
    /// <summary>The noise as a sign.</summary>
    public char Shade => Noise == 0 ? ' ' : Noise == 1 ? '█' : "░▒▓"[(int)(Noise * 3)];

    /// <summary>The noise as one of the terminal's 24 greys; null where there is none.</summary>
    public int? Grey => Noise == 0 ? null : Darkest + (int)Math.Round(Noise * (Lightest - Darkest));

    private const int Darkest = 235;
    private const int Lightest = 245;
}
