namespace Bench.Kernels;

/// <summary>Which of the suite's own kernels are used where they can be: all, unless the environment's BENCH_FUSED says which.</summary>
public static class KernelSwitch
{
    private const string Variable = "BENCH_FUSED", Nothing = "0";
    private static readonly string? Written = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Each by itself, and its name.</summary>
    public static IReadOnlyList<(OwnKernels Kernel, string Name)> Each { get; } =
    [
        (OwnKernels.Attention, "attention"), (OwnKernels.Normalise, "normalise"), (OwnKernels.Gelu, "gelu"),
        (OwnKernels.CrossEntropy, "cross-entropy"), (OwnKernels.AdamW, "adamw"), (OwnKernels.Linear, "linear"),
    ];

    /// <summary>Those in use.</summary>
    public static OwnKernels Used { get; set; } = Parse(Written) ?? OwnKernels.All;

    /// <summary>What is wrong with the environment variable's value, and what to write; null where nothing is.</summary>
    public static (string What, string Fix)? Problem =>
        Parse(Written) is null
            ? ($"'{Written}' names no kernels",
                $"Unset it for all of them, set it to {Nothing} for none, or name those to use: " +
                    $"{string.Join(',', Each.Select(kernel => kernel.Name))}.") : null;

    /// <summary>Whether one is in use.</summary>
    public static bool Uses(OwnKernels kernel) => (Used & kernel) == kernel;

    /// <summary>Reads names with commas between them; nothing is all of them and 0 is none.</summary>
    /// <returns>Null where one of the names is none.</returns>
    public static OwnKernels? Parse(string? names)
    {
        string[] each = (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (each is [])
            return OwnKernels.All;
        if (each is [Nothing])
            return OwnKernels.None;
        var found = each.Select(name => Each.FirstOrDefault(kernel => kernel.Name == name).Kernel).ToArray();
        return found.Contains(OwnKernels.None) ? null : found.Aggregate((all, one) => all | one);
    }

    /// <summary>Some of them as text: their names, or that they are all or none.</summary>
    public static string Describe(OwnKernels kernels) => kernels switch
    {
        OwnKernels.All => "all",
        OwnKernels.None => "none",
        _ => string.Join(',', Each.Where(each => kernels.HasFlag(each.Kernel)).Select(each => each.Name)),
    };
}

/// <summary>Kernels of the suite's own; each stands for a chain of tensor operators, which is what runs where it is turned off.</summary>
[Flags]
public enum OwnKernels
{
    /// <summary>Tensor operators alone.</summary>
    None = 0,

    /// <summary>Rotary attention.</summary>
    Attention = 1,

    /// <summary>The gated residual, normalised and modulated.</summary>
    Normalise = 2,

    /// <summary>GELU with its bias.</summary>
    Gelu = 4,

    /// <summary>Cross-entropy from the head's product.</summary>
    CrossEntropy = 8,

    /// <summary>Clipping, AdamW and the moving average of the weights.</summary>
    AdamW = 16,

    /// <summary>Linear layers in float32 that no gradient is recorded of.</summary>
    Linear = 32,

    /// <summary>Every one.</summary>
    All = 63,
}
