using System.Text.Json;
using System.Text.Json.Serialization;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;

namespace Bench.Cli.Work;

/// <summary>Something that happens to a run in another process: a line of JSON. Null fields did not happen.</summary>
/// <param name="Run">The run's id.</param>
internal sealed record WorkEvent(string Run)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter<RunState>() },
    };

    /// <summary>It began.</summary>
    public bool Began { get; init; }

    /// <summary>It cannot begin, for this reason; or it did not end, since it waits.</summary>
    public string? Wait { get; init; }

    /// <summary>The part at work, and <see cref="Done"/> of it is done.</summary>
    public string? Stage { get; init; }

    public double Done { get; init; }

    /// <summary>A row of the training log, of <see cref="Steps"/> steps.</summary>
    public TrainingPoint? Point { get; init; }

    public long Steps { get; init; }

    /// <summary>It ended like this.</summary>
    public RunStatus? Status { get; init; }

    /// <summary><see cref="RunStatus.Waits"/>, which a kept status has not.</summary>
    public bool Waits { get; init; }

    /// <summary>The environment failed rather than the run.</summary>
    public string? Problem { get; init; }

    public string? Fix { get; init; }

    /// <summary>Reads a line; null where it is something else that a library printed.</summary>
    public static WorkEvent? Parse(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            return JsonSerializer.Deserialize<WorkEvent>(line, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Passes on to an observer of this process what happened in another.</summary>
    public void Report(PlannedRun run, IRunObserver observer)
    {
        if (Began)
            observer.Began(run);
        if (Wait is not null)
            observer.Waits(run, Wait);
        if (Stage is not null)
            observer.Stage(run, Stage, Done);
        if (Point is not null)
            observer.Trained(run, Point, Steps);
        if (Status is not null && !Waits)
            observer.Ended(run, Status);
    }

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this, Format);
}

/// <summary>Writes what happens to runs as lines of JSON, for the process that watches.</summary>
/// <param name="output">Where to.</param>
/// <param name="clock">Limits how often progress is written.</param>
internal sealed class EventWriter(TextWriter output, TimeProvider clock) : IRunObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private string? stage;
    private long last;

    public void Began(PlannedRun run) => Write(new(run.Id) { Began = true });

    public void Waits(PlannedRun run, string why) => Write(new(run.Id) { Wait = why });

    public void Stage(PlannedRun run, string stage, double done)
    {
        if (stage == this.stage && done < 1 && clock.GetElapsedTime(last) < Pause)
            return;
        (this.stage, last) = (stage, clock.GetTimestamp());
        Write(new(run.Id) { Stage = stage, Done = done });
    }

    public void Trained(PlannedRun run, TrainingPoint point, long steps) => Write(new(run.Id) { Point = point, Steps = steps });

    // The end is reported once the run's folder is free again.
    public void Ended(PlannedRun run, RunStatus status)
    {
    }

    /// <summary>How a run stands now that its folder is free again.</summary>
    public void Left(PlannedRun run, RunStatus status) => Write(new(run.Id) { Status = status, Waits = status.Waits });

    /// <summary>The environment failed rather than the run.</summary>
    public void Refused(string run, string problem, string fix) => Write(new(run) { Problem = problem, Fix = fix });

    private void Write(WorkEvent happened)
    {
        output.WriteLine(happened);
        output.Flush();
    }
}
