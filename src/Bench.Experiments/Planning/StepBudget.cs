using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Planning;

/// <summary>How many steps a time came to: <c>budget.json</c>. It is measured once and kept, so that a run that goes on takes as many as it began with.</summary>
/// <param name="Minutes">The time.</param>
/// <param name="SecondsPerStep">As measured.</param>
/// <param name="Steps">The steps.</param>
internal sealed record StepBudget(double Minutes, double SecondsPerStep, long Steps)
{
    private const string Advice = "Delete the run's folder and run the experiment again.";

    /// <summary>What the folder of a run keeps, or what is measured now.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The time.</param>
    /// <param name="hasBegun">Whether there are checkpoints already.</param>
    /// <param name="measure">Seconds a step.</param>
    /// <exception cref="SuiteException">The file is damaged or gone, or the disk is full.</exception>
    public static StepBudget Of(string folder, TimeBudget time, bool hasBegun, Func<double> measure)
    {
        string path = In(folder);
        if (File.Exists(path))
            return Read(path, time.Minutes);
        if (hasBegun)
            throw new SuiteException($"{path} is gone, and with it the number of steps that the run began with", Advice);
        double seconds = measure();
        var budget = new StepBudget(time.Minutes, seconds, time.StepsOf(seconds));
        AtomicFile.Write(path, new JsonObject { ["minutes"] = time.Minutes, ["seconds_per_step"] = seconds, ["steps"] = budget.Steps }.ToJsonString() + "\n");
        return budget;
    }

    /// <summary>The steps that a run began with; null where it has not, or where the file is damaged, which is reported when the run is resumed.</summary>
    /// <param name="folder">The folder of the run.</param>
    public static long? KeptSteps(string folder)
    {
        try
        {
            return File.Exists(In(folder)) ? Read(In(folder), minutes: 0).Steps : null;
        }
        catch (Exception unknown) when (unknown is SuiteException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As text, for protocols.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Steps} steps: {Minutes} minutes at {SecondsPerStep:G3} s a step, measured when the run began");

    private static string In(string folder) => Path.Combine(folder, "budget.json");

    private static StepBudget Read(string path, double minutes)
    {
        try
        {
            var kept = JsonNode.Parse(InputFile.ReadText(path))!;
            var budget = new StepBudget(minutes, (double)kept["seconds_per_step"]!, (long)kept["steps"]!);
            return budget.Steps > 0 ? budget : throw new FormatException("it has no steps");
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            throw new SuiteException($"{path} is damaged: {broken.Message}", Advice, broken);
        }
    }
}
