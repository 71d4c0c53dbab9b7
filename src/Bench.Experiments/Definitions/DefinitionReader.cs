using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
using Bench.Results.Claims;

namespace Bench.Experiments.Definitions;

/// <summary>Experiment definitions: YAML files, checked to the last key before anything runs.</summary>
public static class DefinitionReader
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The keys as JSON Schema, for editors.</summary>
    public static string Schema => SchemaOf(TaskTable.Program);

    /// <summary>The keys of claims as JSON Schema.</summary>
    public static string ClaimSchema => Titled(ClaimKeys.Section.Schema(), "A claim of a paper and the test that decides it");

    /// <summary>The keys as a Markdown table, for people.</summary>
    public static string KeyTable => TableOf(ExperimentKeys.Section);

    /// <summary>The keys of claims as Markdown tables: of the file, of tests, of the sides of a comparison.</summary>
    public static string ClaimKeyTables => string.Join(
        '\n', TableOf(ClaimKeys.Section), ComponentTable("test", EffectKinds.All.Rows), TableOf(SeriesKind.Section));

    /// <summary>The kinds of each component as Markdown tables.</summary>
    public static string ComponentTables => string.Join(
        '\n',
        ComponentTable("noise", NoiseKinds.All.Rows),
        ComponentTable("schedule", ScheduleKinds.All.Rows),
        ComponentTable("hyperschedule", HyperscheduleKinds.All.Rows),
        ComponentTable("objective", ObjectiveKinds.All.Rows),
        ViewTable(),
        ComponentTable("optimizer", OptimiserKinds.All.Rows),
        ComponentTable("rate-schedule", RateScheduleKinds.All.Rows),
        ComponentTable("guidance", GuidanceKinds.All.Rows));

    /// <summary>Reads definitions.</summary>
    /// <param name="pathsOrFolders">Files, and folders of which each <c>*.yaml</c> is read, in the order of names.</param>
    public static Reading Load(params IEnumerable<string> pathsOrFolders) => Load(pathsOrFolders, CancellationToken.None);

    /// <summary>The same, with cancellation: a sweep over long sequences takes its time.</summary>
    /// <param name="pathsOrFolders">Files and folders.</param>
    /// <param name="stop">Ends it between two combinations of a sweep.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Reading Load(IEnumerable<string> pathsOrFolders, CancellationToken stop) =>
        Load(pathsOrFolders, TaskTable.Program, stop);

    /// <summary>The same, where definitions may name the tasks of a table.</summary>
    internal static Reading Load(IEnumerable<string> pathsOrFolders, TaskTable tasks, CancellationToken stop = default)
    {
        var problems = new List<Problem>();
        var runs = new List<RunSpec>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal); // the file of each experiment
        var texts = new List<DefinitionText>();
        var needed = new List<NeededFile>();
        var (claims, decided) = (new List<WrittenClaim>(), new Dictionary<string, ImmutableArray<RunSpec>>(StringComparer.Ordinal));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in pathsOrFolders.SelectMany(path => DefinitionFiles.Find(path, problems)))
            Read(file);
        foreach (string file in claims.Select(claim => claim.Definition).OfType<string>().Where(File.Exists).ToList())
            Read(file);
        ImmutableArray<Claim> resolved =
        [
            .. claims.Select(claim => claim.Resolve(
                claim.Definition is { } path ? decided.GetValueOrDefault(Path.GetFullPath(path), []) : [])).OfType<Claim>(),
        ];
        problems.AddRange(claims.SelectMany(claim => claim.Report.Problems));
        var reading = problems.Count > 0
            ? new Reading([], [.. problems])
            : new Reading([.. runs], []) { Texts = [.. texts], Claims = resolved };
        return reading with { Needed = [.. needed.DistinctBy(file => file.Path)] };

        void Read(string file)
        {
            if (!seen.Add(Path.GetFullPath(file)) || DefinitionFiles.Read(file, problems) is not { } text)
                return;
            if (WrittenClaim.IsOne(text))
            {
                claims.Add(WrittenClaim.Read(text, file));
                return;
            }

            var report = new Diagnostics(file);
            var read = WrittenDefinition.Read(text, report, tasks, stop);
            problems.AddRange(report.Problems);
            needed.AddRange(report.Needed);
            if (read is not { Runs: { IsEmpty: false } found })
                return;
            runs.AddRange(found);
            decided[Path.GetFullPath(file)] = found;
            texts.Add(new(Path.GetFullPath(file), read.Whole));
            if (!owners.TryAdd(found[0].Experiment, file))
            {
                problems.Add(
                    new(
                        file,
                        $"the name {found[0].Experiment} is taken by {owners[found[0].Experiment]}",
                        "Give each experiment a name of its own: results are kept under it."));
            }
        }
    }

    /// <summary>Reads a definition that options of the command line give.</summary>
    /// <param name="command">The command, for what is wrong with no option.</param>
    /// <param name="values">Dotted keys, their values, and the options that give them.</param>
    public static Reading OfOptions(string command, IEnumerable<(string Key, string Value, string Option)> values)
    {
        const int NoFile = -1;
        var root = new Mapping(NoFile, NoFile, []) { File = command };
        foreach (var (key, value, option) in values)
            root = With(root, key.Split('.'), new Scalar(NoFile, NoFile, value, IsPlain: true) { File = option });
        var report = new Diagnostics(command);
        ExperimentKeys.Section.TryRead(root, "", report, out var read);
        var runs = new Resolver(read, report, TaskTable.Program).Resolve();
        return report.Count > 0 ? new Reading([], [.. report.Problems]) : new Reading(runs, []);

        static Mapping With(Mapping section, ReadOnlySpan<string> path, Scalar value)
        {
            var name = value with { Text = path[0] };
            if (path.Length > 1)
                return section.With(name, With(section[path[0]] as Mapping ?? section with { Entries = [] }, path[1..], value));
            bool isList = path[0] == ExperimentKeys.Seeds.Name;
            return section.With(name, isList ? new Sequence(NoFile, NoFile, [value]) { File = value.File } : value);
        }
    }

    /// <summary>
    /// Writes a definition out: its profile in it, every default filled in, its sweep as it is. It resolves to the same runs.
    /// </summary>
    /// <param name="file">The file.</param>
    public static Rendering Show(string file) => Show(file, TaskTable.Program);

    /// <summary>The same, where it may name the tasks of a table.</summary>
    internal static Rendering Show(string file, TaskTable tasks)
    {
        var problems = new List<Problem>();
        string[] files = DefinitionFiles.Find(file, problems);
        if (files.Length > 1)
            problems.Add(new(file, $"the folder holds {files.Length} definitions", $"Name one of them, such as {files[0]}."));
        if (problems.Count > 0 || DefinitionFiles.Read(files[0], problems) is not { } text)
            return new("", [.. problems]);
        var report = new Diagnostics(files[0]);
        return WrittenDefinition.Read(text, report, tasks) is { } read ? new(read.Shown, []) : new("", [.. report.Problems]);
    }

    /// <summary>
    /// The name that definitions have for a dotted path of <c>definition.json</c>: keys that were renamed keep their stored names there.
    /// </summary>
    public static string KeyOf(string storedPath) => RunJson.Shown(storedPath);

    /// <summary>A definition to begin with, every key explained.</summary>
    /// <param name="method">The row of the table that it is for.</param>
    public static string Template(IMethod method) => Definitions.Template.For(method);

    /// <summary>The keys as JSON Schema, with the tasks of a table.</summary>
    internal static string SchemaOf(TaskTable tasks) =>
        Titled(tasks.WithOwnExamples(tasks.Keys.Schema()), "An experiment of the suite");

    private static string Titled(JsonObject schema, string title)
    {
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        return schema.ToJsonString(Indented) + "\n";
    }

    private static string TableOf(Section section)
    {
        var table = new StringBuilder("| key | value | default | what it is |\n|---|---|---|---|\n");
        foreach (var (path, key) in Leaves(section, ""))
        {
            string fallback = key.IsRequired ? "required"
                : key.Default is null or "\"\"" ? ""
                : $"`{key.Default.Replace("\"", "", StringComparison.Ordinal)}`";
            table.Append($"| `{path}` | {key.Expected} | {fallback} | {key.Doc} |\n");
        }

        return table.ToString();
    }

    private static string ComponentTable<T>(string component, ImmutableArray<ComponentRow<T>> rows) => string.Concat(
    [
        $"| {component} | keys | what it is |\n|---|---|---|\n",
        .. rows.Select(row => $"| `{row.Kind}` | {string.Join("; ", row.Section.Keys.Select(Cell))} | {row.Doc} |\n"),
    ]);

    private static string Cell(Key key) => $"`{key.Name}`: {key.Expected}{Fallback(key)}";

    private static string ViewTable() => string.Concat(
        [
            "| view | value | what it is |\n|---|---|---|\n",
            .. ViewKeys.Section.Keys.Select(key => $"| `{key.Name}` | {key.Expected}{Fallback(key)} | {key.Doc} |\n"),
        ]);

    private static string Fallback(Key key) =>
        key.IsRequired ? "" : key.Default is { } json ? $" ({json.Replace("\"", "", StringComparison.Ordinal)})" : " (optional)";

    private static IEnumerable<(string Path, Key Key)> Leaves(Section section, string prefix) =>
        section.Keys.SelectMany(key => key.Section is { } inner ? Leaves(inner, $"{prefix}{key.Name}.") : [($"{prefix}{key.Name}", key)]);
}

/// <summary>What definitions came to: runs, or what is wrong with them. One of the two is empty.</summary>
/// <param name="Runs">Every method with every seed, file by file.</param>
/// <param name="Problems">All of them, file by file, in the order of the file.</param>
public sealed record Reading(ImmutableArray<RunSpec> Runs, ImmutableArray<Problem> Problems)
{
    /// <summary>The definitions themselves; none where something is wrong.</summary>
    public ImmutableArray<DefinitionText> Texts { get; init; } = [];

    /// <summary>The claims that were read, each with the definition that decides it; none where something is wrong.</summary>
    public ImmutableArray<Claim> Claims { get; init; } = [];

    /// <summary>Files that the user brings for them, found or not.</summary>
    public ImmutableArray<NeededFile> Needed { get; init; } = [];
}

/// <summary>A definition written out, or what is wrong with it. One of the two is empty.</summary>
/// <param name="Text">YAML.</param>
/// <param name="Problems">All of them.</param>
public sealed record Rendering(string Text, ImmutableArray<Problem> Problems);

/// <summary>A definition as it was when it was read.</summary>
/// <param name="File">Where, as an absolute path.</param>
/// <param name="Text">
/// All of it: what its profile says is written into it, so that neither a move nor a later edit of that changes a run.
/// </param>
public sealed record DefinitionText(string File, string Text);
