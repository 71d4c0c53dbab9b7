using System.Collections.Immutable;
using Bench.Experiments.Format;
using Bench.Results;

namespace Bench.Experiments.Scaling;

/// <summary>A definition as it was when it was submitted: jobs read the copy, so that they do what was asked whatever happens to the original.</summary>
/// <param name="Original">Where it was read, as an absolute path.</param>
/// <param name="Name">The copy's.</param>
/// <param name="Text">All of it: what its profile says is written into it, so that neither a move nor a later edit of that changes a run.</param>
public sealed record FrozenDefinition(string Original, string Name, string Text)
{
    /// <summary>Copies of definitions.</summary>
    /// <param name="pathsOrFolders">As <see cref="Definitions.Load"/> takes them.</param>
    /// <exception cref="SuiteException">One is gone, or cannot be read.</exception>
    public static ImmutableArray<FrozenDefinition> Of(IEnumerable<string> pathsOrFolders)
    {
        var problems = new List<Problem>();
        var frozen = ImmutableArray.CreateBuilder<FrozenDefinition>();
        foreach (string file in pathsOrFolders.SelectMany(path => DefinitionFiles.Find(path, problems)).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal))
        {
            if (Whole(file, problems) is not { } text)
                continue;
            string name = Path.GetFileNameWithoutExtension(file);
            int same = frozen.Count(other => Path.GetFileNameWithoutExtension(other.Original) == name);
            frozen.Add(new(file, $"{name}{(same == 0 ? "" : $"-{same + 1}")}.yaml", text)); // whatever it was called: of a folder *.yaml is read
        }

        return problems.Count == 0 ? frozen.ToImmutable() : throw new SuiteException($"{problems[0].Where}: {problems[0].What}", problems[0].Fix);
    }

    // Comments stay where nothing has to be written in.
    private static string? Whole(string file, List<Problem> problems)
    {
        string? text = DefinitionFiles.Read(file, problems);
        if (text is null || !Profile.IsNamedIn(text, file))
            return text;
        var shown = Definitions.Show(file);
        problems.AddRange(shown.Problems);
        return $"# Written out by 'bench submit', with its profile.\n{shown.Text}";
    }
}
