using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;

namespace Bench.Cli.Display;

/// <summary>Rows of the board as lines of markup that fit a width: sign, name, bar, loss, bits, speed and time left.</summary>
internal sealed class BoardText
{
    private const int Bits = 6, Speed = 9, Left = 10, Gaps = 5, Sign = 2;

    private readonly int width;
    private readonly int bar;
    private readonly int losses;
    private readonly int most;

    public BoardText(int width)
    {
        this.width = width;
        (bar, losses) = width < 80 ? (6, 4) : width < 100 ? (10, 12) : (20, 20);
        most = width - Sign - bar - losses - Bits - Speed - Left - Gaps;
    }

    /// <summary>
    /// A heading and rows. Where there is no room, the finished become a number, and after them those that are far ahead.
    /// </summary>
    /// <param name="rows">All rows, in the plan's order.</param>
    /// <param name="room">Lines for rows.</param>
    public IEnumerable<string> Lines(ImmutableArray<BoardRow> rows, int room)
    {
        int name = Math.Clamp(rows.Max(row => RunLabel.Of(row.Run).Length), 8, most);
        string heading = Line("", "run".PadRight(name), new string(' ', bar), "loss".PadRight(losses), "bits".PadLeft(Bits),
            "tokens/s".PadLeft(Speed), "left".PadLeft(Left));
        yield return $"[grey]{heading.TrimEnd()}[/]";
        BoardRow[] shown = [.. rows];
        int finished = 0, far = 0;
        if (shown.Length > room)
        {
            shown = [.. rows.Where(row => row.State != BoardState.Finished)];
            finished = rows.Length - shown.Length;
            room -= finished > 0 ? 1 : 0;
        }

        if (shown.Length > room)
        {
            // sorts stably
            var near = shown.OrderBy(row => row.State == BoardState.AtWork ? 0 : row.State == BoardState.Ahead ? 2 : 1)
                .Take(Math.Max(1, room - 1)).ToHashSet();
            far = shown.Length - near.Count;
            shown = [.. shown.Where(near.Contains)];
        }

        if (finished > 0)
            yield return $"[green]✓[/] [grey]{finished} finished[/]";
        foreach (var row in shown)
            yield return Of(row, name);
        if (far > 0)
            yield return $"[grey]· {far} more[/]";
    }

    /// <summary>A bar, of which a share is full.</summary>
    public static string Bar(double share, int width)
    {
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return $"[green]{new string('━', full)}[/][grey]{new string('─', width - full)}[/]";
    }

    private static string Line(string sign, params string[] parts) => $"{sign.PadRight(Sign)}{string.Join(' ', parts)}";

    private static string Cut(string written, int width)
    {
        string text = VisibleText.Of(written);
        return Markup.Escape(text.Length <= width ? text : text[..(width - 1)] + "…");
    }

    private string Of(BoardRow row, int name)
    {
        string label = VisibleText.Of(RunLabel.Of(row.Run));
        // Runs of a plan differ at the end.
        string padded = Markup.Escape(label.Length <= name ? label.PadRight(name) : "…" + label[^(name - 1)..]);
        if (row.State == BoardState.AtWork)
        {
            string left = row.Left is { } seconds ? Quantity.Time(seconds) : row.Stage;
            return $"[blue]▶[/] {padded} {Bar(row.Done, bar)} {Sparkline.Of(row.Losses, losses).PadRight(losses)} "
                + $"{Number(row.Bits, "0.000", Bits)} {Number(row.Speed, "N0", Speed)} {Cut(left, Left).PadLeft(Left)}";
        }

        string sign = row.State switch
        {
            BoardState.Finished => "[green]✓[/]",
            BoardState.Failed => "[red]✗[/]",
            BoardState.Ahead => "[grey]·[/]",
            _ => "[yellow]…[/]",
        };
        return $"{sign} {padded} [grey]{Cut(row.Note, width - Sign - name - 1)}[/]";
    }

    private static string Number(double? number, string format, int width) =>
        (number?.ToString(format, CultureInfo.InvariantCulture) ?? "").PadLeft(width);
}

/// <summary>Numbers as a row of blocks, the lowest at the bottom and the highest at the top.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The last of the numbers, one sign each; a number that is none is a gap.</summary>
    public static string Of(IEnumerable<double> numbers, int width)
    {
        ImmutableArray<double> shown = [.. numbers.TakeLast(width)];
        double[] finite = [.. shown.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new string(' ', shown.Length);
        double low = finite.Min(), range = finite.Max() - low;
        return string.Concat(
            shown.Select(
                number => !double.IsFinite(number)
                    ? ' '
                    : Blocks[range == 0 ? 0 : (int)Math.Round((number - low) / range * (Blocks.Length - 1))]));
    }
}
