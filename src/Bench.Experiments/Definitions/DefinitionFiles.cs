using System.Text;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Definitions;

/// <summary>Definition files, from what the user named to their text.</summary>
internal static class DefinitionFiles
{
    private const int MostBytes = 1 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The file itself, or all <c>*.yaml</c> in a folder in the order of names; nothing and one more problem where there are none.
    /// </summary>
    public static string[] Find(string path, List<Problem> problems)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
        {
            problems.Add(
                new(path, "there is no such file or folder",
                    Neighbour(path) is { } meant ? $"Did you mean '{meant}'?" : "Paths count from the folder the program runs in."));
            return [];
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            problems.Add(new(path, "the folder holds no *.yaml file", "Name a folder of definitions, such as experiments/quick."));
        return files;
    }

    /// <summary>The text, or null and one more problem.</summary>
    public static string? Read(string file, List<Problem> problems)
    {
        try
        {
            if (InputFile.Refusal(file) is var (what, fix))
                problems.Add(new(file, $"this {what}", fix));
            else if (new FileInfo(file).Length <= MostBytes)
                return Decode(file, InputFile.ReadBytes(file, MostBytes), problems);
            else
            {
                string large = $"the file is larger than {MostBytes >> 10} KiB, which no definition is";
                problems.Add(new(file, large, "Name a definition, not data."));
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(file, $"the file cannot be read: {refused.Message}", refused is UnauthorizedAccessException
                ? "Give this user the right to read it."
                : "Look whether it is there still, and where it leads if it is a link."));
        }

        return null;
    }

    /// <summary>Something beside a path whose name is close; null where there is nothing.</summary>
    public static string? Neighbour(string path)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (!Directory.Exists(folder))
            return null;
        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry));
        return Spelling.Closest(Path.GetFileName(path), names) is { } name ? Path.Combine(Path.GetDirectoryName(path) ?? "", name) : null;
    }

    private static string? Decode(string file, byte[] bytes, List<Problem> problems)
    {
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException broken)
        {
            int at = Math.Max(0, broken.Index);
            var before = bytes.AsSpan(0, at);
            int line = before.Count((byte)'\n') + 1;
            int column = at - before.LastIndexOf((byte)'\n');
            problems.Add(new(
                $"{file}:{line}:{column}",
                $"byte 0x{bytes[at]:X2} at offset {at} is not UTF-8",
                $"Save the file as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8 {Path.GetFileName(file)} > utf8.yaml"));
            return null;
        }
    }
}
