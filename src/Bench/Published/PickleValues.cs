using System.Collections.Immutable;

namespace Bench.Published;

/// <summary>A dictionary of a pickle, in the order of its keys: a dict, an OrderedDict.</summary>
/// <remarks>Compared by reference: values may be nested deeply, and may contain one another.</remarks>
internal sealed class PickleDict
{
    private readonly Dictionary<string, object?> texts = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<object?, object?>> entries = [];

    /// <summary>All entries.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => entries;

    /// <summary>The value of a text key, or null.</summary>
    public object? this[string key] => texts.GetValueOrDefault(key);

    /// <summary>Whether there is such a text key.</summary>
    public bool Has(string key) => texts.ContainsKey(key);

    /// <summary>Adds an entry.</summary>
    /// <exception cref="FormatException">The key is there already.</exception>
    public void Add(object? key, object? value)
    {
        if (key is string text && !texts.TryAdd(text, value))
            throw new FormatException($"a dictionary with the key '{text}' twice");
        entries.Add(new(key, value));
    }
}

/// <summary>A name that a pickle gives for a Python class or function. Nothing is looked up by it.</summary>
/// <param name="Module">torch._utils</param>
/// <param name="Name">_rebuild_tensor_v2</param>
internal sealed record PickleGlobal(string Module, string Name)
{
    // Module prefixes whose objects occur in the hyperparameters and callbacks of the families' checkpoints. They become inert values.
    private static readonly ImmutableArray<string> InertModules =
        ["omegaconf.", "transformers.", "tokenizers.", "pytorch_lightning.", "lightning.", "lightning_fabric.", "hydra.", "numpy."];

    private static readonly ImmutableArray<string> Inert =
    [
        "collections.defaultdict", "typing.Any", "_codecs.encode", "tokenizers.Tokenizer", "tokenizers.AddedToken", "torch.Size",
        "torch.device", "pathlib.PosixPath", "pathlib.Path", "argparse.Namespace", "numpy.dtype", "numpy.ndarray",
    ];

    private static readonly ImmutableArray<string> Builtins =
        ["dict", "list", "tuple", "set", "frozenset", "int", "long", "float", "bool", "str", "unicode", "bytes", "bytearray", "complex"];

    /// <summary>torch._utils._rebuild_tensor_v2</summary>
    public override string ToString() => $"{Module}.{Name}";

    /// <summary>collections.OrderedDict, which state dicts are.</summary>
    public bool IsOrderedDict => ToString() == "collections.OrderedDict";

    /// <summary>The function that a tensor is written as a call of.</summary>
    public bool IsRebuiltTensor => ToString() == "torch._utils._rebuild_tensor_v2";

    /// <summary>The function that a parameter is written as a call of.</summary>
    public bool IsRebuiltParameter => ToString() == "torch._utils._rebuild_parameter";

    /// <summary>The element type of a storage class; null for any other name.</summary>
    public ElementType? Storage => Module == "torch" ? ElementType.All.FirstOrDefault(type => type.Storage == Name) : null;

    /// <summary>Whether the name is on the closed list of those whose objects are kept as inert values.</summary>
    public bool IsInert =>
        !Name.Contains('.', StringComparison.Ordinal)
        && (InertModules.Any(prefix => Module.StartsWith(prefix, StringComparison.Ordinal))
            || Inert.Contains(ToString(), StringComparer.Ordinal)
            || (Module is "__builtin__" or "builtins" && Builtins.Contains(Name, StringComparer.Ordinal)));
}

/// <summary>An object of a class that means nothing here: name, arguments and state are kept, nothing is called.</summary>
/// <param name="of">The class, or the function whose result it would be.</param>
/// <param name="arguments">What it would be called with.</param>
internal sealed class PickleObject(PickleGlobal of, object?[] arguments)
{
    /// <inheritdoc cref="PickleObject" path="/param[@name='of']"/>
    public PickleGlobal Of => of;

    /// <inheritdoc cref="PickleObject" path="/param[@name='arguments']"/>
    public object?[] Arguments => arguments;

    /// <summary>Its attributes, or null.</summary>
    public object? State { get; set; }
}

/// <summary>A storage that a pickle refers to.</summary>
/// <param name="Key">Name of its record below data/.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Count">Elements.</param>
internal sealed record PickleStorage(string Key, ElementType Type, long Count);
