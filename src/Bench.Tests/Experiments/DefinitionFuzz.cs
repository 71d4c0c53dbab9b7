using System.Collections.Immutable;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;
using Bench.Results.Runs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Malformed and unlikely definitions: none crashes the reader, and none is accepted with another meaning.</summary>
public sealed class DefinitionFuzz
{
    private static readonly string Whole = Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]",
        "[ngram-1, mdlm, { name: mine, from: gamma-slide, noise: { kind: gamma-hybrid, gamma: 0.05 }, hyperschedule: { kind: slide, "
            + "width: 8, rate: 2 } }]", StringComparison.Ordinal)
        + "\nsweep: { model.width: [32, 64], training.learning-rate: [1e-3] }\nscorer: { model: { blocks: 1 }, training: { steps: 5 } "
        + "}\nseeds: [1, 2]";

    private static readonly string[] Words =
    [
        "name", "data", "corpus", "markov", "method", "methods", "mdlm", "model", "width", "training", "steps", "tokens", "minutes",
        "sweep", "profile", "seeds", "noise", "kind", "gamma", "from",
        "0", "-1", "1e308", "1e309", "9223372036854775808", "0x10", ".5", "5.", "NaN", ".inf", "true", "null", "~", "", "a b", "\u2028",
        "é", "\uFEFF", "😀", "'", "\"", "\\", "#", "- x", ": ",
    ];

    private static readonly Gen<Node> Trees = Gen.Sized(size => Tree(Math.Min(size, 30)));

    [Fact]
    public void No_bytes_crash_the_reader()
    {
        using var place = new Workplace();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), bytes =>
        {
            File.WriteAllBytes(place["definition.yaml"], bytes);
            return Holds(place);
        }));
    }

    [Fact]
    public void No_tree_crashes_the_reader()
    {
        using var place = new Workplace();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Trees.ToArbitrary(), tree => Holds(place, tree)));
    }

    [Fact]
    public void A_written_record_is_read_back_unchanged()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Trees.ToArbitrary(), tree =>
        {
            var section = new Mapping(1, 1, [new(Word("top"), tree)]);
            var report = new Diagnostics("x");
            var again = TreeReader.Read(YamlText.Of(section), report);
            if (again is null || NodeJson.Text(again) != NodeJson.Text(section))
                throw new InvalidOperationException($"{YamlText.Of(section)}\n{string.Join('\n', report.Problems)}");
            return true;
        }));
    }

    [Fact]
    public void No_change_to_a_definition_is_accepted_as_something_else()
    {
        using var place = new Workplace();
        var definition = (Mapping)TreeReader.Read(Whole, new Diagnostics("x"))!;
        Assert.True(Holds(place, definition));
        Assert.NotEmpty(place.Read(YamlText.Of(definition)).Runs);
        var changes =
            from count in Gen.Choose(1, 2) from seeds in Gen.Choose(0, int.MaxValue - 1).ArrayOf(count) from tree in Trees
                from word in Gen.Elements(Words) select (seeds, tree, word);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(changes.ToArbitrary(), change =>
        {
            Node changed = definition;
            foreach (int seed in change.seeds)
                changed = Change(changed, new Dice(seed), change.tree, change.word);
            return Holds(place, changed);
        }));
    }

    [Theory]
    [InlineData("width: 32", "width: &w 32")]
    [InlineData("width: 32", "width: *w")]
    [InlineData("name: tiny", "name: tiny\n\tquestion: x")]
    [InlineData("name: tiny", "? [name, tiny]\n: x\nname: tiny")]
    [InlineData("name: tiny", "<<: { name: tiny }")]
    [InlineData("name: tiny", "name: !!str tiny")]
    public void Features_of_YAML_that_definitions_do_not_use_are_refused_with_their_place(string from, string to)
    {
        using var place = new Workplace();
        Assert.All(place.Read(Whole.Replace(from, to, StringComparison.Ordinal)).Problems,
            problem => Assert.Matches(@":\d+:\d+$", problem.Where));
        Assert.NotEmpty(place.Read(Whole.Replace(from, to, StringComparison.Ordinal)).Problems);
    }

    private static bool Holds(Workplace place, Node tree)
    {
        place.Write("definition.yaml", tree is Mapping section ? YamlText.Of(section) : YamlText.Inline(tree));
        return Holds(place);
    }

    private static bool Holds(Workplace place)
    {
        string file = place["definition.yaml"];
        byte[] bytes = File.ReadAllBytes(file);
        var reading = DefinitionReader.Load(file);
        if (!reading.Problems.All(problem => problem is { Where.Length: > 0, What.Length: > 0, Fix.Length: > 0 })
            || reading.Runs.IsEmpty == reading.Problems.IsEmpty)
            return false;
        if (reading.Runs.IsEmpty)
            return true;
        if (Missing((Mapping)TreeReader.Read(File.ReadAllText(file), new Diagnostics(file))!, reading.Runs) is { } missing)
            throw new InvalidOperationException($"{missing} was written, accepted, and is nowhere in the runs");
        string shown = DefinitionReader.Show(file).Text;
        var again = DefinitionReader.Load(place.Write("shown.yaml", shown));
        File.WriteAllBytes(file, bytes);
        return Ids(reading).SequenceEqual(Ids(again))
            ? true
            : throw new InvalidOperationException($"what is shown are other runs:\n{shown}\n{string.Join('\n', again.Problems)}");
    }

    // A number that was written under model, training, evaluation or sampling is a number of some run, and so is every component's.
    private static string? Missing(Mapping written, ImmutableArray<RunSpec> runs)
    {
        RunDefinition[] definitions = [.. runs.Select(run => run.Definition("hash"))];
        string[] swept = [.. (written["sweep"] as Mapping)?.Entries.Select(entry => entry.Key.Text) ?? []];
        foreach (string name in new[] { "model", "training", "evaluation", "sampling" })
        {
            foreach (var (key, value) in (written[name] as Mapping)?.Entries ?? [])
            {
                string path = $"{name}.{key.Text}";
                if (path is "training.tokens" || swept.Contains(path) || swept.Contains(name) || value is Sequence { Items.IsEmpty: true }
                    || (name == "sampling" && key.Text is "samplers" or "step-counts")
                    || key.Text == "zero-shot-sequences" || runs.All(run => run.Training is null)
                    || (name == "sampling" && runs.All(run => run.Sampling.Count == 0)))
                    continue;
                string text = CanonicalJson.Compact(System.Text.Json.JsonSerializer.SerializeToElement(NodeJson.Of(value))).Trim('"');
                if (!definitions.Any(definition => definition.Text(path) == text))
                    return $"{path} {text}";
            }
        }

        return null;
    }

    private static IEnumerable<string> Ids(Reading reading) => reading.Runs.Select(run => RunId.Of(run.Definition("hash"), "hash"));

    private static Scalar Word(string text) => new(1, 1, text, IsPlain: true);

    private static Gen<Node> Tree(int size)
    {
        var leaf = from text in Gen.Elements(Words) from plain in Gen.Elements(true, false) select (Node)new Scalar(1, 1, text, plain);
        if (size <= 1)
            return leaf;
        var inner = Tree(size / 3);
        var list = from items in inner.ArrayOf() select (Node)new Sequence(1, 1, [.. items.Take(6)]);
        var section = from keys in Gen.Elements(Words).ArrayOf() from values in inner.ArrayOf()
                      select (Node)new Mapping(1, 1,
                          [.. keys.Distinct(StringComparer.Ordinal).Zip(values, (key, value) => new Entry(Word(key), value)).Take(6)]);
        return Gen.OneOf(leaf, list, section);
    }

    // Goes down to some place and puts something else there: nothing, itself twice, another name, another tree, a word, itself a few levels
    // deeper.
    private static Node Change(Node node, Dice random, Node tree, string word)
    {
        if (node is Mapping { Entries.IsEmpty: false } section)
        {
            int at = random.Next(section.Entries.Length);
            var (key, value) = section.Entries[at];
            if (value is Mapping or Sequence && random.Next(4) > 0)
                return section with { Entries = section.Entries.SetItem(at, new(key, Change(value, random, tree, word))) };
            return random.Next(4) switch
            {
                0 => section with { Entries = section.Entries.RemoveAt(at) },
                1 => section with { Entries = section.Entries.Add(new(key, value)) }, // twice
                2 => section with { Entries = section.Entries.SetItem(at,
                    new(Word(random.Next(2) == 0 || key.Text.Length == 0 ? word : key.Text[1..] + key.Text[0]), value)) },
                _ => section with { Entries = section.Entries.SetItem(at,
                    new(random.Next(50) == 0 ? Word(new string('k', 5000)) : key, Other(value, random, tree, word))) },
            };
        }

        if (node is not Sequence { Items.IsEmpty: false } list)
            return Other(node, random, tree, word);
        int place = random.Next(list.Items.Length);
        return list with { Items = random.Next(3) == 0
            ? list.Items.Add(list.Items[place])
            : list.Items.SetItem(place, Change(list.Items[place], random, tree, word)) };
    }

    private static Node Other(Node node, Dice random, Node tree, string word) => random.Next(6) switch
    {
        0 => tree,
        1 => new Sequence(1, 1, [node]),
        2 => Enumerable.Range(0, random.Next(1, 40)).Aggregate(node, (inner, _) => new Mapping(1, 1, [new(Word("deep"), inner)])),
        3 when node is Scalar scalar => scalar with { IsPlain = !scalar.IsPlain },
        4 => Word(random.Next(1, 50).ToString()),
        _ => Word(word),
    };
}
