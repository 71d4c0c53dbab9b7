using System.Text;
using Bench.Results.Files;

namespace Bench.Results.Runs;

/// <summary>
/// <c>training.csv</c>, appended to while a run trains. A run that resumes at a checkpoint drops the rows that it is
/// about to repeat, so that a killed run ends with the same rows as one that was not. Ctrl-C, which keeps a checkpoint where the
/// run stands, adds a row there, and the row behind it is a mean over fewer steps.
/// </summary>
public sealed class TrainingLog : IDisposable
{
    private static readonly string[] Header =
        ["step", "tokens", "seconds", "loss", "gradient_norm", "learning_rate", "tokens_per_second", "validation_bits"];

    private readonly string path;
    private readonly FileStream file;

    private TrainingLog(string path)
    {
        this.path = path;
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Adds one row and hands it to the system at once, so that a killed process loses at most the row it was writing.</summary>
    /// <exception cref="SuiteException">The disk is full.</exception>
    public void Append(TrainingPoint point) => Storage.Guard(path, () =>
    {
        file.Write(Encoding.UTF8.GetBytes(CsvFormat.Text([Fields(point)])));
        file.Flush();
    });

    public void Dispose() => file.Dispose();

    /// <summary>Opens the log for a run that goes on after <paramref name="step"/> updates; 0 starts it anew.</summary>
    internal static TrainingLog Resume(string path, long step)
    {
        var kept = File.Exists(path) && step > 0 ? Read(path).Where(point => point.Step <= step) : [];
        AtomicFile.Write(path, CsvFormat.Text(kept.Select(Fields).Prepend(Header)));
        return Storage.Guard(path, () => new TrainingLog(path));
    }

    /// <summary>Every whole row. A last line without its line end is a row that was being written when the run was killed.</summary>
    internal static IReadOnlyList<TrainingPoint> Read(string path)
    {
        string text = InputFile.ReadText(path);
        return CsvFormat.Read(path, text[..(text.LastIndexOf('\n') + 1)], Header, row => new TrainingPoint(
            row.Whole("step"),
            row.Whole("tokens"),
            row.Number("seconds"),
            row.Number("loss"),
            row.Number("gradient_norm"),
            row.Number("learning_rate"),
            row.Number("tokens_per_second"),
            row.Optional("validation_bits")));
    }

    private static string[] Fields(TrainingPoint p) =>
    [
        CsvFormat.Field(p.Step),
        CsvFormat.Field(p.Tokens),
        CsvFormat.Field(p.Seconds),
        CsvFormat.Field(p.Loss),
        CsvFormat.Field(p.GradientNorm),
        CsvFormat.Field(p.LearningRate),
        CsvFormat.Field(p.TokensPerSecond),
        CsvFormat.Field(p.ValidationBits),
    ];
}

/// <summary>The training run at one logged step: a row of <c>training.csv</c>.</summary>
/// <param name="Step">Optimiser updates done.</param>
/// <param name="Tokens">Tokens seen.</param>
/// <param name="Seconds">Time trained, without evaluation, over all restarts.</param>
/// <param name="Loss">Training loss in nats per token, averaged since the last logged step.</param>
/// <param name="GradientNorm">Global norm of the gradient before clipping.</param>
/// <param name="LearningRate">Learning rate of this step.</param>
/// <param name="TokensPerSecond">Speed since the last logged step.</param>
/// <param name="ValidationBits">
/// Validation bits per character, or per token where tokens are not characters, where this step was evaluated.
/// </param>
public sealed record TrainingPoint(
    long Step,
    long Tokens,
    double Seconds,
    double Loss,
    double GradientNorm,
    double LearningRate,
    double TokensPerSecond,
    double? ValidationBits = null);
