using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Experiments.Keys;

namespace Bench.Experiments.Components;

/// <summary>One kind of a noun: how it is written and what is made of it.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Type">What is made, in the end.</param>
/// <param name="Doc">What it is, in a sentence.</param>
/// <param name="Section">Its parameters.</param>
/// <param name="Make">Makes it; an <see cref="ArgumentException"/> is the reason why it cannot be made.</param>
/// <param name="Tell">The parameters of one, in the order of the keys; null where it has none, or where it tells them by itself.</param>
internal sealed record ComponentRow<T>(string Kind, Type Type, string Doc, Section Section, Func<Values, T> Make, Func<T, object?[]>? Tell = null)
{
    /// <summary>Why it does not go with the other nouns, in words; null where it does.</summary>
    public Func<T, DiffusionSetup, string?> Refuses { get; init; } = (_, _) => null;

    /// <summary>How one is written.</summary>
    public JsonObject Write(T value) => ComponentKind<T>.Written(Kind, Section.Keys.Zip(Tell?.Invoke(value) ?? [], (key, told) => KeyValuePair.Create(key.Name, told)));
}
