using System.Collections.Immutable;
using System.CommandLine;
using Bench.Experiments.Definitions;
using Bench.Reporting.Figures.Styles;
using Bench.Reporting.Validity;
using Bench.Results.Claims;

namespace Bench.Cli.Options;

/// <summary>Where a report comes from, beside the results, and where it goes.</summary>
internal sealed class ReportFolders
{
    /// <summary>Numbers of papers.</summary>
    public static string Published(CliEnvironment environment) =>
        RepositoryFiles.Find(Path.Combine("baselines", "published"), environment.Checkout);

    /// <summary>The style file of figures and its font.</summary>
    public static string Figures(CliEnvironment environment)
    {
        // Known by the file: reports put figures into folders of the same name.
        string style = Path.Combine("reports", "figures", StyleFile.Name);
        return Path.GetDirectoryName(RepositoryFiles.Find(style, environment.Checkout))!;
    }

    /// <summary>The claims of the papers, with paths as seen from the repository; none where it has none.</summary>
    /// <exception cref="ProblemsException">A claim, or a definition that decides one, has mistakes.</exception>
    public static ImmutableArray<Claim> Claims(CliEnvironment environment)
    {
        string folder = RepositoryFiles.Find(Path.Combine("experiments", "claims"), environment.Checkout);
        if (!Directory.Exists(folder))
            return [];
        var reading = DefinitionReader.Load([folder], environment.Stop);
        if (!reading.Problems.IsEmpty)
            throw new ProblemsException(reading.Problems);
        string root = Path.GetFullPath(Path.Combine(folder, "..", ".."));
        string Seen(string file) => Path.GetRelativePath(root, Path.GetFullPath(file));
        return
        [
            .. reading.Claims.Select(claim => claim with
            {
                File = Seen(claim.File),
                Decision = claim.Decision is { } decision ? decision with { File = Seen(decision.File) } : null,
            }),
        ];
    }

    /// <summary>Checks the style before anything is computed or written.</summary>
    /// <exception cref="ProblemsException">The style file has mistakes.</exception>
    public static void CheckStyle(CliEnvironment environment)
    {
        var problems = StyleFile.Check(Figures(environment));
        if (!problems.IsEmpty)
            throw new ProblemsException(problems);
    }

    /// <summary>Checks the results before anything is drawn or written.</summary>
    /// <param name="session">Where the results lie.</param>
    /// <param name="code">The exit code where they cannot be shown.</param>
    /// <exception cref="ProblemsException">Numbers of finished runs are impossible.</exception>
    public static void CheckResults(Session session, int code = ExitCodes.BadInput)
    {
        var impossible = ValueRules.Violations(session.Store.ReadAll());
        if (!impossible.IsEmpty)
            throw new ProblemsException([.. impossible.Select(value => value.Problem)]) { Outcome = "no report was written", Code = code };
    }

    public Option<string> Output { get; } = FolderName.Check(new Option<string>("--output")
    {
        Description = "Folder of the report",
        HelpName = "folder",
        DefaultValueFactory = _ => "reports",
    });
}

/// <summary>What belongs to the repository, wherever the program is started.</summary>
internal static class RepositoryFiles
{
    private const string Mark = "Bench.sln";

    /// <summary>
    /// A file or folder of the repository: that under the folder the program runs in, or else that of the work tree which the
    /// program was built in.
    /// </summary>
    /// <param name="path">Relative to the repository's root.</param>
    /// <param name="checkout">A folder inside the work tree.</param>
    /// <returns>The path itself where the folder that the program runs in has it, or where neither has it.</returns>
    public static string Find(string path, string checkout)
    {
        if (Path.Exists(path))
            return path;
        string? root = checkout;
        while (root is not null && !File.Exists(Path.Combine(root, Mark)))
            root = Path.GetDirectoryName(root);
        return root is not null && Path.Combine(root, path) is var found && Path.Exists(found) ? found : path;
    }
}
