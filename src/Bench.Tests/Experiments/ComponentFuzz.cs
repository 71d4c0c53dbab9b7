using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Kernels;
using Bench.Methods;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Sampling;
using Bench.Tests.Sampling;
using Bench.Tests.Training;
using Xunit;
using static TorchSharp.TensorExtensionMethods;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments;

/// <summary>Five components drawn at random either do not go together, which is said before anything runs, or they train.</summary>
public sealed class ComponentFuzz
{
    private const int Length = 8;
    private const int Combinations = 2000;
    private const int MostTrained = 60;

    [Fact]
    public void Accepted_components_have_a_finite_loss_a_finite_gradient_and_samples()
    {
        var random = new Dice(1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int refused = 0;
        for (int i = 0; i < Combinations && seen.Count < MostTrained; i++)
        {
            var report = new Diagnostics("x");
            var entry = new MethodEntry(null, Draw(random));
            if (new MethodReader(report).Read(entry, "method", TinyTask.Vocabulary, Length, Length) is not NetworkMethod method)
            {
                refused++;
                Assert.NotEqual(0, report.Count);
            }
            else if (seen.Add($"{method.Noise.GetType()} {method.Path.Kind} {method.Loss.Kind} {method.Sampler.GetType()}"))
            {
                Trains(method);
            }
        }

        Assert.InRange(refused, 1, Combinations);
        Assert.InRange(seen.Count, MostTrained / 2, MostTrained);
    }

    private static void Trains(NetworkMethod method)
    {
        string components = method.Composition!;
        var setup = method.Setup(TinyTask.Vocabulary, Length);
        using var network = new Ddit(
            new DditShape(TinyTask.Vocabulary.Size, Blocks: 1, Width: 16, Heads: 2, ConditionWidth: 8, method.View.Conditioning),
            RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        network.train();
        double[] levels = [0.01, 0.3, 0.6, 0.99];
        var batch = new ExampleBatch(
            [.. Enumerable.Range(0, levels.Length * Length)
                .Select(at => (long)((at * at) + (at / Length)) % TinyTask.Vocabulary.TokenCount)],
                [.. Enumerable.Range(0, levels.Length).Select(row => (long)row)]);
        foreach (var objective in new[] { method.Objective(setup), method.Objective(setup).ForLikelihood,
            method.Objective(setup).ForLikelihood.Reconstruction }.OfType<Bench.Objectives.IObjective>())
        {
            using var scope = NewDisposeScope();
            var loss = objective.PerPosition(network, batch, levels, RandomStream.Root(3), CPU).mean();
            Assert.True(double.IsFinite(loss.ToDouble()), $"{objective.Name} is {loss.ToDouble()}: {components}");
            Backpropagation.Run(loss);
            Assert.All(network.named_parameters().Where(entry => entry.parameter.grad is not null),
                entry => Assert.True(double.IsFinite(entry.parameter.grad!.abs().sum().ToDouble()),
                    $"the gradient of {entry.name} is not finite: {components}"));
        }

        network.eval();
        int[] text = Assert.Single(method.Sampler.Generate(network, setup, 1, RandomStream.Root(4)).Sequences);
        Assert.All(text, token => Assert.InRange(token, 0, TinyTask.Vocabulary.TokenCount - 1));
    }

    private static Mapping Draw(Dice random)
    {
        var section = new Mapping(1, 1, [new(Text("name"), Text("drawn"))]);
        // Half of the components of a row, so that not all of them quarrel.
        if (random.Next(4) > 0)
            section = section.With(Text("from"), Text(Pick(random, [.. MethodTable.All.OfType<NetworkMethod>().Select(row => row.Name)])));
        bool all = section["from"] is null;
        Add("noise", () => Component(NoiseKinds.All.Rows, random));
        Add("schedule", () => Component(ScheduleKinds.All.Rows, random));
        Add("hyperschedule", () => Component(HyperscheduleKinds.All.Rows, random));
        Add("objective", () => Component(ObjectiveKinds.All.Rows, random));
        Add("view", () => Keys(ViewKeys.Section, random));
        Add("sampler", () => Text(Pick(random, SamplerTable.Names)));
        return section;

        void Add(string component, Func<Node> draw)
        {
            if (all || random.Next(3) == 0)
                section = section.With(Text(component), draw());
        }
    }

    private static Mapping Component<T>(IReadOnlyList<ComponentRow<T>> rows, Dice random)
    {
        var row = Pick(random, rows);
        var keys = Keys(row.Section, random);
        return keys with { Entries = keys.Entries.Insert(0, new(Text("kind"), Text(row.Kind))) };
    }

    private static Mapping Keys(Section section, Dice random)
    {
        var drawn = new Mapping(1, 1, []);
        foreach (var key in section.Keys.Where(key => key.IsRequired || random.Next(2) == 0))
            drawn = drawn.With(Text(key.Name), Value(key, random));
        return drawn;
    }

    private static Node Value(Key key, Dice random) => key switch
    {
        Key<int> { Name: "words" } => Text("4"),
        Key<int> => Text(Pick(random, ["1", "2", "3", "4", "8"])),
        Key<double> => Text(Pick(random, ["0", "0.01", "0.1", "0.5", "0.9", "1", "2", "10"])),
        Key<bool> => Text(Pick(random, ["true", "false"])),
        Key<AttentionKind> => Text(Pick(random, ["full", "causal"])),
        Key<Conditioning> => Text(Pick(random, ["absent", "constant", "sigma", "time"])),
        { Name: "levels" } =>
            new Sequence(1, 1,
                [.. Enumerable.Range(0, 3).Select(step => new Sequence(1, 1, [.. Enumerable.Repeat(Text($"{2 - step}"), Length)]))]),
        { Name: "masking" } => Text(Pick(random, ["independent", "exact-count"])),
        _ => Text(Pick(random, ["dynamic", "clipped", "released-dynamic"])),
    };

    private static Scalar Text(string text) => new(1, 1, text, IsPlain: true);

    private static T Pick<T>(Dice random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
