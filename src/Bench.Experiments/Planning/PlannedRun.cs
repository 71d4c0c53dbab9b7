using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Experiments.Planning;

/// <summary>A run of a plan, and where it stands.</summary>
/// <param name="Spec">What is to be done.</param>
/// <param name="Id">Hash of the resolved definition and the data.</param>
/// <param name="Folder">Where it lies or will lie.</param>
/// <param name="State">Null for a run that never began; running also means interrupted.</param>
/// <param name="Why">The state as text: what starting it would do.</param>
public sealed record PlannedRun(RunSpec Spec, string Id, string Folder, RunState? State, string Why)
{
    /// <summary>The id of the run whose network scores what this one generates; null for none.</summary>
    public string? Scorer { get; init; }

    /// <summary>How long its text is; null where it was not measured.</summary>
    public TextSize? Text { get; init; }

    /// <summary>
    /// How it differs from an earlier run of the same experiment, method and seed; null where there is none, or where it has begun itself.
    /// </summary>
    public string? Change { get; init; }

    /// <summary>
    /// What plans it anew, where its data have changed since: the command that carries it out or, where that was given resolved runs, the
    /// one that resolved them.
    /// </summary>
    public string ToPlanAnew { get; init; } = "Run the same command again: it plans anew.";

    /// <summary>The state in one word.</summary>
    public string Standing => State switch
    {
        RunState.Finished => "finished",
        RunState.Failed => "failed",
        RunState.Running => "interrupted",
        _ => Change is null ? "missing" : "changed",
    };

    /// <summary>Whether carrying out the plan would work on it.</summary>
    /// <param name="retry">Whether what failed before is tried again.</param>
    public bool IsDue(bool retry) => State switch
    {
        RunState.Finished => false,
        RunState.Failed => retry,
        _ => true,
    };

    /// <summary>
    /// The same run with a training whose batches go through the network in parts; its id and folder stay what they are, as the results
    /// do.
    /// </summary>
    /// <param name="rows">Examples that go through at once; null for what the run does already.</param>
    public PlannedRun InMicroBatches(int? rows) =>
        rows is null || Spec.Training is not { } plan
            ? this
            : this with { Spec = Spec with { Training = plan with { MicroBatch = rows } } };

    /// <summary>
    /// The run in one line of JSON: all that another process, on any machine with the same folders, needs to carry it out.
    /// </summary>
    public string ToJson() => new JsonObject
    {
        ["id"] = Id,
        ["folder"] = Folder,
        ["scorer"] = Scorer,
        ["text"] = Text is { } text ? new JsonArray(text.Train, text.Validation, text.Test) : null,
        ["anew"] = ToPlanAnew,
        ["run"] = RunJson.Write(Spec),
    }.ToJsonString();

    /// <summary>Reads what <see cref="ToJson"/> wrote; how far the run is, is read from its folder.</summary>
    /// <exception cref="SuiteException">It is something else, or a file that it names is gone.</exception>
    public static PlannedRun FromJson(string json)
    {
        try
        {
            var read = JsonNode.Parse(json)!;
            return new(RunJson.Read(read["run"]!), (string)read["id"]!, (string)read["folder"]!, State: null, Why: "")
            {
                Scorer = (string?)read["scorer"],
                ToPlanAnew = read["anew"]!.GetValue<string>(),
                Text = read["text"] is JsonArray text ? new((long)text[0]!, (long)text[1]!, (long)text[2]!) : null,
            };
        }
        catch (Exception broken) when (
            broken is JsonException or InvalidOperationException or ArgumentException or NullReferenceException or FormatException)
        {
            throw new SuiteException($"this is no run: {broken.Message}",
                "Only 'bench run --jobs' and 'bench submit' of this version write runs; give that command again.",
                broken);
        }
    }
}
