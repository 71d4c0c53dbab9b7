
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;

namespace Bench.Experiments.Definitions;

/// <summary>
/// A definition with its profile written into it and every default filled in: the same runs. A default that follows from what is swept is
/// left to the reader.
/// </summary>
/// <param name="definition">What was written, the profile merged and the sweep taken out.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="runs">What it resolves to.</param>
internal sealed class Resolved(Mapping definition, Sweep? sweep, ImmutableArray<RunSpec> runs)
{
    private readonly Scalar place = new(1, 1, "", IsPlain: true);

    /// <summary>The definition.</summary>
    /// <param name="written">The sweep as written; null where there is none.</param>
    public Mapping Of(Node? written)
    {
        var filled = Filled(definition);
        if (!IsSwept("data"))
        {
            filled = Set(filled, runs[0].Data.Tokenizer.Name, "data", "tokenizer");
            if (Imports && definition["data"] is Mapping data && data["length"] is null)
            {
                var length = place with { Text = Text(runs[0].Data.Length) };
                filled = filled.With(Key("data"), ((Mapping)filled["data"]!).With(Key("length"), length));
            }

            if (!IsSwept("sampling"))
                filled = Set(filled, Text(runs[0].Data.Length), "sampling", "steps");
        }

        filled = Imports ? filled : Warm(filled, runs, "training");
        if (filled[ExperimentKeys.Scorer.Name] is not null)
            filled = Warm(filled, runs.Select(run => run.Scorer).OfType<RunSpec>(), ExperimentKeys.Scorer.Name, "training");
        filled = Methods(filled);
        return Filled(written is null ? filled : filled.With(Key(ExperimentKeys.Sweep.Name), written)); // in the order of the keys
    }

    private bool Imports => definition[ExperimentKeys.Source.Name] is not null;

    // Without a scorer none is written, although its keys have defaults, and text generation has no keys.
    private Mapping Filled(Mapping section)
    {
        var filled = runs[0].Tasks.Keys.Filled(section);
        if (definition[ExperimentKeys.Scorer.Name] is null)
            filled = filled.Without(ExperimentKeys.Scorer.Name);
        foreach (string name in (string[])[ExperimentKeys.Published.Name, ExperimentKeys.Reported.Name])
            filled = definition[name] is null ? filled.Without(name) : filled;
        filled = Imports
            ? filled.Without(ExperimentKeys.Model.Name).Without(ExperimentKeys.Training.Name)
            : filled.Without(ExperimentKeys.Source.Name);
        return runs.All(run => run.Task is null) && !IsSwept(ExperimentKeys.Task.Name) ? filled.Without(ExperimentKeys.Task.Name) : filled;
    }

    private Mapping Warm(Mapping filled, IEnumerable<RunSpec> trained, params string[] section)
    {
        // The warm-up follows from the steps, and those may follow from tokens, batches and length.
        if (IsSwept(section[0])
            || IsSwept("data")
            || trained.FirstOrDefault(run => run.Training is not null) is not { Budget: null, Training: { } plan })
            return filled;
        return Set(filled, Text(plan.WarmupSteps), [.. section, TrainingKeys.WarmupSteps.Name]);
    }

    private Mapping Methods(Mapping filled)
    {
        if (IsSwept("method") || IsSwept("data") || Imports)
            return filled;
        if (filled[ExperimentKeys.Method.Name] is { } one)
            return filled.With(Key(ExperimentKeys.Method.Name), Method(one));
        var list = (Sequence)filled[ExperimentKeys.Methods.Name]!;
        return filled.With(Key(ExperimentKeys.Methods.Name), list with { Items = [.. list.Items.Select(Method)] });
    }

    private Node Method(Node written)
    {
        if (written is not Mapping section)
            return written;
        if (section.Entries.Length == 1)
            return section[MethodKeys.From.Name]!;
        string name = ((Scalar)section[MethodKeys.Name.Name]!).Text;
        var method = (NetworkMethod)runs.Select(run => run.Method).First(method => method.Name == name);
        var components = (JsonObject)JsonNode.Parse(method.Composition!)!;
        components.Insert(0, MethodKeys.Name.Name, name);
        components.Insert(1, MethodKeys.Title.Name, method.Title);
        return NodeJson.Plain(MethodKeys.Section.FromStored(NodeJson.Node(components, place)));
    }

    private bool IsSwept(string section) =>
        sweep?.Keys.Any(key => key == section || key.StartsWith(section + ".", StringComparison.Ordinal)) == true;

    private Mapping Set(Mapping section, string value, params ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
            return section[path[0]] is null ? section.With(Key(path[0]), place with { Text = value }) : section;
        return section.With(Key(path[0]), Set(section[path[0]] as Mapping ?? new Mapping(1, 1, []), value, path[1..]));
    }

    private Scalar Key(string name) => place with { Text = name };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
