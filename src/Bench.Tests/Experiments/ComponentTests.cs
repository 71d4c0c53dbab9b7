using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Running;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Training;
using Bench.Training;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Methods that definitions compose.</summary>
public sealed class ComponentTests
{
    public static TheoryData<string> Rows() => [.. MethodTable.All.OfType<NetworkMethod>().Select(row => row.Name)];

    [Fact]
    public void Every_process_schedule_objective_and_optimiser_can_be_written()
    {
        Assert.Equal(Named<INoiseProcess>(), NoiseKinds.All.Rows.Select(row => row.Type.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Named<INoiseSchedule>(), ScheduleKinds.All.Rows.Select(row => row.Type.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Named<IOptimiserChoice>(), OptimiserKinds.All.Rows.Select(row => row.Type.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Named<IRateSchedule>(), RateScheduleKinds.All.Rows.Select(row => row.Type.Name).Order(StringComparer.Ordinal));
        // The last step is a part of bounds, settled tokens are added by settled-share, and times are weighted by even-times.
        Assert.Equal(Named<IObjective>().Except([nameof(LastStep), nameof(WithSettledTokens), nameof(EvenInTime)]),
            ObjectiveKinds.All.Rows.Select(row => row.Type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_constructor_of_hyperschedules_can_be_written()
    {
        var constructors = typeof(Hyperschedule).GetMethods().Where(method => method.IsStatic && method.ReturnType == typeof(Hyperschedule))
            .Select(method => method.Name.Replace("From", "", StringComparison.Ordinal));
        string Plain(string kind) => kind.Replace("-", "", StringComparison.Ordinal);
        Assert.All(constructors,
            name => Assert.Contains(HyperscheduleKinds.All.Rows,
                row => string.Equals(Plain(row.Kind), name, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_row_of_the_table_can_be_written_out_and_is_the_same_method(string name)
    {
        var row = (NetworkMethod)MethodTable.Find(name)!;
        var again = MethodReader.Restore("again", "Again", RowComponents.Of(row, length: 32).ToJsonString());
        Assert.Equal(row.Components(TinyTask.Vocabulary, 32), again.Components(TinyTask.Vocabulary, 32));
        Assert.Equal((row.Noise, row.Schedule, row.View, row.Sampler), (again.Noise, again.Schedule, again.View, again.Sampler));
        Assert.Equal(row.Loss.Parameters.AsEnumerable(), again.Loss.Parameters);
        Assert.True(JsonNode.DeepEquals(RowComponents.Of(row, 32), RowComponents.Of(again, 32)));
    }

    [Fact]
    public void A_composed_method_is_restored_from_its_stored_definition()
    {
        using var place = new Workplace();
        var spec = Assert.Single(
            place.Read(
                Mine("noise: { kind: gamma-hybrid, gamma: 5e-2 }, hyperschedule: { kind: slide, width: 8, rate: 2 }, "
                    + "sampler: acs-0.5")).Runs);
        var (method, definition) = ((NetworkMethod)spec.Method, spec.Definition("hash"));
        var again = MethodReader.Restore(definition.Method, definition.Title, definition.Text("nouns")!); // stored name
        Assert.Equal(method.Components(TinyTask.Vocabulary, 16), again.Components(TinyTask.Vocabulary, 16));
        Assert.Equal("gamma-hybrid 0.05, slide-8-rate-2", $"{again.Noise.Name}, {again.Hyperschedule(16, 16).Name}");
        Assert.Equal("0.05", definition.Text("nouns.noise.gamma")); // stored name
    }

    [Fact]
    public void The_run_id_depends_on_the_parameters_of_a_component_and_not_on_its_spelling()
    {
        Assert.Equal(Id("noise: { kind: gamma-hybrid, gamma: 0.05 }"), Id("noise: { gamma: 5e-2, kind: 'gamma-hybrid' }"));
        Assert.Equal(Id("schedule: log-linear"), Id("schedule: { kind: log-linear, epsilon: 0 }"));
        Assert.NotEqual(Id("noise: { gamma: 0.05 }"), Id("noise: { gamma: 0.04 }"));
        Assert.NotEqual(Id("view: { post-active: true }"), Id("view: { post-active: false }"));
        Assert.Equal(Id("title: Mine"), Id("title: Yours"));
    }

    [Fact]
    public void Rows_as_they_are_need_no_name()
    {
        using var place = new Workplace();
        string experiment = Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", "[{ from: mdlm }]", StringComparison.Ordinal);
        Assert.Same(MethodTable.Find("mdlm"), Assert.Single(place.Read(experiment).Runs).Method);
    }

    [Fact]
    public void A_composed_method_trains_samples_and_is_loaded_again()
    {
        using var place = new Workplace();
        string yaml = Mine(
            "noise: { kind: gamma-hybrid, gamma: 0.05 }, hyperschedule: { kind: block, width: 4 }, objective: { kind: nelbo, continuous: "
                + "true }")
            .Replace("steps: 40", "tokens: 1000", StringComparison.Ordinal);
        var run = Assert.Single(place.PlanAll(yaml + "\nsweep: { method.noise.gamma: [0.1] }"));
        var record = place.Finish(run);
        Assert.Equal((RunState.Finished, null), (record.Status.State, record.Status.Reason));
        Assert.Equal(8, record.Find(TrainingMetrics.Steps)!.Value);
        using var model = TrainedModel.Load(run.Folder);
        Assert.Equal("gamma-hybrid 0.1", model.Method.Noise.Name);
    }

    private static string Mine(string components) =>
        Workplace.Experiment.Replace("methods: [ngram-1, ngram-2, ar, mdlm]", $"method: {{ name: mine, from: gamma-slide, {components} }}",
            StringComparison.Ordinal);

    private static string Id(string components)
    {
        using var place = new Workplace();
        var reading = place.Read(Mine(components));
        Assert.Empty(reading.Problems);
        return RunId.Of(reading.Runs[0].Definition("hash"), "hash");
    }

    private static IEnumerable<string> Named<T>() =>
        [.. typeof(T).Assembly.GetTypes().Where(type => type is { IsInterface: false, IsAbstract: false } && type.IsAssignableTo(typeof(T)))
            .Select(type => type.Name).Order(StringComparer.Ordinal)];
}
