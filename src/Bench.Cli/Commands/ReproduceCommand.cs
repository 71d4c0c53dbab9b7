using System.CommandLine;
using Bench.Cli.Options;
using Bench.Results;

namespace Bench.Cli.Commands;

/// <summary><c>bench reproduce</c>: everything of a profile, from definitions to the page to open.</summary>
internal static class ReproduceCommand
{
    private const string Folder = "experiments", Shared = "profiles"; // parts of definitions, which run nothing

    public static Command Of(Func<ParseResult, Session> open)
    {
        var profile = new Option<string>("--profile")
        {
            Description = "A folder under experiments, such as quick or smoke",
            HelpName = "name",
            DefaultValueFactory = _ => "quick",
        };
        var (jobs, parts) = (JobsOption.Of(), MicroBatchOption.Of());
        var folders = new ReportFolders();
        var command = new Command("reproduce", "Run every experiment of a profile and write the report") { profile, jobs, parts,
            folders.Output };
        command.SetAction(parsed =>
        {
            var session = open(parsed);
            string definitions = Find(parsed.GetValue(profile)!, session.Here.Checkout);
            ReportFolders.CheckStyle(session.Here);
            var campaign = new Campaign(session);
            int code = campaign.Execute(campaign.Prepare([definitions]), retry: false, parsed.GetValue(jobs) ?? 1,
                microBatch: parsed.GetValue(parts));
            if (code != ExitCodes.Interrupted)
                ReportCommand.Build(session, folders, parsed, refused: ExitCodes.Failure);
            return code;
        });
        return command;
    }

    private static string Find(string profile, string checkout)
    {
        string all = RepositoryFiles.Find(Folder, checkout), folder = Path.Combine(all, profile);
        string[] known = Directory.Exists(all)
            ?
            [
                .. new DirectoryInfo(all).EnumerateDirectories().Select(one => one.Name)
                    .Where(name => name != Shared).Order(StringComparer.Ordinal),
            ]
            : [];
        if (known.Contains(Path.TrimEndingDirectorySeparator(profile), StringComparer.Ordinal))
            return folder;
        if (known.Length == 0)
        {
            throw new ProblemsException(new Problem(
                "--profile",
                $"there is no folder {folder} here",
                "Run the command in the folder of the repository, where experiments/ lies."));
        }

        throw new ProblemsException(
            new Problem("--profile", $"there is no profile '{profile}'", Spelling.Advice(profile, known, "profiles")));
    }
}
