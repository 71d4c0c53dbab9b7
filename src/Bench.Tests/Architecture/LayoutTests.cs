using System.Text.RegularExpressions;
using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>How the source tree is laid out: a folder is a namespace, a file is small, nothing is called Utils.</summary>
public sealed partial class LayoutTests
{
    private const int MostLines = 300, MostFiles = 25, MostInAll = 585;

    private static readonly string[] SaysNothing = ["Util", "Utils", "Utilities", "Common", "Helper", "Helpers", "Manager", "Managers",
        "Misc"];

    private static readonly string[] TopLevel =
    [
        "src", "experiments", "baselines", "results", "reports", "Bench.sln", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md",
        "CITATION.cff", "docs", "LICENSE", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
    ];

    [Fact]
    public void No_folder_and_no_type_has_a_name_that_says_nothing() => Nothing.In(
        Repository.Folders("src").Concat(Repository.Files("*.cs"))
            .Where(
                path =>
                    Words().Matches(Path.GetFileNameWithoutExtension(path)).Select(word => word.Value)
                        .Intersect(SaysNothing, StringComparer.OrdinalIgnoreCase).Any()));

    [Fact]
    public void A_folder_is_a_namespace() => Nothing.In(
        from path in Repository.Files("*.cs")
        let declared = Namespace().Match(File.ReadAllText(Path.Combine(Repository.Root, path)))
        where declared.Success
        let folder = Path.GetDirectoryName(Path.GetRelativePath("src", path))!.Replace(Path.DirectorySeparatorChar, '.')
        // src/Kernels has half its files in C++
        where declared.Groups["name"].Value != folder && declared.Groups["name"].Value != $"Bench.{folder}"
        select $"{path} declares {declared.Groups["name"].Value}");

    [Fact]
    public void No_file_is_too_long_to_be_read_in_one_go() => Nothing.In(
        from path in Repository.Files("*.cs").Concat(Repository.Files("*.cpp"))
        let lines = File.ReadLines(Path.Combine(Repository.Root, path)).Count()
        where lines > MostLines
        select $"{path} has {lines} lines");

    [Fact]
    public void No_folder_holds_more_files_than_a_reader_takes_in_at_once() => Nothing.In(
        from folder in Repository.Files("*.cs").GroupBy(path => Path.GetDirectoryName(path))
        where !folder.Key!.StartsWith(Path.Combine("src", "Bench.Tests"), StringComparison.Ordinal) && folder.Count() > MostFiles
        select $"{folder.Key} holds {folder.Count()} files");

    // 537 in all. Small types that one other type uses lie in its file; a project that needs more says so here.
    [Fact]
    public void A_project_holds_no_more_files_than_it_is_meant_to()
    {
        var most = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["Bench"] = 206, ["Bench.Cli"] = 64, ["Bench.Experiments"] = 111, ["Bench.Microbenchmarks"] = 5, ["Bench.Reference"] = 22,
            ["Bench.Reporting"] = 77, ["Bench.Results"] = 43, ["Kernels"] = 21, ["Tasks"] = 14,
        };
        var found = Repository.Files("*.cs").Select(path => path.Split(Path.DirectorySeparatorChar)[1])
            .Where(project => project != "Bench.Tests").CountBy(project => project).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(most.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Nothing.In(
            from project in most
            where found[project.Key] > project.Value
            select $"{project.Key} holds {found[project.Key]} files, more than {project.Value}");
        Assert.InRange(found.Values.Sum(), 1, MostInAll);
    }

    [Fact]
    public void The_top_level_holds_what_the_design_names() => Nothing.In(
        Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))
            .Except(TopLevel, StringComparer.Ordinal));

    [Fact]
    public void A_field_has_a_variables_name() => Nothing.In(
        from path in Repository.Files("*.cs")
        from line in File.ReadLines(Path.Combine(Repository.Root, path))
        where Underscored().IsMatch(line)
        select $"{path}: {line.Trim()}");

    [GeneratedRegex(@"^\s+(private|protected|internal|public)\s[^=>]*\s_[a-z]\w*\s*([=;,]|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Underscored();

    [GeneratedRegex("[A-Z][a-z]*")]
    private static partial Regex Words();

    [GeneratedRegex("^namespace (?<name>[A-Za-z0-9_.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();
}
