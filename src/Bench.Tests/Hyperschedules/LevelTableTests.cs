using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

public sealed class LevelTableTests
{
    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void Written_results_are_read_back(Hyperschedule hyperschedule)
    {
        if (hyperschedule.SettledAfter(0) == 0)
            return; // a prompt is no part of a table
        var reading = LevelTable.Read("some/path.csv", string.Join("\r\n", LevelTable.Lines(hyperschedule)) + "\r\n");
        Assert.Empty(reading.Problems);
        Assert.Equal(Paths.Rows(hyperschedule), Paths.Rows(reading.Path!));
        Assert.Equal(("path", hyperschedule.HasContinuousLimit, hyperschedule.Steps, hyperschedule.NeedsContext),
            (reading.Path!.Name, reading.Path.HasContinuousLimit, reading.Path.Steps, reading.Path.NeedsContext));
    }

    [Fact]
    public void A_table_that_is_a_uniform_descent_is_drawn_like_one()
    {
        var table = Hyperschedule.FromTable(LevelTable.Of(Hyperschedule.Slide(4, 3, 1)).Select(row => (IReadOnlyList<int>)row).ToArray());
        Assert.Equal(3, table.Draw(0.5, _ => 0.5, continuous: false).Weight);
        Assert.DoesNotContain(-1, table.Draw(0.5, _ => 0.5, continuous: false).Steps);
    }

    [Fact]
    public void Rows_that_change_nothing_are_left_out() =>
        Assert.Equal(["22", "12", "01", "00"],
            Paths.Rows(Hyperschedule.FromTable([[2, 2], [2, 2], [1, 2], [1, 2], [0, 1], [0, 0], [0, 0]])));

    [Fact]
    public void All_mistakes_of_a_file_are_reported_at_once_with_their_places()
    {
        var reading = LevelTable.Read("levels.csv", "2,2,1\n1,2,1\n1,3\n-1,0,1\n");
        Assert.Null(reading.Path);
        Assert.Equal(
            [
                "levels.csv:1:5: the first level is 1, but every position starts at pure noise, 2",
                "levels.csv:3:4: this row has 2 levels, but the first has 3",
                "levels.csv:3:3: the level rises from 2 to 3, but a step only removes noise",
                "levels.csv:4:1: the level is -1, but 0 is settled and nothing is cleaner",
                "levels.csv:4:6: the last level is 1, but in the end every position is settled",
            ],
            reading.Problems.Select(problem => $"{problem.Where}: {problem.What}"));
        Assert.All(reading.Problems, problem => Assert.NotEmpty(problem.Fix));
    }

    [Fact]
    public void A_level_that_is_not_a_number_is_reported_with_its_column()
    {
        var reading = LevelTable.Read("levels.csv", "one,two\n10,x,\n");
        Assert.Equal(["levels.csv:1:1", "levels.csv:1:5", "levels.csv:2:4", "levels.csv:2:6"],
            reading.Problems.Select(problem => problem.Where));
    }

    [Theory, InlineData(""), InlineData("0,0\n")]
    public void A_table_without_noise_is_refused(string text) => Assert.NotEmpty(LevelTable.Read("levels.csv", text).Problems);

    [Fact]
    public void A_table_in_memory_names_steps_and_positions()
    {
        var refused = Assert.Throws<ArgumentException>(() => Hyperschedule.FromTable([[1, 1], [0, 1]]));
        Assert.Contains("step 1, position 1: the last level is 1", refused.Message, StringComparison.Ordinal);
    }
}
