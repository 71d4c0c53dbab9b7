using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Results;

namespace Bench.Experiments.Sources;

/// <summary>A domain that can be downloaded, or a text file.</summary>
internal sealed class ZeroShotKind : Kind<ZeroShotText>
{
    private static readonly string[] Names = [.. ZeroShotText.Known.Select(text => text.Name)];

    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", Names)}, or the path of a UTF-8 text file";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["examples"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Report report, out ZeroShotText value)
    {
        value = null!;
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        if (ZeroShotText.Known.FirstOrDefault(text => text.Name == scalar.Text) is { } known)
        {
            value = known;
            return true;
        }

        if (!scalar.Text.AsSpan().ContainsAny('/', '\\', '.'))
        {
            report.Add(node, $"unknown text '{scalar.Text}' in {path}", $"{Spelling.Advice(scalar.Text, Names, "texts")} For a text of your own write its file, such as ./text.txt.");
            return false;
        }

        string name = Path.GetFileName(scalar.Text);
        var corpus = new FileCorpus(scalar.Text);
        int before = report.Count;
        foreach (var problem in corpus.Check(path))
            report.Add(scalar, $"{path}: {problem.What}", problem.Fix);
        if (!Splits.IsZeroShot(name))
            report.Add(scalar, $"{path}: a text cannot be called {name}, since that is a part of the corpus", "Rename the file.");
        value = new ZeroShotText(name, corpus);
        return report.Count == before;
    }
}
