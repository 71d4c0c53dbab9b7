using System.Text.Json.Nodes;
using Bench.Experiments.Yaml;
using Bench.Methods;
using Bench.Sampling;

namespace Bench.Experiments.Components;

/// <summary>The nouns of a row of the table, as a definition would write them.</summary>
internal static class RowComponents
{
    /// <summary>By key.</summary>
    /// <param name="row">The row.</param>
    /// <param name="length">L: no block is wider.</param>
    public static JsonObject Of(NetworkMethod row, int length) => new()
    {
        [MethodKeys.Noise.Name] = NoiseKinds.All.Rows.First(kind => kind.Type == row.Noise.GetType()).Write(row.Noise),
        [MethodKeys.Schedule.Name] = ScheduleKinds.All.Rows.First(kind => kind.Type == row.Schedule.GetType()).Write(row.Schedule),
        [MethodKeys.Hyperschedule.Name] = ComponentKind<HyperscheduleChoice>.Written(row.Path.Kind, row.Path.On(length).Select(parameter => KeyValuePair.Create(parameter.Key, (object?)parameter.Value))),
        [MethodKeys.Objective.Name] = ComponentKind<ObjectiveChoice>.Written(row.Loss.Kind, row.Loss.Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (object?)parameter.Value))),
        [MethodKeys.View.Name] = View(row),
        [MethodKeys.Sampler.Name] = SamplerTable.Rows.First(sampler => sampler.Number is null && sampler.Make(0).Equals(row.Sampler)).Kind,
    };

    /// <summary>The same as written at a place.</summary>
    public static Mapping At(NetworkMethod row, int length, Node place) => (Mapping)NodeJson.Node(Of(row, length), place);

    private static JsonObject View(NetworkMethod row)
    {
        var view = ComponentKind<object>.Written("", ViewKeys.Tell(row.View));
        view.Remove(ComponentKind<object>.Kind);
        return view;
    }
}
