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
    private readonly IMethod _method;
    private readonly StringBuilder _text = new();

    private Template(IMethod method) => _method = method;

    /// <summary>For a method.</summary>
    public static string For(IMethod method) => new Template(method).Write();

    private string Write()
    {
        string title = _method is NetworkMethod network ? $"{_method.Title} ({network.Paper})" : _method.Title;
        _text.Append(
            $"# An experiment with {title}.\n# `bench check` looks for mistakes in this file, `bench plan` says what it would run, "
                + "`bench run` does it.\n");
        bool trained = Specialisation.IsTrained(_method);
        Key[] left = [ExperimentKeys.Profile, ExperimentKeys.Method, ExperimentKeys.Scorer, ExperimentKeys.Sweep];
        foreach (var key in ExperimentKeys.Section.Keys.Where(key => !left.Contains(key)))
        {
            if (!trained && (key == ExperimentKeys.Model || key == ExperimentKeys.Training))
                continue;
            _text.Append('\n');
            Add(key, indent: "");
            if (key == ExperimentKeys.Methods && _method is NetworkMethod row)
                AddComponents(row);
        }

        if (trained)
            _text.Append($"\n# {ExperimentKeys.Sweep.Doc}\n# sweep:\n#   model.width: [64, 128]\n");
        return _text.ToString();
    }

    private void Add(Key key, string indent)
    {
        _text.Append($"{indent}# {key.Doc}\n");
        if (key.Section is { } section)
        {
            _text.Append($"{indent}{key.Name}:\n");
            foreach (var inner in section.Keys)
                Add(inner, indent + "  ");
        }
        else if (Value(key) is { } value)
        {
            _text.Append($"{indent}{key.Name}: {value}\n");
        }
        else
        {
            _text.Append($"{indent}# {key.Name}: {key.Expected}\n");
        }
    }

    private string? Value(Key key) => key.Name switch
    {
        "name" => $"my-{_method.Name}",
        "question" => $"\"What does {_method.Name} do?\"",
        "corpus" => "sotu",
        "methods" => $"[{_method.Name}]",
        _ when key == TrainingKeys.Steps => "1000",
        _ => key.Default is { } json ? YamlText.Inline(NodeJson.Node(JsonNode.Parse(json)!, Place)) : null,
    };

    private void AddComponents(NetworkMethod row)
    {
        _text.Append(
            "\n# To change what the method consists of, delete the line 'methods' above, take the marks off these, and leave out "
                + "what stays:\n# method:\n");
        _text.Append($"#   name: my-{row.Name}\n#   from: {row.Name}\n");
        foreach (var (component, json) in RowComponents.Of(row, Length))
            _text.Append($"#   {component}: {YamlText.Inline(NodeJson.Plain(NodeJson.Node(json!, Place)))}\n");
    }
}
