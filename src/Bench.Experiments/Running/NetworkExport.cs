using System.Text.Encodings.Web;
using System.Text.Json;
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

    /// <summary>Writes model.safetensors and config.json.</summary>
    /// <param name="model">The network, with the weights that are to be written.</param>
    /// <param name="folder">Is made where it is missing.</param>
    /// <returns>What the files hold.</returns>
    /// <exception cref="SuiteException">There are such files already, or they cannot be written.</exception>
    public static ExportedNetwork Write(TrainedModel model, string folder)
    {
        string weights = Path.Combine(folder, "model.safetensors"), config = Path.Combine(folder, "config.json");
        if (((string[])[weights, config]).FirstOrDefault(Path.Exists) is { } taken)
            throw new SuiteException($"{taken} is there already", "Name another folder.");
        var exported = Of(model);
        SafetensorsWriter.Write(weights, [.. exported.Tensors(model.Network)]);
        AtomicFile.Write(config, exported.Config().ToJsonString(Indented) + "\n");
        return exported;
    }

    private static ExportedNetwork Of(TrainedModel model)
    {
        var method = model.Method;
        var family = CheckpointFamily.Find(model.Definition.Text("source.as"))
            ?? CheckpointFamily.All.FirstOrDefault(family => family.TakesOwn && family.Row == method.Name);
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
            method.Objective(setup).Name);
    }
}
