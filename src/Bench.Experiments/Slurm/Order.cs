using System.Collections.Immutable;
using Bench.Experiments.Definitions;

namespace Bench.Experiments.Slurm;

/// <summary>
/// What is to be done on a cluster, and how a machine of it does it. Paths are absolute, since every machine sees the same folders.
/// </summary>
public sealed record Order
{
    /// <summary>Of the experiment.</summary>
    public required string Name { get; init; }

    public required SlurmProfile Profile { get; init; }

    public required ImmutableArray<FrozenDefinition> Definitions { get; init; }

    /// <summary>Runs whose networks score what others generate; they come first.</summary>
    public required ImmutableArray<ArrayTask> Scorers { get; init; }

    /// <summary>All others.</summary>
    public required ImmutableArray<ArrayTask> Runs { get; init; }

    /// <summary>What starts this program.</summary>
    public required ImmutableArray<string> Program { get; init; }

    /// <summary>The folder that it is started in: paths inside definitions count from there.</summary>
    public required string Place { get; init; }

    /// <summary>The results folder.</summary>
    public required string Results { get; init; }

    /// <summary>The report's folder.</summary>
    public required string Report { get; init; }

    /// <summary>The cache folder: corpora that were opened for planning are there already.</summary>
    public required string Cache { get; init; }

    /// <summary>Run again what failed before.</summary>
    public bool Retry { get; init; }

    /// <summary>How runs are carried out, as options of <c>bench run</c>: device and micro-batches.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
}

/// <summary>A task of a job array: it carries out one run.</summary>
/// <param name="Id">The run's.</param>
/// <param name="Label">What people call the run, on one line.</param>
/// <param name="Resolved">The run in one line of JSON, as it was planned: what the task carries out.</param>
public sealed record ArrayTask(string Id, string Label, string Resolved);

/// <summary>
/// A definition as it was when it was submitted. Jobs carry out the runs that were resolved then; the copy says what was asked, whatever
/// happens to the original.
/// </summary>
/// <param name="Original">Where it was read, as an absolute path.</param>
/// <param name="Name">The copy's.</param>
/// <param name="Text">All of it.</param>
public sealed record FrozenDefinition(string Original, string Name, string Text)
{
    /// <summary>Copies of definitions, each with a name of its own.</summary>
    /// <param name="definitions">As <see cref="Reading.Texts"/> has them: what was checked is what is submitted.</param>
    public static ImmutableArray<FrozenDefinition> Of(IEnumerable<DefinitionText> definitions)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase); // some file systems ignore case
        return [.. definitions.Select(definition => new FrozenDefinition(definition.File, Name(definition.File), definition.Text))];

        string Name(string file)
        {
            // whatever it was called: of a folder *.yaml is read
            string stem = Path.GetFileNameWithoutExtension(file), name = $"{stem}.yaml";
            for (int n = 2; !taken.Add(name); n++)
                name = $"{stem}-{n}.yaml";
            return name;
        }
    }
}
