using System.Collections.Immutable;

namespace Bench.Experiments.Slurm;

/// <summary>A definition as it was when it was submitted: jobs read the copy, so that they do what was asked whatever happens to the original.</summary>
/// <param name="Original">Where it was read, as an absolute path.</param>
/// <param name="Name">The copy's.</param>
/// <param name="Text">All of it.</param>
public sealed record FrozenDefinition(string Original, string Name, string Text)
{
    /// <summary>Copies of definitions, each with a name of its own.</summary>
    /// <param name="definitions">As <see cref="Reading.Texts"/> has them: what was checked is what is submitted.</param>
    public static ImmutableArray<FrozenDefinition> Of(IEnumerable<DefinitionText> definitions)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase); // some file systems do not tell case apart
        return [.. definitions.Select(definition => new FrozenDefinition(definition.File, Name(definition.File), definition.Text))];

        string Name(string file)
        {
            string stem = Path.GetFileNameWithoutExtension(file), name = $"{stem}.yaml"; // whatever it was called: of a folder *.yaml is read
            for (int n = 2; !taken.Add(name); n++)
                name = $"{stem}-{n}.yaml";
            return name;
        }
    }
}
