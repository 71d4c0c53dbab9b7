using System.Text.Json.Nodes;
using Bench.Results;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Results;

public sealed class RunIdTests
{
    private const string Definition =
        """{"experiment":"quick","method":"ar","seed":1,"training":{"rate":0.0003,"steps":100},"data":{"hash":"d0"}}""";

    private static string Id(string json, string hash = "d0") => RunId.Of(RunDefinition.Parse(json), hash);

    [Fact]
    public void The_order_of_keys_and_the_spelling_of_numbers_do_not_change_an_id() =>
        Assert.Equal(
            Id(Definition),
            Id("""{ "data":{"hash":"d0"}, "training":{"steps":1e2,"rate":3e-4}, "seed":1.0, "method":"ar", "experiment":"quick" }"""));

    [Theory]
    [InlineData("\"seed\":1", "\"seed\":2")]
    [InlineData("0.0003", "0.00031")]
    [InlineData("\"ar\"", "\"mdlm\"")]
    public void Any_other_value_is_another_run(string from, string to) =>
        Assert.NotEqual(Id(Definition), Id(Definition.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void Texts_that_no_number_depends_on_do_not_change_an_id() =>
        Assert.Equal(Id(Definition),
            Id(Definition.Replace("{\"experiment\"", "{\"title\":\"AR\",\"paper\":\"b\",\"question\":\"c?\",\"experiment\"",
                StringComparison.Ordinal)));

    [Fact]
    public void Other_data_is_another_run() => Assert.NotEqual(Id(Definition, "d0"), Id(Definition, "d1"));

    [Fact]
    public void An_id_is_sixteen_hexadecimal_digits_of_the_documented_hash()
    {
        // printf '{"experiment":"quick","method":"ar"}\nd0' | sha256sum | cut -c1-16
        Assert.Equal("fb09e6cbce94f95b", Id("""{"method":"ar","experiment":"quick"}"""));
    }

    [Fact]
    public void A_definition_from_a_plan_and_the_same_one_read_from_disk_are_one_run()
    {
        var planned = RunDefinition.From(JsonNode.Parse(Definition)!);
        Assert.Equal(RunId.Of(planned, "d0"), RunId.Of(RunDefinition.Parse(planned.ToString()), "d0"));
    }

    [Fact]
    public void A_path_reaches_into_a_definition()
    {
        var definition = RunDefinition.Parse(Definition);
        Assert.Equal(0.0003, definition.Number("training.rate"));
        Assert.Equal("100", definition.Text("training.steps"));
        Assert.Null(definition.Text("training.steps.more"));
        Assert.Null(definition.Text("model.width"));
        Assert.Contains(new("data.hash", "d0"), definition.Leaves());
    }

    [Theory]
    [InlineData("ngram-3", 3)]
    [InlineData("ngram-x", null)]
    [InlineData("ar", null)]
    public void An_n_gram_is_known_by_its_name(string method, int? order) =>
        Assert.Equal(order, RunDefinition.Parse(Definition.Replace("\"ar\"", $"\"{method}\"", StringComparison.Ordinal)).NGramOrder);

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1,"a":1}""")]
    public void A_file_that_is_not_a_definition_is_refused_with_advice(string json) =>
        Assert.NotEmpty(Assert.Throws<SuiteException>(() => RunDefinition.Parse(json)).Fix);
}
