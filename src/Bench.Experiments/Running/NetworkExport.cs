using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Data.Safetensors;
using Bench.Experiments.Definitions.Components;
using Bench.Published;
using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>Writes the network of a run as safetensors and config.json, under the names that its family's published code has.</summary>
public static class NetworkExport
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes model.safetensors, config.json and what its family's code reads beside them.</summary>
    /// <param name="model">The network, with the weights that are to be written.</param>
    /// <param name="folder">Is made where it is missing.</param>
    /// <returns>What the files hold.</returns>
    /// <exception cref="SuiteException">There are such files already, or they cannot be written.</exception>
    public static ExportedNetwork Write(TrainedModel model, string folder)
    {
        string weights = Path.Combine(folder, "model.safetensors"), config = Path.Combine(folder, "config.json");
        var exported = Of(model);
        (string Path, JsonObject Content)[] others =
            [(config, exported.Config()), .. exported.Beside().Select(file => (Path.Combine(folder, file.Name), file.Content))];
        if (others.Select(file => file.Path).Prepend(weights).FirstOrDefault(Path.Exists) is { } taken)
            throw new SuiteException($"{taken} is there already", "Name another folder.");
        SafetensorsWriter.Write(weights, [.. exported.Tensors(model.Network)]);
        foreach (var (path, content) in others)
            AtomicFile.Write(path, content.ToJsonString(Indented) + "\n");
        return exported;
    }

    private static ExportedNetwork Of(TrainedModel model)
    {
        var method = model.Method;
        var family = CheckpointFamily.Find(model.Definition.Text("source.as"))
            ?? CheckpointFamily.All.FirstOrDefault(
                family => family.TakesOwn && family.Row == method.Name && model.Network.Shape.LearnedPositions is null
                    && model.Network.Shape.RotaryBase == DditShape.UsualRotaryBase);
        var setup = method.Setup(model.Tokenizer.Vocabulary, model.Length);
        return new(
            family ?? CheckpointFamily.Own,
            PublishedMethod.NameWithin(method.Name),
            method.Title,
            method.Composition ?? RowComponents.Of(method, model.Length).ToJsonString(),
            model.Tokenizer.Name,
            model.Length,
            model.Network.Shape,
            method.View,
            $"{method.Noise.Name}, {method.Schedule.Name}",
            setup.Hyperschedule.Name,
            method.Objective(setup).Name)
        {
            EndOfText = model.Tokenizer.Separator,
        };
    }
}
