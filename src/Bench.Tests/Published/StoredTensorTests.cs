using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Safetensors;
using Bench.Numerics;
using Bench.Published;
using Bench.Results;
using Bench.Tests.Data;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Published;

/// <summary>Weights are read once, to where they belong: a network takes its weights of memory, not twice that.</summary>
public sealed class StoredTensorTests
{
    private static readonly ElementType Single = ElementType.All.Single(type => type.Name == "F32");

    [Fact]
    public void A_tensor_that_is_stored_as_it_is_wanted_is_read_to_where_it_belongs()
    {
        using var scope = NewDisposeScope();
        var into = zeros([4, 3], float32);
        bool isThere = false;
        var stored = StoredTensor.Whole("file", Single, [2, 3], bytes =>
        {
            isThere = Unsafe.AreSame(ref MemoryMarshal.GetReference(bytes), ref MemoryMarshal.GetReference(into.narrow(0, 1, 2).bytes));
            Write(bytes, [1, 2, 3, 4, 5, 6]);
        });
        stored.ReadInto(into.narrow(0, 1, 2));
        Assert.True(isThere);
        Assert.Equal([0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0], into.data<float>().ToArray());
    }

    [Fact]
    public void Any_other_tensor_is_copied()
    {
        using var scope = NewDisposeScope();
        var into = zeros([2, 3], float32);
        // The last six of eight numbers, transposed.
        StoredTensor.View("file", Single, [2, 3], [1, 2], 2, 8, bytes => Write(bytes, [1, 2, 3, 4, 5, 6, 7, 8])).ReadInto(into);
        Assert.Equal([3, 5, 7, 4, 6, 8], into.data<float>().ToArray());
        var half = ElementType.All.Single(type => type.Name == "F16");
        StoredTensor.Whole("file", half, [2, 3], bytes => MemoryMarshal.Cast<byte, Half>(bytes).Fill((Half)0.25f)).ReadInto(into);
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f], into.data<float>().ToArray());
        StoredTensor.Whole("file", Single, [0, 3], _ => Assert.Fail("nothing is stored")).ReadInto(zeros([0, 3], float32));
    }

    [Fact]
    public void A_network_is_read_without_arrays_of_its_size()
    {
        using var folder = new TemporaryFolder();
        const int Vocabulary = 30_000, Width = 32;
        var shape = new DditShape(Vocabulary, Blocks: 1, Width, Heads: 2, ConditionWidth: 4, Conditioning.Constant);
        using (var network = new Ddit(shape, RandomStream.Root(1)))
            SafetensorsWriter.Write(folder["model.safetensors"],
                [.. network.named_parameters().Select(entry => ($"backbone.{entry.name}", (Tensor)entry.parameter))]);
        File.WriteAllText(folder["config.json"], new JsonObject
        {
            ["model_type"] = "mdlm", ["vocab_size"] = Vocabulary, ["model_length"] = 8, ["hidden_dim"] = Width, ["cond_dim"] = 4,
            ["n_blocks"] = 1, ["n_heads"] = 2, ["time_conditioning"] = false,
        }.ToJsonString());
        using var checkpoint = Checkpoint.Open(folder.Path);
        List<Problem> problems = [];
        var published = PublishedNetwork.Of(checkpoint, named: null, problems);
        Assert.Empty(problems);
        published!.Load(averages: false).Dispose(); // once for what is made once
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var read = published.Load(averages: false);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, shape.Parameters * sizeof(float) / 8);
        using var again = new Ddit(shape, RandomStream.Root(1));
        Assert.All(again.parameters().Zip(read.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void First_weights_are_the_draws_of_their_name_however_many_there_are()
    {
        var stream = RandomStream.Root(5);
        using var weights = Initial.Uniform(stream, 0.3, 300, 301);
        Assert.Equal(
            Enumerable.Range(0, 300 * 301).Select(i => (float)(0.3 * ((2 * stream.Uniform(0, i)) - 1))), weights.data<float>().ToArray());
        using var without = Initial.Uniform(stream: null, 0.3, 2, 2);
        Assert.Equal([0, 0, 0, 0], without.data<float>().ToArray());
    }

    private static void Write(Span<byte> bytes, float[] numbers) => numbers.CopyTo(MemoryMarshal.Cast<byte, float>(bytes));
}
