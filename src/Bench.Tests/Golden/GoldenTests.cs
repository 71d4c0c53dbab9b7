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

    public static TheoryData<string, int, string> AllCases()
    {
        var data = new TheoryData<string, int, string>();
        foreach (var (family, cases) in GoldenDirectory.Cases.Where(family => Checks.ContainsKey(family.Key)))
        {
            foreach (var (index, golden) in cases.Index())
                data.Add(family, index, golden.Name);
        }

        return data;
    }

    [Theory, MemberData(nameof(AllCases))]
    public void A_golden_case_matches(string family, int index, string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenDirectory.Cases[family][index];
        Assert.Equal(name, golden.Name);
        if (Checks[family].Check(golden) is { } reason)
            output.WriteLine($"{family}/{name} is not compared: {reason}");
    }

    // How many cases of each file that lies beside the tests say something about this suite: a check may not quietly begin to skip.
    [Fact]
    public void As_many_cases_are_compared_as_are_known_to_be()
    {
        if (Environment.GetEnvironmentVariable("BENCH_GOLDEN_DIR") is { Length: > 0 })
            return;
        using var scope = NewDisposeScope();
        string[] counts = [.. GoldenDirectory.Cases.Select(family => $"{family.Key},{family.Value.Count(golden => Checks[family.Key].Check(golden) is null)},{family.Value.Length}")];
        Assert.Equal(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "compared.csv")).Skip(1), counts);
    }

    [Fact]
    public void Every_check_finds_its_file_and_compares_most_of_it()
    {
        foreach (var (family, check) in Checks)
        {
            Assert.True(GoldenDirectory.Cases.TryGetValue(family, out var cases), $"no {family}.json in {GoldenDirectory.Path}");
            using var scope = NewDisposeScope();
            int compared = cases.Count(golden => check.Check(golden) is null);
            output.WriteLine($"{family}: {compared} of {cases.Length} cases compared");
            Assert.True(2 * compared > cases.Length, $"only {compared} of {cases.Length} cases of {family} are compared: {check.Check(cases[^1])}");
        }

        foreach (string family in GoldenDirectory.Cases.Keys.Except(Checks.Keys))
            output.WriteLine($"{family}: nothing in this suite speaks of it yet");
    }
}
