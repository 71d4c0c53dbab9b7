using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

public sealed class GoldenTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, IGoldenFamily> Checks = typeof(GoldenTests).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IGoldenFamily)))
        .Select(type => (IGoldenFamily)Activator.CreateInstance(type)!)
        .ToDictionary(check => check.Family);

    private static readonly Lazy<Dictionary<string,
        string[]>> Known = new(() => ComparedLines().Select(line => line.Split(',')).ToDictionary(row => row[0], row => row[3].Split(' ')));

    public static TheoryData<string, int, string> AllCases()
    {
        var data = new TheoryData<string, int, string>();
        foreach (string family in GoldenDirectory.Names.Where(Checks.ContainsKey))
        {
            foreach (var (index, golden) in GoldenDirectory.Cases(family).Index())
                data.Add(family, index, golden.Name);
        }

        return data;
    }

    // Every input is read, and every result compared, but for those that are named in one place each.
    [Theory, MemberData(nameof(AllCases))]
    public void A_golden_case_matches(string family, int index, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenDirectory.Cases(family)[index];
        Assert.Equal(name, golden.Name);
        if (Checks[family].Check(golden) is { } reason)
        {
            Unread.AssertMayBeSkipped(golden, reason);
            output.WriteLine($"{family}/{name} is not compared: {reason}");
            return;
        }

        Unread.AssertNone(golden);
        string left = string.Join(", ", NeverCompared(golden).Except(Known.Value[family]));
        Assert.True(left.Length == 0,
            $"{family}/{name} has results that nothing was compared with: {left}; compare them, or name them in compared.csv");
    }

    // How many cases of each file beside the tests are compared, and which fields are not: no check may silently begin to skip.
    // BENCH_ACCEPT=1 replaces compared.csv.
    [Fact]
    public void As_many_cases_and_results_are_compared_as_are_known_to_be()
    {
        if (GoldenDirectory.IsNamed)
            return;
        using var scope = NewDisposeScope();
        string[] rows = [.. GoldenDirectory.Names.Select(family =>
        {
            var cases = GoldenDirectory.Cases(family);
            GoldenCase[] compared = [.. cases.Where(golden => Checks[family].Check(golden) is null)];
            var never = compared.SelectMany(NeverCompared).Distinct().Order(StringComparer.Ordinal);
            return $"{family},{compared.Length},{cases.Length},{string.Join(' ', never)}";
        })];
        if (Environment.GetEnvironmentVariable("BENCH_ACCEPT") == "1")
            File.WriteAllLines(Compared(), ["family,compared,cases,never compared", .. rows]);
        Assert.Equal(ComparedLines(), rows);
    }

    [Fact]
    public void Every_check_finds_its_file_and_compares_most_of_it()
    {
        foreach (var (family, check) in Checks)
        {
            var cases = GoldenDirectory.Cases(family);
            Assert.True(cases.Length > 0, $"no {family}.json in {GoldenDirectory.Path}");
            using var scope = NewDisposeScope();
            int compared = cases.Count(golden => check.Check(golden) is null);
            output.WriteLine($"{family}: {compared} of {cases.Length} cases compared");
            Assert.True(2 * compared > cases.Length, $"only {compared} of {cases.Length} cases of {family} are compared");
        }

        foreach (string family in GoldenDirectory.Names.Except(Checks.Keys))
            output.WriteLine($"{family}: nothing in this suite speaks of it yet");
    }

    private static IEnumerable<string> NeverCompared(GoldenCase golden) =>
        [.. golden.Expected.NeverCompared, .. golden.Exact.NeverCompared.Where(name => name != "source").Select(name => $"exact.{name}")];

    private static IEnumerable<string> ComparedLines() => File.ReadLines(Compared()).Skip(1);

    private static string Compared([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "compared.csv");
}
