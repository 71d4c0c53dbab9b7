using System.Text;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>A reported number is the number that its run measured, whatever has happened to the run's files since.</summary>
public sealed class DamageTests(FinishedRuns runs) : IClassFixture<FinishedRuns>
{
    // The log is read by people alone; some damage to status.json changes no value in it.
    private static readonly string[] MayBeHarmless = ["log.txt", "status.json"];

    public static TheoryData<string, Damage> Cases
    {
        get
        {
            var cases = new TheoryData<string, Damage>();
            foreach (string file in FinishedRuns.Files)
            {
                foreach (var damage in Enum.GetValues<Damage>())
                    cases.Add(file, damage);
            }

            return cases;
        }
    }

    [Fact]
    public void The_cases_cover_every_file_that_a_run_leaves()
    {
        string folder = Path.Combine(runs.Results, runs.Run);
        var left = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));
        Assert.Equal(FinishedRuns.Files, left.Where(file => file != "run.lock").Order(StringComparer.Ordinal));
        Assert.InRange(Cases.Count, 100, int.MaxValue);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Damage_to_a_finished_run_is_an_error_that_names_the_file_or_changes_no_reported_number(string file, Damage damage)
    {
        using var copy = Copy();
        Do(damage, copy[runs.Run, file], copy[runs.Other, file]);
        string[] reported;
        try
        {
            reported = [.. FinishedRuns.Reported(copy.Path)];
        }
        catch (SuiteException refused)
        {
            Assert.Contains(file, refused.Message.Replace('\\', '/'), StringComparison.Ordinal);
            Assert.Contains(runs.Run, refused.Message, StringComparison.Ordinal);
            Assert.Contains("elete the run's folder", refused.Fix, StringComparison.Ordinal);
            Assert.NotEqual("log.txt", file);
            return;
        }

        Assert.Contains(file, MayBeHarmless);
        Assert.Equal(FinishedRuns.Reported(runs.Results), reported);
    }

    // As `bench run` and `bench plan` do. For them a run without status.json has not begun, and is carried out again.
    [Theory, MemberData(nameof(Cases))]
    public void A_damaged_run_does_not_count_as_finished(string file, Damage damage)
    {
        using var copy = Copy();
        Do(damage, copy[runs.Run, file], copy[runs.Other, file]);
        var definition = new RunStore(runs.Results).ReadAll().Single(run => runs.Run.EndsWith(run.Id, StringComparison.Ordinal)).Definition;
        if (MayBeHarmless.Contains(file))
        {
            if (Try(() => new RunStore(copy.Path).StatusOf(definition)) is { } status)
                Assert.Equal(new RunStore(runs.Results).StatusOf(definition), status);
        }
        else
        {
            var refused = Assert.Throws<SuiteException>(() => new RunStore(copy.Path).StatusOf(definition));
            Assert.Contains(file, refused.Message.Replace('\\', '/'), StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("samples/sample-4.txt"), InlineData("samples/mine/notes.md")]
    [InlineData("generation.csv"), InlineData("training.csv"), InlineData("budget.json")]
    public void A_file_that_was_added_to_a_finished_run_is_an_error_that_names_it(string file)
    {
        using var results = new TemporaryFolder();
        var definition = RunDefinition.Parse("""{"experiment":"tiny","method":"ar","seed":1,"data":{"corpus":"toy","hash":"abc"}}""");
        var store = new RunStore(results.Path);
        using var run = store.Open(definition);
        run.Begin(definition, EnvironmentRecord.Capture(TimeProvider.System, results.Path, "none", "cpu", 1));
        run.Write([new Metric("likelihood", Splits.Test, Units.BitsPerCharacter, 1.5)]);
        run.Write(new Sample("sample-1", "a text"));
        run.Finish(1);
        Assert.Single(store.ReadAll());

        string added = Path.Combine(run.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(added)!);
        File.WriteAllText(added, "x");
        Assert.Contains(file, Assert.Throws<SuiteException>(() => store.ReadAll()).Message, StringComparison.Ordinal);
        File.Delete(added);
        Assert.Single(store.ReadAll());
    }

    [Fact]
    public void A_folder_under_another_runs_name_is_an_error_that_names_both()
    {
        using var copy = Copy();
        string id = Path.GetFileName(runs.Run), other = "0123456789abcdef";
        Directory.Move(copy[runs.Run], Path.Combine(Path.GetDirectoryName(copy[runs.Run])!, other));
        var refused = Assert.Throws<SuiteException>(() => new RunStore(copy.Path).ReadAll());
        Assert.Contains(id, refused.Message, StringComparison.Ordinal);
        Assert.Contains(other, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Fix);
    }

    [Fact]
    public void A_folder_under_another_experiments_name_would_count_twice_and_is_an_error()
    {
        using var copy = Copy();
        string twin = copy["runs", "backup", Path.GetFileName(runs.Run)];
        Copy(copy[runs.Run], twin);
        var refused = Assert.Throws<SuiteException>(() => new RunStore(copy.Path).ReadAll());
        Assert.Contains(twin, refused.Message, StringComparison.Ordinal);
        Assert.Contains("tiny", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(RunState.Running), InlineData(RunState.Failed), InlineData(RunState.Finished)]
    public void A_definition_that_is_not_the_one_its_folder_is_named_after_is_an_error(RunState state)
    {
        using var results = new TemporaryFolder();
        var definition = RunDefinition.Parse("""{"experiment":"tiny","method":"ar","seed":1,"data":{"corpus":"toy","hash":"abc"}}""");
        var store = new RunStore(results.Path);
        using var run = store.Open(definition);
        run.Begin(definition, EnvironmentRecord.Capture(TimeProvider.System, results.Path, "none", "cpu", 1));
        string path = Path.Combine(run.Folder, "definition.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal));
        if (state == RunState.Finished)
            run.Finish(1);
        else if (state == RunState.Failed)
            run.Fail("for a test", 1);
        var refused = Assert.Throws<SuiteException>(() => store.ReadAll());
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(run.Folder), refused.Message, StringComparison.Ordinal);
    }

    private static RunStatus? Try(Func<RunStatus?> read)
    {
        try
        {
            return read();
        }
        catch (SuiteException refused)
        {
            Assert.Contains("status.json", refused.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        Copy(Path.Combine(runs.Results, "runs"), copy["runs"]);
        return copy;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static void Do(Damage damage, string file, string other)
    {
        byte[] before = File.ReadAllBytes(file);
        switch (damage)
        {
            case Damage.Deleted:
                File.Delete(file);
                return;
            case Damage.Renamed:
                File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, $"old-{Path.GetFileName(file)}"));
                return;
            case Damage.Swapped:
                File.Copy(other, file, overwrite: true);
                break;
            default:
                File.WriteAllBytes(file, Damaged(damage, before));
                break;
        }

        Assert.NotEqual(before, File.ReadAllBytes(file));
    }

    private static byte[] Damaged(Damage damage, byte[] bytes) => damage switch
    {
        Damage.FirstByteFlipped => Flipped(bytes, 0),
        Damage.MiddleByteFlipped => Flipped(bytes, bytes.Length / 2),
        Damage.LastByteFlipped => Flipped(bytes, bytes.Length - 1),
        Damage.LastByteCut => bytes[..^1],
        Damage.HalfCut => bytes[..(bytes.Length / 2)],
        Damage.Emptied => [],
        Damage.LineDoubled => LineDoubled(bytes),
        Damage.DigitChanged => DigitChanged(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(damage)),
    };

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];

    // The line in the middle: of a table a row, of a record a value.
    private static byte[] LineDoubled(byte[] bytes)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        int middle = lines.Length / 2;
        return Encoding.UTF8.GetBytes(string.Join('\n', [.. lines[..middle], lines[middle], .. lines[middle..]]));
    }

    // The last one: of a table in its last row, of a time in its decimals.
    private static byte[] DigitChanged(byte[] bytes)
    {
        int at = Array.FindLastIndex(bytes, value => value is >= (byte)'0' and <= (byte)'9');
        return [.. bytes[..at], (byte)('0' + ((bytes[at] - '0' + 1) % 10)), .. bytes[(at + 1)..]];
    }
}
