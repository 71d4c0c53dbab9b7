using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bench.Data.Tokenizers;
using Bench.Hyperschedules;
using Bench.Sampling;

namespace Bench.Cli.Display;

/// <summary>Texts at one step of their generation: tokens, the noise that is left, and the progress.</summary>
internal sealed class Frame
{
    private const char Mask = '·';
    private const string Plain = "\u001b[0m";

    private readonly ImmutableArray<ImmutableArray<Cell>> texts;
    private readonly string footer;

    private Frame(ImmutableArray<ImmutableArray<Cell>> texts, string footer) => (this.texts, this.footer) = (texts, footer);

    /// <summary>The generation state after a step.</summary>
    public static Frame Of(GenerationState state, int step, ITokenizer tokenizer)
    {
        string token = tokenizer.Decode([0]), between = tokenizer.Decode([0, 0])[token.Length..^token.Length];
        var hyperschedule = state.Setup.Hyperschedule;
        var cells = Enumerable.Range(0, state.Tokens.Length).Select(at => new Cell(
            (state.IsMasked(at) ? $"{Mask}" : OnOneLine(tokenizer.Decode([(int)state.Tokens[at]]))) + between,
            state.IsGiven(at) ? 0 : hyperschedule.TimeAt(step + 1, state.Position(at)))).ToArray();
        double settled = (double)cells.Count(cell => cell.Noise == 0) / cells.Length;
        return new(
            [.. cells.Chunk(state.Length).Select(text => text.ToImmutableArray())],
            string.Create(CultureInfo.InvariantCulture, $"step {step + 1} of {hyperschedule.Steps}, {state.NetworkCalls} network calls, {100 * settled:0} % settled"));
    }

    /// <summary>Texts as lines, noise as greys behind them or, without colour, as shades below them, and the footer.</summary>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Its lines: texts for which there is no room are left out.</param>
    /// <param name="colour">Whether to colour.</param>
    public IEnumerable<string> Lines(int width, int height, bool colour)
    {
        int room = height - 1, shown = 0;
        foreach (var text in texts)
        {
            string[] lines = [.. Broken(text, width).SelectMany(line => colour ? [Coloured(line)] : Shaded(line))];
            if (shown > 0 && lines.Length > room)
                break;
            room -= lines.Length;
            shown++;
            foreach (string line in lines)
                yield return line;
        }

        yield return shown < texts.Length ? $"{footer}; {shown} of {texts.Length} texts shown" : footer;
    }

    /// <summary>The texts alone, each as one line.</summary>
    public IEnumerable<string> Texts => texts.Select(text => string.Concat(text.Select(cell => cell.Text)));

    /// <summary>How far it is.</summary>
    public string Footer => footer;

    // Byte pairs have line breaks, and control characters that a terminal would obey.
    private static string OnOneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(sign => char.IsControl(sign) ? ' ' : sign)) : text;

    private static IEnumerable<List<Cell>> Broken(ImmutableArray<Cell> text, int width)
    {
        var line = new List<Cell>();
        int used = 0;
        foreach (var cell in text)
        {
            if (used + cell.Text.Length > width && line.Count > 0)
            {
                yield return line;
                (line, used) = ([], 0);
            }

            line.Add(cell);
            used += cell.Text.Length;
        }

        yield return line;
    }

    private static string Coloured(List<Cell> line)
    {
        var text = new StringBuilder();
        int? before = null;
        foreach (var cell in line)
        {
            if (cell.Grey != before)
                text.Append(cell.Grey is { } grey ? $"\u001b[48;5;{grey};38;5;255m" : Plain);
            before = cell.Grey;
            text.Append(cell.Text);
        }

        return text.Append(before is null ? "" : Plain).ToString();
    }

    private static string[] Shaded(List<Cell> line) =>
        [string.Concat(line.Select(cell => cell.Text)), string.Concat(line.Select(cell => new string(cell.Shade, cell.Text.Length)))];
}

/// <summary>What stands at a position.</summary>
/// <param name="Text">The token, a dot for a mask; followed by the separator of tokens, if any.</param>
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
