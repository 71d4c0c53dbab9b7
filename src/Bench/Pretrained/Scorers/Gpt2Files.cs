using Bench.Data.Corpora;
using Bench.Data.Safetensors;
using Bench.Data.Tokenizers;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Pretrained.Scorers;

/// <summary>The files of a GPT-2 that a user named: its weights and, where they lie beside them, its merges.</summary>
/// <param name="Weights">The safetensors file.</param>
/// <param name="Merges">The merges file; null for GPT-2's own.</param>
internal sealed record Gpt2Files(string Weights, string? Merges)
{
    private const string Extension = ".safetensors";
    private const string UsualName = $"model{Extension}";

    private static readonly string[] MergesNames = ["vocab.bpe", "merges.txt"];

    /// <summary>What reports call the scorer: the folder's name where the file has the usual one, else the file's.</summary>
    public string Name
    {
        get
        {
            string file = Path.GetFileName(Weights), folder = Path.GetFileName(Folder(Weights));
            return (file == UsualName && folder.Length > 0 ? folder : Path.GetFileNameWithoutExtension(file)).ToLowerInvariant();
        }
    }

    /// <summary>Finds the files; null where there are none, with the reason among the problems.</summary>
    public static Gpt2Files? Find(string path, string where, ICollection<Problem> problems)
    {
        if (Directory.Exists(path))
        {
            string[] found = Directory.GetFiles(path, $"*{Extension}");
            if (found.FirstOrDefault(file => Path.GetFileName(file) == UsualName) is { } usual)
                return Beside(usual);
            if (found is [var only])
                return Beside(only);
            problems.Add(
                new(where, $"the folder {path} holds {(found.Length == 0 ? "no" : $"{found.Length}")} {Extension} files",
                    $"Name the file, or a folder that holds one, such as {UsualName}."));
            return null;
        }
        if (File.Exists(path) && path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
            return Beside(path);
        problems.Add(File.Exists(path)
            ? new(where, $"{path} is no {Extension} file", $"Convert the weights to that format, or name '{PretrainedScorers.Stories15M}'.")
            : new(where, $"there is no file or folder {path}",
                $"Paths count from the folder the program runs in; without weights of your own name '{PretrainedScorers.Stories15M}'."));
        return null;
    }

    /// <summary>
    /// Opens the weights and looks at their shapes. Null where something is wrong with them, which is among the problems.
    /// </summary>
    public (SafetensorsFile File, Gpt2Shape Shape)? Open(string where, ICollection<Problem> problems)
    {
        SafetensorsFile? file = null;
        try
        {
            file = SafetensorsFile.Open(Weights);
            if (Gpt2Shape.Of(file, where, problems) is { } shape)
                return (file, shape);
        }
        catch (SuiteException damaged)
        {
            problems.Add(new(where, damaged.Message, damaged.Fix));
        }
        file?.Dispose();
        return null;
    }

    /// <summary>The tokenizer; null where it cannot be had, with the reason among the problems.</summary>
    /// <param name="where">Where the user named the weights.</param>
    /// <param name="problems">Notified what is wrong.</param>
    public BytePairTokenizer? Tokenizer(string where, ICollection<Problem> problems)
    {
        if (Merges is null)
            return BytePairTokenizer.Gpt2;
        try
        {
            using var text = new Utf8Reader(InputFile.Open(Merges), Merges);
            return new(BytePairMerges.Read(text, Merges));
        }
        catch (SuiteException failure)
        {
            problems.Add(new(where, failure.Message, failure.Fix));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(where, $"{Merges} cannot be read: {failure.Message}", "Give this user the right to read it."));
        }
        return null;
    }

    /// <summary>The error where weights and tokenizer disagree.</summary>
    public Problem Misfit(string where, int embedded, int made) => new(
        where,
        $"{Weights} embeds {embedded} tokens, but {Merges ?? "GPT-2's vocabulary"} makes {made}",
        $"Put the {string.Join(" or ", MergesNames)} that belongs to the weights beside them.");

    private static Gpt2Files Beside(string weights) =>
        new(weights, MergesNames.Select(name => Path.Combine(Folder(weights), name)).FirstOrDefault(File.Exists));

    private static string Folder(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
}
