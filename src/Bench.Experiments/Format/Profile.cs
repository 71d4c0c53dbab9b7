using Bench.Experiments.Yaml;
using Bench.Results;

namespace Bench.Experiments.Format;

/// <summary>A partial definition that others are written over, so that what they share is written once.</summary>
internal static class Profile
{
    /// <summary>The definition with its profile under it; itself where it names none, and null where that cannot be had.</summary>
    /// <remarks>A definition with a name of its own is another experiment, and asks no question of its profile's.</remarks>
    /// <param name="definition">As written.</param>
    /// <param name="report">Takes problems of both files.</param>
    public static Mapping? Under(Mapping definition, Report report)
    {
        var name = ExperimentKeys.Profile.Name;
        if (definition[name] is not Scalar { IsNothing: false } written)
            return definition; // the reader of keys says what is wrong with it
        if (string.IsNullOrWhiteSpace(written.Text))
        {
            report.Add(written, "profile is empty", "Name a file, such as ../profiles/quick.yaml, or leave profile out.");
            return null;
        }

        string file = Path.Combine(Path.GetDirectoryName(report.File) ?? "", written.Text);
        if (Read(file, written, report) is not { } found)
            return null;
        var shared = definition[ExperimentKeys.Name.Name] is null ? found : found.Without(ExperimentKeys.Question.Name);
        return Merging.Over(shared, definition.Without(name));
    }

    private static Mapping? Read(string file, Scalar written, Report report)
    {
        var unread = new List<Problem>();
        string? text = File.Exists(file) ? DefinitionFiles.Read(file, unread) : null;
        foreach (var problem in unread)
            report.Add(written, $"the profile {problem.Where}: {problem.What}", problem.Fix);
        if (text is null && unread.Count == 0)
            report.Add(written, $"there is no profile {file}", DefinitionFiles.Neighbour(file) is { } meant ? $"Did you mean '{meant}'?" : "Its path counts from the folder of the definition that names it.");
        if (text is null)
            return null;
        var own = new Report(file);
        var root = TreeReader.Read(text, own);
        if (root is Mapping found && found[ExperimentKeys.Profile.Name] is { } second)
            own.Add(second, "a profile names a profile", "Write what the second one says into this one.");
        if (root is not (null or Mapping))
            own.Add(root, $"the profile is {root.Description}, but it is a section of keys", "Write keys as in a definition, such as 'model:'.");
        report.Add(own);
        return root as Mapping is { } profile ? profile.Without(ExperimentKeys.Profile.Name) : null;
    }
}
