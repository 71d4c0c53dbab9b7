
using System.Text;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;

namespace Bench.Experiments.Definitions;

/// <summary>A definition to begin with: every key with what it is, its default, and a comment mark where it may be left out.</summary>
internal sealed class Template
{
    private const int Length = 128;
    private static readonly Scalar Place = new(1, 1, "", IsPlain: true);
    private readonly IMethod method;
    private readonly StringBuilder text = new();

    private Template(IMethod method) => this.method = method;

    /// <summary>For a method.</summary>
    public static string For(IMethod method) => new Template(method).Write();

    private string Write()
    {
        string title = method is NetworkMethod network ? $"{method.Title} ({network.Paper})" : method.Title;
        text.Append(
            $"# An experiment with {title}.\n# `bench check` looks for mistakes in this file, `bench plan` says what it would run, "
                + "`bench run` does it.\n");
        bool trained = Specialisation.IsTrained(method);
        Key[] left =
        [
            ExperimentKeys.Profile, ExperimentKeys.Source, ExperimentKeys.Method, ExperimentKeys.Published, ExperimentKeys.Reported,
            ExperimentKeys.Scorer, ExperimentKeys.Sweep,
        ];
        foreach (var key in ExperimentKeys.Section.Keys.Where(key => !left.Contains(key)))
        {
            if (!trained && (key == ExperimentKeys.Model || key == ExperimentKeys.Training))
                continue;
            text.Append('\n');
            Add(key, indent: "");
            if (key == ExperimentKeys.Methods && method is NetworkMethod row)
                AddComponents(row);
        }

        if (trained)
            text.Append($"\n# {ExperimentKeys.Sweep.Doc}\n# sweep:\n#   model.width: [64, 128]\n");
        return text.ToString();
    }

    private void Add(Key key, string indent)
    {
        text.Append($"{indent}# {key.Doc}\n");
        if (key.Section is { } section)
        {
            text.Append($"{indent}{key.Name}:\n");
            foreach (var inner in section.Of(new Mapping(1, 1, [])).Keys)
                Add(inner, indent + "  ");
        }
        else if (Value(key) is { } value)
        {
            text.Append($"{indent}{key.Name}: {value}\n");
        }
        else
        {
            text.Append($"{indent}# {key.Name}: {key.Expected}\n");
        }
    }

    private string? Value(Key key) => key.Name switch
    {
        "name" => $"my-{method.Name}",
        "question" => $"\"What does {method.Name} do?\"",
        "corpus" => "sotu",
        "methods" => $"[{method.Name}]",
        _ when key == TrainingKeys.Steps => "1000",
        _ => key.Default is { } json ? YamlText.Inline(NodeJson.Node(JsonNode.Parse(json)!, Place)) : null,
    };

    private void AddComponents(NetworkMethod row)
    {
        text.Append(
            "\n# To change what the method consists of, delete the line 'methods' above, take the marks off these, and leave out "
                + "what stays:\n# method:\n");
        text.Append($"#   name: my-{row.Name}\n#   from: {row.Name}\n");
        foreach (var (component, json) in RowComponents.Of(row, Length))
            text.Append($"#   {component}: {YamlText.Inline(NodeJson.Plain(NodeJson.Node(json!, Place)))}\n");
    }
}
