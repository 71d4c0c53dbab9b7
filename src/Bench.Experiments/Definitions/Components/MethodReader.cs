using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Experiments.Definitions.Components;

/// <summary>Reads methods that are written as sections of components.</summary>
/// <param name="report">Takes problems.</param>
internal sealed class MethodReader(Diagnostics report)
{
    private const int UsualLength = 128;

    /// <summary>The method; null where it cannot be had, which the report then says.</summary>
    /// <param name="entry">What was written.</param>
    /// <param name="path">The key it stands under.</param>
    /// <param name="vocabulary">The vocabulary; null where it is not known, and nothing is said of combinations.</param>
    /// <param name="length">L.</param>
    /// <param name="steps">Steps from noise to text that are asked for; null for one a token.</param>
    public IMethod? Read(MethodEntry entry, string path, Vocabulary? vocabulary, int? length, int? steps)
    {
        if (entry.Row is not null)
            return entry.Row;
        var written = (Mapping)entry.Written;
        int before = report.Count;
        var row = From(written, path);
        if (report.Count > before)
            return null;
        if (row is not null && written.Entries.Length == 1)
            return row;
        var whole = row is null
            ? written
            : Merging.Over(RowComponents.At(row, length ?? UsualLength, written[MethodKeys.From.Name]!), written);
        foreach (var component in MethodKeys.Components.Where(component => whole[component.Name] is null && component != MethodKeys.View))
        {
            report.Add(
                written,
                $"{path}.{component.Name} is missing",
                $"Add '{component.Name}': {component.Doc} Or add 'from': the row of the table to take it from.");
        }

        MethodKeys.Section.TryRead(whole, path, report, out var values);
        string? name = Name(values, written, path);
        if (report.Count > before || name is null)
            return null;
        var method = Make(values, name, row);
        if (vocabulary is null || length is null)
            return method;
        CompatibilityCheck.Check(
            method,
            new CompatibilityCheck.Places(
                At(MethodKeys.Noise),
                At(MethodKeys.Schedule),
                At(MethodKeys.Hyperschedule),
                At(MethodKeys.Objective),
                At(MethodKeys.View),
                At(MethodKeys.Sampler)),
            vocabulary,
            length.Value,
            steps,
            path,
            report);
        return report.Count > before ? null : method;

        // A component of the row stands where the row is named; so does what is wrong with it.
        Node At(Key key) => written[key.Name] ?? (Node)written;
    }

    /// <summary>Makes a method again from what its run's definition keeps.</summary>
    /// <exception cref="SuiteException">The components cannot be read.</exception>
    public static NetworkMethod Restore(string name, string title, string components)
    {
        var own = new Diagnostics("definition.json");
        var stored = NodeJson.Node(JsonNode.Parse(components)!, new Scalar(1, 1, "", IsPlain: false));
        var written = (MethodKeys.Section.FromStored(stored) as Mapping ?? new Mapping(1, 1, []))
            .With(new Scalar(1, 1, MethodKeys.Name.Name, IsPlain: true), new Scalar(1, 1, name, IsPlain: false));
        return new MethodReader(own).Read(new MethodEntry(null, written), "components", null, null, null) is NetworkMethod method
            ? method with { Title = title }
            : throw new SuiteException(
                $"the run's method cannot be made again: {own.Problems.First().What}",
                "The run may be of another version of the suite; run its experiment again.");
    }

    private NetworkMethod? From(Mapping written, string path)
    {
        if (written[MethodKeys.From.Name] is not Scalar { IsNothing: false } from)
            return null; // the reader of keys says what is wrong with it
        if (MethodTable.Find(from.Text) is NetworkMethod row)
            return row;
        string[] rows = [.. MethodTable.All.OfType<NetworkMethod>().Select(method => method.Name)];
        report.Add(from, $"'{from.Text}' in {path}.from is no method with a network", Spelling.Advice(from.Text, rows, "methods"));
        return null;
    }

    private string? Name(Values values, Mapping written, string path)
    {
        if (!values.Has(MethodKeys.Name))
        {
            if (!values.IsWritten(MethodKeys.Name))
                report.Add(written, $"{path}.name is missing", "Add 'name': a short name for the method, which is no row of the table.");
            return null;
        }

        string name = values.Get(MethodKeys.Name);
        if (MethodTable.Find(name) is null)
            return name;
        report.Add(
            values.At(MethodKeys.Name),
            $"{path}.name is {name}, which is a row of the table",
            $"Give a changed method a name of its own, such as my-{name}.");
        return null;
    }

    private static NetworkMethod Make(Values values, string name, NetworkMethod? row)
    {
        var (noise, schedule) = (values.Get(MethodKeys.Noise), values.Get(MethodKeys.Schedule));
        var (path, loss, view) = (
            values.Get(MethodKeys.Hyperschedule), values.Get(MethodKeys.Objective), ViewKeys.Make(values.Get(MethodKeys.View)));
        string sampler = values.Get(MethodKeys.Sampler);
        var components = new JsonObject
        {
            [MethodKeys.Noise.Name] = noise.Json,
            [MethodKeys.Schedule.Name] = schedule.Json,
            [MethodKeys.Hyperschedule.Name] = path.Json,
            [MethodKeys.Objective.Name] = loss.Json,
            [MethodKeys.View.Name] = new JsonObject(
                ViewKeys.Values(view).Select(
                    value => KeyValuePair.Create(
                        value.Key, value.Value is bool flag ? JsonValue.Create(flag) : (JsonNode?)JsonValue.Create((string)value.Value!)))),
            [MethodKeys.Sampler.Name] = sampler,
        };
        return new NetworkMethod(
            name,
            values.Get(MethodKeys.Title, name),
            row?.Paper ?? "",
            row?.Equation ?? "",
            noise.Value,
            schedule.Value,
            path.Value,
            loss.Value,
            view,
            SamplerTable.Find(sampler)!)
        {
            Composition = components.ToJsonString(),
        };
    }
}

/// <summary>The components of a row of the table, as a definition would write them.</summary>
internal static class RowComponents
{
    /// <summary>By key.</summary>
    /// <param name="row">The row.</param>
    /// <param name="length">L: no block is wider.</param>
    public static JsonObject Of(NetworkMethod row, int length) => new()
    {
        [MethodKeys.Noise.Name] = NoiseKinds.All.Rows.First(kind => kind.Type == row.Noise.GetType()).Write(row.Noise),
        [MethodKeys.Schedule.Name] = ScheduleKinds.All.Rows.First(kind => kind.Type == row.Schedule.GetType()).Write(row.Schedule),
        [MethodKeys.Hyperschedule.Name] = ComponentKind<HyperscheduleChoice>.Written(
            row.Path.Kind, row.Path.On(length).Select(parameter => KeyValuePair.Create(parameter.Key, (object?)parameter.Value))),
        [MethodKeys.Objective.Name] = ComponentKind<ObjectiveChoice>.Written(
            row.Loss.Kind, row.Loss.Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (object?)parameter.Value))),
        [MethodKeys.View.Name] = View(row),
        [MethodKeys.Sampler.Name] = SamplerTable.Rows.First(sampler => sampler.Number is null && sampler.Make(0).Equals(row.Sampler)).Kind,
    };

    /// <summary>The same as written at a place.</summary>
    public static Mapping At(NetworkMethod row, int length, Node place) => (Mapping)NodeJson.Node(Of(row, length), place);

    private static JsonObject View(NetworkMethod row)
    {
        var view = ComponentKind<object>.Written("", ViewKeys.Values(row.View));
        view.Remove(ComponentKind<object>.Kind);
        return view;
    }
}
