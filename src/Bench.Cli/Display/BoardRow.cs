using Bench.Experiments.Planning;
using Bench.Results.Runs;

namespace Bench.Cli.Display;

/// <summary>A run on the board.</summary>
internal sealed class BoardRow(PlannedRun run)
{
    private const int Remembered = 40; // losses; no terminal shows more
    private const double TrainingShare = 0.8; // of a run's time, roughly; what follows it is measured and sampled
    private const string Measuring = "measuring"; // of the speed, before a training that is given time begins

    private readonly Queue<double> losses = [];
    private double? first;

    public PlannedRun Run => run;

    public BoardState State { get; private set; } = run.State switch
    {
        RunState.Finished => BoardState.Finished,
        RunState.Failed => BoardState.Failed,
        _ => BoardState.Ahead,
    };

    /// <summary>What it waits for, how it ended, or what is to be done.</summary>
    public string Note { get; private set; } = run.Why;

    public string Stage { get; private set; } = "";

    /// <summary>Of the stage, 0 to 1.</summary>
    public double Done { get; private set; }

    public IEnumerable<double> Losses => losses;

    public double? Bits { get; private set; }

    public double? Speed { get; private set; }

    /// <summary>Remaining seconds of training; null where unknown, or where the run is not training.</summary>
    public double? Left { get; private set; }

    /// <summary>Parameters times tokens a second, as training was last; null where there was none.</summary>
    public double? Rate => Speed * run.Spec.Parameters;

    /// <summary>How much there is to do in all: of runs that are trained, parameters times tokens; of others little.</summary>
    /// <param name="rate">Of that a second, for a training that is given time.</param>
    public double Weight(double rate) => Math.Max(
        1, run.Spec.Budget is { } time ? time.Seconds * rate : (double)(run.Spec.TrainingTokens ?? 0) * (run.Spec.Parameters ?? 0));

    /// <summary>The share of the whole run that is done.</summary>
    public double Share => State switch
    {
        BoardState.Finished or BoardState.Failed => 1,
        _ when Stage is "" or Measuring => 0,
        _ when run.Spec.Training is null => Done,
        _ => Stage == ProgressLines.Training ? TrainingShare * Done : (1 + TrainingShare) / 2,
    };

    /// <summary>The same without what earlier starts had done.</summary>
    public double Gained => Share - (first ?? Share);

    public void Begin() => (State, Note) = (BoardState.AtWork, "");

    public void Wait(string why) => (State, Note) = (BoardState.Waiting, why);

    public void Reach(string stage, double done)
    {
        (Stage, Done) = (stage, Math.Clamp(done, 0, 1));
        first ??= stage == Measuring ? null : run.Spec.Training is null ? 0 : Share;
        if (stage != ProgressLines.Training)
            Left = null;
    }

    public void Train(TrainingPoint point, long steps)
    {
        losses.Enqueue(point.Loss);
        if (losses.Count > Remembered)
            losses.Dequeue();
        (Bits, Speed) = (point.ValidationBits ?? Bits, point.TokensPerSecond);
        Left = (double)point.Tokens / Math.Max(1, point.Step) * (steps - point.Step) / point.TokensPerSecond;
    }

    public void End(RunStatus status)
    {
        first ??= status.State == RunState.Finished ? 1 : null; // another process finished it
        (Note, State) = (ProgressLines.Outcome(status), status.State switch
        {
            RunState.Finished => BoardState.Finished,
            RunState.Failed => BoardState.Failed,
            _ => BoardState.Interrupted,
        });
    }
}

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
