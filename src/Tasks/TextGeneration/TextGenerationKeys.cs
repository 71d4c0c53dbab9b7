using Bench.Experiments.Definitions.Keys;

namespace Bench.Tasks.TextGeneration;

/// <summary>What a definition says of the task: nothing but its name, which is left out.</summary>
internal static class TextGenerationKeys
{
    public static readonly TaskRow Row = new TaskRow<TextGenerationTask>("whole texts", new TextGenerationTask(), new());
}
